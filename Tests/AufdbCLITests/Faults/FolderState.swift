// What stands in a folder of stores and outputs, in a form that can be compared: of a store what its history says.

import Foundation

@testable import Aufdb

/// What a store says, apart from how its file is laid out. A commit's id covers all its rows, and `problems` is what
/// verify finds when it computes every id anew from them: equal ids without problems are equal contents.
struct StoreState: Equatable, Sendable {
  /// Ids in the order in which they were made; of a store of an older format, that format.
  var commits: [String] = []
  var refs: Set<String> = []
  var settings: [String] = []
  var answers: Set<String> = []
  var prunedCount = 0
  var problems: [String] = []

  init(_ path: String) throws {
    do {
      let store = try Store(path, for: .reading)
      (commits, refs, settings, answers) = try store.read { connection in
        (
          try connection.all("SELECT hex(id) FROM commit_log ORDER BY seq") { $0.string(0) },
          Set(
            try connection.all(
              "SELECT r.kind || ' ' || r.name || ' ' || hex(c.id) FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq"
            ) { $0.string(0) }),
          try connection.all("SELECT name || ' ' || value FROM setting WHERE name = 'current_branch'") { $0.string(0) },
          Set(try connection.all("SELECT hex(question) || ' ' || hex(answer) FROM answer") { $0.string(0) })
        )
      }
      let report = try store.verify()
      (prunedCount, problems) = (report.prunedCount, report.problems)
    } catch let error as AufdbError where error.message.contains("has format version") {
      commits = ["format \(try Data(contentsOf: URL(filePath: path))[63])"]
    }
  }

  /// Whether this may be met on the way from one state to another by steps that each are whole: commits in their order,
  /// and answers.
  func isBetween(_ old: StoreState, _ new: StoreState) -> Bool {
    problems.isEmpty && commits.starts(with: old.commits) && new.commits.starts(with: commits)
      && old.answers.isSubset(of: answers) && answers.isSubset(of: new.answers) && settings == old.settings
  }
}

struct FolderState: Equatable, Sendable {
  var stores: [String: StoreState] = [:]
  /// What stands under each other name: a file, or a folder with all that is in it.
  var outputs: [String: [String: Data]] = [:]
  /// Whether an output that is being replaced stands there under another name.
  private var hasReplaced = false

  static func == (one: FolderState, other: FolderState) -> Bool {
    one.stores == other.stores && one.outputs == other.outputs
  }

  /// - Parameters:
  ///   - files: as `FaultyFolder.files` gives them.
  ///   - known: folders whose states are known: a store of the same bytes, without a log, says the same.
  init(_ files: [String: Data], in folder: String, known: [(files: [String: Data], state: FolderState)] = []) throws {
    hasReplaced = files.keys.contains { $0.hasSuffix(".old/") }
    for (path, bytes) in files {
      let name = String(path.prefix { $0 != "/" })
      if name.hasSuffix(".aufdb") {
        let hasLog = files["\(name)-wal"]?.isEmpty == false || files["\(name)-journal"] != nil
        let same = hasLog ? nil : known.first { $0.files[name] == bytes }
        stores[name] = try same?.state.stores[name] ?? StoreState("\(folder)/\(name)")
      } else if !Self.isAside(name) {
        outputs[name, default: [:]][path] = bytes
      }
    }
  }

  /// Whether a name is that of something that belongs to a store, or that a killed process may leave.
  static func isAside(_ name: String) -> Bool {
    name.hasSuffix(".tmp") || name.hasSuffix(".tmp.old") || name.contains(".tmp-") || name.contains(".aufdb-")
  }

  /// What is wrong with it where a verb that leads from `old` to `new` was cut off; nothing if each thing is as before,
  /// or as after it.
  ///
  /// - Parameter isStepwise: whether the verb makes several commits, or keeps answers before its commit.
  func problems(between old: FolderState, _ new: FolderState, isStepwise: Bool) -> [String] {
    var problems: [String] = []
    for name in Set(stores.keys).union(old.stores.keys) {
      let (found, before, after) = (stores[name], old.stores[name], new.stores[name])
      if found == before || found == after { continue }
      if isStepwise, let found, let before, let after, found.isBetween(before, after) { continue }
      problems.append("\(name): \(found.map { "\($0)" } ?? "gone")")
    }
    for name in Set(outputs.keys).union(old.outputs.keys) {
      if outputs[name] == old.outputs[name] || outputs[name] == new.outputs[name] { continue }
      // Replacing takes two renames.
      if outputs[name] == nil, hasReplaced { continue }
      problems.append("\(name) is neither as before nor as after: \(outputs[name]?.mapValues(\.count) ?? [:])")
    }
    // What a commit says was written stands there before it.
    let hasCommit = stores != old.stores && stores == new.stores
    if hasCommit, outputs != new.outputs { problems.append("there is a commit, and not what was written with it") }
    return problems
  }

  /// What differs from another state, in short.
  func differences(from other: FolderState) -> [String] {
    Set(stores.keys).union(other.stores.keys).filter { stores[$0] != other.stores[$0] }
      + Set(outputs.keys).union(other.outputs.keys).filter { outputs[$0] != other.outputs[$0] }
  }
}
