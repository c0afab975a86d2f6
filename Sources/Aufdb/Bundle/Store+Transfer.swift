// Push and pull: what one store has and another lacks, moved through a bundle that has no name. The store that is read is
// only read; the one that is written gets all of it in one transaction, or nothing.

import Glibc

/// What to move between two stores.
public struct TransferOptions: Sendable {
  /// The branch; nil for the current one of the store that was named first.
  public var branch: String?
  /// Whether all tags go with it.
  public var includesTags: Bool
  /// Only find out what would happen.
  public var isDryRun: Bool

  public init(branch: String? = nil, includesTags: Bool = false, isDryRun: Bool = false) {
    self.branch = branch
    self.includesTags = includesTags
    self.isDryRun = isDryRun
  }
}

/// What a pull did, or would do.
public struct PullReport: Sendable, Equatable {
  public var branch: String
  public var arrived: TransferReport
  /// What became of the branch where both stores had gone on; nil where it was just moved on.
  public var merge: MergeOutcome?

  /// Whether the store has something that it hadn't.
  public var changesStore: Bool { merge.map { $0.changesStore } ?? arrived.changesStore }
}

extension Store {
  /// Sends to another store what it lacks of a branch, and moves that branch on there; it is made if it is missing.
  ///
  /// - Parameter other: open for writing.
  /// - Throws: `.refused` where the branch has gone another way there, or there is no such branch here.
  public func push(
    to other: Store, _ options: TransferOptions, progress: ((Int, Int?) -> Void)? = nil
  ) throws -> TransferReport {
    try requireDifferentFile(other)
    let rules = ArrivalRules { _ in "pull first: `aufdb pull STORE OTHER` brings in what the other store has" }
    func isKept(_ report: TransferReport) -> Bool { !options.isDryRun && report.changesStore }
    return try other.commit(keep: isKept) { connection in
      try connection.fetch(from: self, options, rules, beside: other.path, progress: progress).report
    }
  }

  /// Brings in what this store lacks of another one's branch, and moves the branch on, or merges where both have gone
  /// on; it is made if it is missing.
  ///
  /// - Parameters:
  ///   - other: open for reading.
  ///   - preferred: whose row is right where both changed it; nil to change nothing then.
  ///   - onConflict: is lent each conflict.
  /// - Throws: `.refused` where there is no such branch there, or the two have no commit in common.
  public func pull(
    from other: Store, _ options: TransferOptions, preferring preferred: MergeSide? = nil, context: CommitContext,
    progress: ((Int, Int?) -> Void)? = nil, onConflict: (MergeConflict) throws -> Void
  ) throws -> PullReport {
    try requireDifferentFile(other)
    func isKept(_ report: PullReport) -> Bool { !options.isDryRun && report.changesStore }
    return try lending(to: onConflict) { onConflict in
      try commit(keep: isKept) { connection in
        var options = options
        let branch = try options.branch ?? connection.currentBranch()
        options.branch = branch
        let received = try connection.fetch(
          from: other, options, ArrivalRules(), beside: path, progress: progress)
        var report = PullReport(branch: branch, arrived: received.report)
        if let diverged = received.branches.first(where: \.isDiverged) {
          let outcome = try connection.mergeFetched(
            diverged, from: other.path, preferring: preferred, context: context, onConflict: onConflict)
          if outcome.changesStore { try received.settle(merged: diverged) }
          report.merge = outcome
        }
        return report
      }
    }
  }

  private func requireDifferentFile(_ other: Store) throws {
    var (mine, theirs) = (stat(), stat())
    guard stat(path, &mine) == 0, stat(other.path, &theirs) == 0 else { return }
    guard mine.st_ino != theirs.st_ino || mine.st_dev != theirs.st_dev else {
      throw AufdbError(.refused, "\(other.path) is the same store", hint: "name two different ones")
    }
  }
}

extension Connection {
  /// Receives, inside a write transaction, what another store has of a branch and this one lacks.
  ///
  /// - Parameters:
  ///   - options: with a branch of `sender`; nil for its current one.
  ///   - path: a file in whose folder there is room for what comes, compressed.
  func fetch(
    from sender: Store, _ options: TransferOptions, _ rules: ArrivalRules, beside path: String,
    progress: ((Int, Int?) -> Void)? = nil
  ) throws -> BundleReceiver {
    let scratch = try ScratchFile(beside: path)
    let known = try statement("SELECT 1 FROM commit_log WHERE id = ?1")
    try sender.read { other in
      let branch = try options.branch ?? other.currentBranch()
      _ = try other.branchTip(branch)
      let tags = try other.all("SELECT name FROM ref WHERE kind = 'tag' ORDER BY name") { $0.string(0) }
      let refs = try other.namedRefs([branch] + (options.includesTags ? tags : []))
      let plan = try BundlePlan(
        refs,
        isKnown: { _, id in
          known.bind(1, .blob(id.bytes))
          defer { known.reset() }
          return try known.step()
        }, in: other)
      _ = try BundleEncoder.write(plan, in: other) { try scratch.write($0) }
    }
    let receiver = try BundleReceiver(
      BundleReader(BundleSource(scratch: scratch.reading())), in: self, progress: progress)
    try receiver.receive(rules, listsCommits: options.isDryRun)
    return receiver
  }

  /// Merges what was fetched into the branch of the same name, in the same transaction.
  func mergeFetched(
    _ fetched: ArrivingBranch, from path: String, preferring preferred: MergeSide?, context: CommitContext,
    onConflict: (MergeConflict) throws -> Void
  ) throws -> MergeOutcome {
    var context = context
    context.branch = fetched.name
    let file = path.split(separator: "/").last.map { String($0) } ?? path
    context.message = context.message ?? "Merge \(fetched.name) of \(file)"
    return try merge(
      MergeOptions(Revision(commit(fetched.tip).id.description), preferring: preferred), context: context,
      onConflict: onConflict)
  }
}
