// The history of rows as a model of a store has it: read off what its commits did, one after the other.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// Every version of every row of a modelled store.
struct ModelHistory {
  struct Version {
    let row: ModelRow
    let born: ModelCommit
    /// The numbers of the commits that retired it.
    var retirers: [Int64] = []
  }

  struct Event {
    let commit: ModelCommit
    let change: RowChange
  }

  private(set) var versions: [Version] = []
  private let modelled: ModelledStore

  init(_ modelled: ModelledStore) {
    self.modelled = modelled
    // Which version of each key a commit sees.
    var seen: [Int64: [String: Int]] = [:]
    for commit in modelled.history {
      var state = commit.parents.first.flatMap { seen[$0] } ?? [:]
      for row in commit.change.retired {
        guard let version = state.removeValue(forKey: Self.name(row)) else { continue }
        versions[version].retirers.append(commit.sequence)
      }
      for row in commit.change.added {
        state[Self.name(row)] = versions.count
        versions.append(Version(row: row, born: commit))
      }
      seen[commit.sequence] = state
    }
  }

  private static func name(_ row: ModelRow) -> String { "\(row.relation) \(row.key)" }

  /// The keys of a relation that there ever were, each once.
  func keys(_ relation: Relation) -> [[SQLValue]] {
    var keys: [String: [SQLValue]] = [:]
    for version in versions where version.row.relation == relation {
      keys[version.row.key] = relation.key(of: version.row.sqlValues)
    }
    return keys.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The numbers of a commit and its ancestors; of all commits for nil.
  func commits(_ tip: ModelCommit?) -> Set<Int64> {
    guard let tip else { return Set(modelled.history.map(\.sequence)) }
    var (found, waiting): (Set<Int64>, [Int64]) = ([], [tip.sequence])
    while let next = waiting.popLast() {
      if found.insert(next).inserted { waiting += modelled.model(next).parents }
    }
    return found
  }

  /// What the commits did to the rows whose keys begin so, the newest first.
  func events(_ relation: Relation, _ key: [SQLValue], by commits: Set<Int64>) -> [Event] {
    modelled.history.reversed().filter { commits.contains($0.sequence) }.flatMap { commit -> [Event] in
      let change = commit.change
      let rows = (change.retired + change.added).filter {
        $0.relation == relation && relation.key(of: $0.sqlValues).starts(with: key)
      }
      let changes = Set(rows.map(\.key)).map { key in
        RowChange(
          relation, old: change.retired.first { $0.relation == relation && $0.key == key }?.sqlValues,
          new: change.added.first { $0.relation == relation && $0.key == key }?.sqlValues)
      }
      return changes.sorted { SQLValue.precedes($0.key, $1.key) }.map { Event(commit: commit, change: $0) }
    }
  }

  /// The versions that the commits bore of a relation's rows, with the first of them that retired each.
  func versions(_ relation: Relation, by commits: Set<Int64>) -> [(version: Version, retirer: ModelCommit?)] {
    versions.filter { $0.row.relation == relation && commits.contains($0.born.sequence) }.map { version in
      (version, version.retirers.filter(commits.contains).min().map(modelled.model))
    }
  }
}

extension ModelledStore {
  /// A store with a random history of some branches, from old commits too; closed.
  static func withBranches(seed: UInt64, steps: Int) throws -> ModelledStore {
    let modelled = try ModelledStore(seed: seed)
    for _ in 0..<steps {
      if modelled.generator.next() % 7 == 0, modelled.branches.count < 6 {
        let at = try #require(modelled.history.map(\.sequence).randomElement(using: &modelled.generator))
        try modelled.branch("b\(modelled.branches.count)", at: at)
      }
      let branch = try #require(modelled.branches.keys.sorted().randomElement(using: &modelled.generator))
      try modelled.commitRandomly(to: branch, count: 5)
    }
    modelled.close()
    return modelled
  }
}

extension ModelCommit {
  var revision: Revision {
    get throws { try Revision(id.description) }
  }

  /// The time as the view `commits` writes it.
  var time: String {
    Commit(
      id: id, parents: [], author: author, milliseconds: milliseconds, message: message, operation: operation,
      changes: [], isPruned: false, sequence: sequence, changeDigest: []
    ).time
  }
}
