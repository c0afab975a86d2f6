// A small store with some history, for the tests of queries.

import Foundation

@testable import Aufdb

/// Two commits on top of the root: the first adds two prompts and two labels, the second changes a prompt and adds one.
final class TestQueryStore {
  let folder: URL
  let path: String
  let store: Store

  init(_ access: Store.Access = .reading) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-query-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    path = folder.appending(path: "store.aufdb").path(percentEncoded: false)
    try Store.create(at: path, context: Self.context)
    do {
      let writer = try Store(path, for: .writing(waitSeconds: 0, command: "test"))
      _ = try writer.commit(Self.context) { change -> (CommitNote, Void) in
        try Self.addPrompt("p1", "old text", to: change)
        try Self.addPrompt("p2", "another", to: change)
        return (CommitNote(message: "Add", operation: Operation("test")), ())
      }
      try Self.change(writer)
    }
    store = try Store(path, for: access)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let context = CommitContext(author: "test", milliseconds: 1_700_000_000_000)

  /// Gives p1 a new text, and adds p3, whose text is given as bytes that are not UTF-8 and hold a NUL.
  private static func change(_ store: Store) throws {
    _ = try store.commit(context) { change -> (CommitNote, Void) in
      let id = try change.connection.integer("SELECT place FROM prompts_all WHERE prompt_id = 'p1'")
      try change.retire(.prompts, id)
      try addPrompt("p1", "new text", to: change)
      let writer = try change.writer(.prompts)
      try awkwardBytes.withUnsafeBytes { bytes in
        writer.text("p3")
        writer.null()
        writer.text(bytes)
        writer.text("text")
        writer.null()
        try writer.insert()
      }
      return (CommitNote(message: "Change", operation: Operation("test")), ())
    }
  }

  static let awkwardBytes: [UInt8] = [0x61, 0x00, 0xFF, 0x62]

  static func addPrompt(_ id: String, _ text: String, to change: Change) throws {
    let writer = try change.writer(.prompts)
    writer.text(id)
    writer.null()
    writer.text(text)
    writer.text("text")
    writer.null()
    try writer.insert()
  }

  /// All rows of a query, copied.
  func rows(
    _ sql: String, at revision: Revision = .head, _ parameters: [String: SQLValue] = [:]
  ) throws -> [[SQLValue]] {
    try store.query(sql, at: revision, parameters: parameters) { rows in
      var all: [[SQLValue]] = []
      while try rows.next() { all.append(rows.columns.indices.map { rows.value($0).copy }) }
      return all
    }
  }

  /// All rows of each statement of a script, copied.
  func results(_ sql: String, _ options: QueryOptions = QueryOptions()) throws -> [[[SQLValue]]] {
    var results: [[[SQLValue]]] = []
    try store.queryScript(sql, options) { rows in
      var all: [[SQLValue]] = []
      while try rows.next() { all.append(rows.columns.indices.map { rows.value($0).copy }) }
      results.append(all)
    }
    return results
  }

  /// The error that a query ends with; nil if it doesn't.
  func error(_ sql: String, _ parameters: [String: SQLValue] = [:]) throws -> AufdbError? {
    do {
      _ = try rows(sql, parameters)
      return nil
    } catch let error as AufdbError {
      return error
    }
  }

  private func rows(_ sql: String, _ parameters: [String: SQLValue]) throws -> [[SQLValue]] {
    try rows(sql, at: .head, parameters)
  }
}

extension QueryValue {
  var copy: SQLValue {
    switch self {
    case .null: .null
    case .integer(let integer): .integer(integer)
    case .real(let real): .real(real)
    case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
    case .blob(let bytes): .blob(Array(bytes))
    }
  }
}
