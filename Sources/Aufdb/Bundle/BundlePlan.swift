// Deciding what goes into a bundle: the commits that some branches and tags descend from, less those that the receiver
// has.

/// What a bundle is to hold.
struct BundlePlan {
  var header: BundleHeader
  /// The numbers of its commits, parents before children.
  var commits: [Int64] = []

  /// - Parameter isKnown: whether the receiver has a commit; then it has its ancestors, too.
  /// - Throws: `.refused` for a commit whose rows are not all there.
  /// - Complexity: linear in the number of commits that the receiver lacks.
  init(
    _ refs: [(ref: BundleRef, commit: Int64)], isKnown: (Int64, CommitID) throws -> Bool, in connection: Connection
  ) throws {
    header = BundleHeader(currentBranch: try connection.currentBranch(), prerequisites: [], refs: refs.map(\.ref))
    let ids = try connection.statement("SELECT id, pruned FROM commit_log WHERE seq = ?1")
    let parents = try connection.statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1")
    var met: Set<Int64> = []
    var pruned: (number: Int64, id: CommitID)?
    var waiting = refs.map(\.commit)
    while let next = waiting.popLast() {
      guard met.insert(next).inserted else { continue }
      ids.bind(1, next)
      guard try ids.step() else { throw AufdbError(.badData, "the store is damaged: a commit is missing") }
      let (id, isPruned) = (CommitID(ids.bytes(0)), ids.integer(1) != 0)
      ids.reset()
      if try isKnown(next, id) {
        header.prerequisites.append(id)
        continue
      }
      if isPruned, next < pruned?.number ?? .max { pruned = (next, id) }
      commits.append(next)
      try parents.forEach(.integer(next)) { waiting.append($0.integer(0)) }
    }
    if let pruned { throw Self.prunedRefusal(pruned.id) }
    // Parents have smaller numbers than their children.
    commits.sort()
  }

  static func prunedRefusal(_ id: CommitID) -> AufdbError {
    AufdbError(
      .refused, "commit \(id.short) was pruned: some of its rows are gone, and it can't be sent",
      hint: "a receiver that has it already doesn't need it: ^\(id.short) leaves it out of a bundle")
  }
}

/// Which branches and tags go into a bundle, and what the receiver is known to have.
public struct BundleSelection: Sendable, Equatable {
  /// Names of branches and tags; empty for all that there are.
  public var names: [String] = []
  /// What the receiver has, with all that it descends from.
  public var excluded: [Revision] = []

  /// Everything.
  public init() {}

  /// Reads what people write: a branch or tag, `^REV` for what the receiver has, or `BASE..BRANCH` for both.
  ///
  /// - Throws: `.usage` for a range without two ends; `.refused` for what can't be a revision.
  public init(_ arguments: [String]) throws(AufdbError) {
    for argument in arguments {
      if argument.hasPrefix("^") {
        excluded.append(try Revision(String(argument.dropFirst())))
      } else if let dots = Self.range(argument) {
        let (base, name) = (String(argument[..<dots.lowerBound]), String(argument[dots.upperBound...]))
        guard !base.isEmpty, !name.isEmpty, !name.hasPrefix("."), !name.hasPrefix("^") else {
          throw AufdbError(.usage, "\(argument.quoted) is not BASE..BRANCH", hint: "for example v1..main")
        }
        excluded.append(try Revision(base))
        names.append(name)
      } else {
        names.append(argument)
      }
    }
  }

  private static func range(_ text: String) -> Range<String.Index>? {
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == ".", next < text.endIndex, text[next] == "." { return index..<text.index(after: next) }
      index = next
    }
    return nil
  }
}

extension Connection {
  /// The plan of a bundle that somebody asked for.
  ///
  /// - Throws: `.refused` for a name that is neither a branch nor a tag, and for a bundle of nothing.
  func bundlePlan(_ selection: BundleSelection) throws -> BundlePlan {
    var known: Set<Int64> = []
    for revision in selection.excluded { known.formUnion(try ancestors(of: resolve(revision))) }
    let refs = try namedRefs(selection.names)
    let plan = try BundlePlan(refs, isKnown: { commit, _ in known.contains(commit) }, in: self)
    guard !plan.commits.isEmpty || refs.contains(where: { $0.ref.kind == .tag }) else {
      throw AufdbError(.refused, "there is nothing to put into the bundle: the receiver has it all already")
    }
    return plan
  }

  /// Branches and tags with their commits; all of them if no names are given.
  func namedRefs(_ names: [String]) throws -> [(ref: BundleRef, commit: Int64)] {
    let current = try currentBranch()
    let all = try self.all(
      "SELECT r.name, r.kind, r.commit_seq, c.id FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq ORDER BY 1"
    ) { row in
      Ref.Kind(rawValue: row.string(1)).map {
        (ref: BundleRef(kind: $0, name: row.string(0), commit: CommitID(row.bytes(3))), commit: row.integer(2))
      }
    }.compactMap(\.self)
    guard !names.isEmpty else { return all }
    var found: [(ref: BundleRef, commit: Int64)] = []
    for name in names.map({ $0 == "HEAD" ? current : $0 }) where !found.contains(where: { $0.ref.name == name }) {
      guard let ref = all.first(where: { $0.ref.name == name }) else {
        throw AufdbError(
          .refused, "a bundle holds branches and tags, and \(name.quoted) is neither",
          hint: "there are: \(all.prefix(20).map(\.ref.name).joined(separator: ", "))")
      }
      found.append(ref)
    }
    return found
  }
}
