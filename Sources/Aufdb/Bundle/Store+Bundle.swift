// Bundles as the library offers them: making one, applying one, making a store of one.

import Glibc

/// What was put into a bundle.
public struct BundleReport: Sendable, Equatable {
  public var refs: [BundleRef]
  public var commitCount: Int
  public var sizeBytes: Int
}

/// How to apply a bundle.
public struct BundleOptions: Sendable {
  /// The bundle; `-` is standard input.
  public var path: String
  /// The name that its only branch gets; nil for its own.
  public var newName: RefName?
  /// Only find out what would happen.
  public var isDryRun: Bool

  public init(_ path: String, as newName: RefName? = nil, isDryRun: Bool = false) {
    self.path = path
    self.newName = newName
    self.isDryRun = isDryRun
  }
}

extension Store {
  /// Writes a bundle to a new file, or nothing.
  ///
  /// - Parameters:
  ///   - force: whether a bundle of that name is replaced.
  ///   - progress: called with the commits done, and all of them.
  /// - Throws: `.refused` for an unknown revision, a pruned commit, a bundle of nothing, or a file that exists.
  public func createBundle(
    _ selection: BundleSelection, at path: String, force: Bool = false, progress: ((Int, Int) -> Void)? = nil
  ) throws -> BundleReport {
    do {
      var file = try BundleFile(at: path, force: force)
      let report = try writeBundle(selection, progress: progress) { try file.write($0) }
      try file.publish()
      return report
    } catch {
      throw AufdbError.from(error)
    }
  }

  /// Writes a bundle.
  ///
  /// - Parameter drain: takes its bytes, in order; what it throws comes out as it is.
  public func writeBundle(
    _ selection: BundleSelection, progress: ((Int, Int) -> Void)? = nil,
    to drain: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> BundleReport {
    try lending(to: drain) { drain in
      try withoutActuallyEscaping(drain) { drain in
        try read { connection in
          let plan = try connection.bundlePlan(selection)
          let sizeBytes = try BundleEncoder.write(plan, in: connection, progress: progress, to: drain)
          return BundleReport(refs: plan.header.refs, commitCount: plan.commits.count, sizeBytes: sizeBytes)
        }
      }
    }
  }

  /// Takes a bundle in, whole or not at all.
  ///
  /// - Parameter progress: called with the bytes of the file that were read, and all of them, if that is known.
  /// - Throws: `.refused` where a branch has gone another way here, a tag is at another commit, or the store lacks what
  ///   the bundle goes on from; `.badData` for one that is damaged, or whose commits aren't what their ids say.
  public func applyBundle(
    _ options: BundleOptions, progress: ((Int, Int?) -> Void)? = nil
  ) throws -> TransferReport {
    let reader = try Self.open(options)
    func isKept(_ report: TransferReport) -> Bool { !options.isDryRun && report.changesStore }
    return try commit(keep: isKept) { connection in
      try BundleReceiver(reader, in: connection, progress: progress).receive(
        options.rules, listsCommits: options.isDryRun)
    }
  }

  /// Takes a bundle into the store at `path`, which is made if nothing is there.
  ///
  /// - Parameters:
  ///   - waitSeconds: how long to wait for another writer.
  ///   - command: what others are told that this one is doing.
  public static func applyBundle(
    _ options: BundleOptions, toStoreAt path: String, waitSeconds: Double, command: String,
    progress: ((Int, Int?) -> Void)? = nil
  ) throws -> TransferReport {
    var status = stat()
    guard lstat(path, &status) != 0, errno == ENOENT else {
      let store = try Store(path, for: .writing(waitSeconds: waitSeconds, command: command))
      return try store.applyBundle(options, progress: progress)
    }
    return try create(at: path, from: options, progress: progress)
  }

  /// Thrown to leave the making of a store without one.
  private struct DryRun: Error {
    let report: TransferReport
  }

  /// Makes a store of a bundle; its current branch is the sender's, if that came with it.
  private static func create(
    at path: String, from options: BundleOptions, progress: ((Int, Int?) -> Void)?
  ) throws -> TransferReport {
    let reader = try open(options)
    let branches = reader.header.branches
    guard let first = branches.first(where: { $0.name == reader.header.currentBranch }) ?? branches.first else {
      throw AufdbError(.refused, "no store can be made of a bundle without a branch", hint: "apply it to a store")
    }
    var report = TransferReport()
    do {
      try StoreFile.create(path) { connection in
        try connection.executeScript("PRAGMA cache_size = -16384")
        try connection.execute(
          "UPDATE setting SET value = ?1 WHERE name = 'current_branch'",
          .text(options.newName?.description ?? first.name))
        report = try BundleReceiver(reader, in: connection, progress: progress).receive(
          options.rules, listsCommits: options.isDryRun)
        if options.isDryRun { throw DryRun(report: report) }
      }
    } catch let error as DryRun {
      return error.report
    } catch {
      throw AufdbError.from(error)
    }
    return report
  }

  private static func open(_ options: BundleOptions) throws -> BundleReader {
    let reader = try BundleReader(BundleSource(path: options.path))
    let count = reader.header.branches.count
    guard options.newName == nil || count == 1 else {
      throw AufdbError(
        .usage, "the bundle has \(count) branches, and only one can come under another name",
        hint: "make a bundle of the one branch")
    }
    return reader
  }
}

extension BundleOptions {
  fileprivate var rules: ArrivalRules {
    ArrivalRules(newName: newName) { _ in "bring it in beside yours with --as NAME; then `aufdb merge` joins the two" }
  }
}
