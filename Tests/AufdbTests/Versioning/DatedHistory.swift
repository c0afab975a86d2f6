// A store whose commits are made on given days, for tests of what is found by time, author and table.

import Testing

@testable import Aufdb

final class DatedHistory {
  let folder: ScratchFolder
  var path: String { folder.path("store.aufdb") }
  private var count = 0

  /// - Parameter date: when the store is made: "2026-11-01T12:00".
  init(_ date: String) throws {
    folder = try ScratchFolder()
    try Store.create(at: path, context: CommitContext(author: "root", milliseconds: RevisionDate(date).first))
  }

  func reading() throws -> Store { try Store(path, for: .reading) }
  func writing() throws -> Store { try Store(path, for: .writing(waitSeconds: 0, command: "test")) }

  /// Commits one row: of prompts, or of snapshots.
  @discardableResult
  func commit(
    _ date: String, to branch: String? = nil, author: String = "tester", message: String = "Test",
    relation: Relation = .prompts
  ) throws -> Commit {
    count += 1
    let context = try CommitContext(branch: branch, author: author, milliseconds: RevisionDate(date).first)
    let (commit, _) = try writing().commit(context) { change in
      if relation == .snapshots {
        let row = try change.writer(.snapshots)
        row.text("snapshot \(count)")
        row.text("imported")
        row.null()
        try row.insert()
      } else {
        try change.addPrompt("prompt \(count)", "?")
      }
      return (CommitNote(message: message, operation: Operation("test")), ())
    }
    return try #require(commit)
  }

  /// Commits the merge of a revision into a branch, without any row.
  @discardableResult
  func merge(_ revision: Revision, into branch: String, _ date: String) throws -> Commit {
    try writing().write { connection in
      let parents = try [Revision(branch), revision].map { try connection.commit(connection.resolve($0)) }
      return try connection.insertCommit(
        connection.integer("SELECT max(seq) + 1 FROM commit_log"), parents: parents, branch: branch, author: "tester",
        milliseconds: RevisionDate(date).first, message: "Merge", operation: Operation("test").json,
        changeDigest: RelationDigest.changeDigest([]))
    } keep: { _ in
      true
    }
  }

  /// Changes the store behind aufdb's back.
  func execute(_ sql: String) throws {
    try writing().write {
      try $0.executeScript(sql)
    } keep: {
      true
    }
  }
}
