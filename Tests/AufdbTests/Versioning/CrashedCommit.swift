// A commit that dies in the middle: the stores it dies in, and what must be true of them afterwards.

import Foundation
import GRDBSQLite
import Glibc
import Testing

@testable import Aufdb

/// A commit to die in.
enum CrashedCommit: String, CaseIterable, Sendable, Codable {
  /// A store's first data, in rollback mode.
  case first
  /// A later commit, in WAL mode, which bears and retires rows.
  case later
  /// The same on a branch beside another, which keeps what is retired.
  case branched
  /// A commit of more data than the cache holds, so that pages go to the disk before its end.
  case large

  static let context = CommitContext(author: "tester", milliseconds: 9_000_000)

  /// A store as it is before the commit.
  func makeStore() throws -> ModelledStore {
    let modelled = try ModelledStore(seed: 17)
    if self == .later || self == .branched { for _ in 0..<4 { try modelled.commitRandomly(count: 12) } }
    if self == .branched { try modelled.branch("other", at: try modelled.tip().sequence) }
    modelled.close()
    return modelled
  }

  /// Makes the commit; `dying` is called at its beginning, with the connection.
  @discardableResult
  func run(at path: String, dying: (Connection) throws -> Void) throws -> Commit? {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
    let (commit, _) = try store.commit(Self.context) { change in
      try dying(change.connection)
      if self == .large { try change.connection.executeScript("PRAGMA cache_size = 4; PRAGMA cache_spill = 4") }
      for relation in Relation.allCases {
        for (id, row) in try change.rows(of: relation).prefix(3) {
          try change.retire(relation, id)
          try change.writer(relation).add(row)
        }
      }
      for index in 0..<(self == .large ? 60 : 6) {
        try change.addPrompt("new \(index)", String(repeating: "text ", count: self == .large ? 2_000 : 200))
        try change.addResponse("new \(index)", "model", "an answer")
      }
      return (CommitNote(message: "doomed", operation: Operation("test")), ())
    }
    return commit
  }

  /// What may be found after a crash: the tip before, or the one after, and each with all its rows.
  func expectAllOrNothing(_ modelled: ModelledStore, at path: String, readsFirst: Bool, _ comment: Comment) throws {
    let before = try modelled.tip()
    func check(_ store: Store) throws {
      #expect(try store.verify().problems == [], comment)
      let head = try store.commit(.head)
      if head.id != before.id {
        #expect(head.message == "doomed" && head.parents == [before.id], comment)
        #expect(try store.contents(at: .head)[.prompts]?.contains { $0.key == "tnew 5" } == true, comment)
      }
      try modelled.expectState(at: before.sequence, in: store, comment)
      #expect(try store.log().count == before.sequence + (head.id == before.id ? 0 : 1), comment)
    }
    if readsFirst { try check(Store(path, for: .reading)) }
    do {
      let store = try Store(path, for: .writing(waitSeconds: 0, command: "after"))
      try check(store)
      // The store is not only whole, it can be written on.
      let (commit, _) = try store.commit(Self.context) { change in
        try change.addPrompt("after", "the crash")
        return (CommitNote(message: "after", operation: Operation("test")), ())
      }
      #expect(commit != nil, comment)
      #expect(try store.verify().problems == [], comment)
    }
    #expect(try Store(path, for: .reading).verify().problems == [], comment)
  }
}

/// Counts the moments at which SQLite asks whether to go on, and kills this process at one of them.
final class VirtualMachineSteps {
  private(set) var count = 0
  private let fatal: Int

  init(fatal: Int = .max) { self.fatal = fatal }

  func watch(_ connection: Connection) {
    sqlite3_progress_handler(
      connection.handle, 1,
      { context in
        guard let context else { return 0 }
        Unmanaged<VirtualMachineSteps>.fromOpaque(context).takeUnretainedValue().step()
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func step() {
    count += 1
    if count == fatal { kill(getpid(), SIGKILL) }
  }
}
