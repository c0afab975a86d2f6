// A store with a rich history, damaged by hand in one place at a time.

import Testing

@testable import Aufdb

/// A made store that every case gets anew.
final class TamperedStore {
  /// The store as it was made, once for all tests.
  private struct Made: Sendable {
    let file: [UInt8]
    let history: [ModelCommit]
    let branches: [String: ModelledStore.Branch]
  }

  private static let made = Result { try make() }

  let folder: ScratchFolder
  let history: [ModelCommit]
  let branches: [String: ModelledStore.Branch]
  private let template: [UInt8]
  var path: String { folder.path("store.aufdb") }

  init() throws {
    let made = try Self.made.get()
    (template, history, branches) = (made.file, made.history, made.branches)
    folder = try ScratchFolder()
    try restore()
  }

  /// The first of some histories that leaves no table without rows of either kind.
  private static func make() throws -> Made {
    for seed in 46..<96 as Range<UInt64> {
      let modelled = try history(seed: seed)
      let database = try RawDatabase(modelled.path, isWritable: true)
      let isRich = try Relation.allCases.allSatisfy {
        try database.integer("SELECT min(total(place > 0) > 1, total(place < 0) > 0) FROM \($0.table)") == 1
      }
      guard isRich else { continue }
      // One file is all there is then, so that a case is put back by writing it.
      try database.run("PRAGMA journal_mode = DELETE")
      return Made(
        file: try modelled.folder.bytes("store.aufdb"), history: modelled.history, branches: modelled.branches)
    }
    throw AufdbError(.internalDefect, "none of the histories has rows of every kind")
  }

  /// Two branches and an old one in turns.
  private static func history(seed: UInt64) throws -> ModelledStore {
    let modelled = try ModelledStore(seed: seed)
    try modelled.commitRandomly(count: 50)
    try modelled.commitRandomly(count: 25)
    try modelled.branch("side", at: 3)
    for _ in 0..<2 {
      try modelled.commitRandomly(count: 30)
      try modelled.commitRandomly(to: "side", count: 30)
    }
    try modelled.branch("old", at: 2)
    try modelled.commitRandomly(to: "old", count: 15)
    try modelled.writer().withConnection {
      try $0.execute("INSERT INTO ref (name, kind, commit_seq, sees_past) VALUES ('v1', 'tag', 3, 0)")
    }
    modelled.close()
    return modelled
  }

  var sizeBytes: Int { template.count }

  /// The store as it was made.
  func restore() throws { _ = try folder.file("store.aufdb", template) }

  /// The store with some of its bytes changed.
  func restore(flipping bits: [(byte: Int, bit: UInt8)]) throws {
    var bytes = template
    for place in bits { bytes[place.byte] ^= 1 << place.bit }
    _ = try folder.file("store.aufdb", bytes)
  }

  /// Runs SQL on the store as it was made; false where SQLite itself refuses it or nothing was changed.
  func tamper(_ sql: String, _ values: [StoredValue] = []) throws -> Bool {
    try restore()
    let database = try RawDatabase(path, isWritable: true)
    do {
      try database.rows(sql, values)
    } catch is RawDatabase.Failure {
      return false
    }
    return try database.integer("SELECT total_changes()") > 0
  }

  /// What verify says; an error counts only if it says that the store is damaged.
  func problems() throws -> [String] {
    do {
      return try Store(path, for: .reading).verify().problems
    } catch let error as AufdbError where error.kind == .badData {
      return [error.description]
    }
  }

  /// The ids of a commit and its ancestors, the newest first.
  private func log(to tip: Int64) -> [CommitID] {
    let commit = history[Int(tip) - 1]
    return [commit.id] + (commit.parents.first.map { log(to: $0) } ?? [])
  }

  /// Whether every commit still shows exactly its rows.
  func isUnchanged() throws -> Bool {
    let store = try Store(path, for: .reading)
    for commit in history {
      let found = try store.contents(at: Revision(commit.id.description))
      for relation in Relation.allCases {
        let rows = found[relation] ?? []
        guard rows.count == commit.state.rows(of: relation).count,
          rows.allSatisfy({ commit.state.row(relation, $0.key) == $0 })
        else { return false }
      }
    }
    let tip = try #require(branches["main"]).tip
    return try store.log(Revision(history[Int(tip) - 1].id.description)).map(\.id) == log(to: tip)
  }
}

extension StoredValue {
  /// Other values that a hand could put here instead.
  var alternatives: [StoredValue] {
    switch self {
    case .null: [.integer(1)]
    case .integer(let integer): [.integer(integer + 1), .integer(integer - 1), .null]
    case .real(let real): [.real(real.nextUp), .null]
    case .text(let bytes): [.text(bytes + [0x20]), .blob(bytes)]
    case .blob(let bytes): [.blob(bytes.isEmpty ? [1] : [bytes[0] ^ 1] + bytes.dropFirst())]
    }
  }
}
