// What the tests of import, select and annotate share: a store in a folder of its own, and lines of JSON to fill it.

import Aufdb
import Foundation

/// An empty store, and the few things that a user does to it. Every action opens the store anew, as a command would.
final class ImportFixture {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path("store.aufdb")
    try Store.create(at: path, context: Self.context())
  }

  /// One author and one time for all: nothing here depends on the clock.
  static func context(message: String? = nil) -> CommitContext {
    CommitContext(author: "tester", milliseconds: 1_700_000_000_000, message: message)
  }

  func writing<Result>(_ body: (Store) throws -> Result) throws -> Result {
    try body(Store(path, for: .writing(waitSeconds: 0, command: "test")))
  }

  /// Writes lines into a file of the folder; returns its path.
  func file(_ name: String, _ lines: [String]) throws -> String {
    try folder.file(name, Array(lines.map { $0 + "\n" }.joined().utf8))
  }

  @discardableResult
  func importFiles(
    _ files: [String], as kind: ImportKind? = nil, judge: String? = nil, snapshot: String? = nil,
    replaces: Bool = false
  ) throws -> (commit: Commit?, report: ImportReport) {
    let options = ImportOptions(files: files, kind: kind, judge: judge, snapshot: snapshot, replaces: replaces)
    return try writing { try $0.importFiles(options, context: Self.context()) }
  }

  /// Imports lines as one file.
  @discardableResult
  func importLines(
    _ lines: [String], named name: String = "lines.jsonl", as kind: ImportKind? = nil, judge: String? = nil,
    snapshot: String? = nil, replaces: Bool = false
  ) throws -> (commit: Commit?, report: ImportReport) {
    let file = try file(name, lines)
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try importFiles([file], as: kind, judge: judge, snapshot: snapshot, replaces: replaces)
  }

  /// The error that an import of these lines is refused with; nil where it isn't.
  func refusal(
    of lines: [String], as kind: ImportKind? = nil, judge: String? = nil, snapshot: String? = nil,
    replaces: Bool = false
  ) throws -> AufdbError? {
    do {
      try importLines(lines, as: kind, judge: judge, snapshot: snapshot, replaces: replaces)
      return nil
    } catch let error as AufdbError {
      return error
    }
  }

  @discardableResult
  func select(_ options: SelectOptions) throws -> (commit: Commit?, report: SelectReport) {
    try writing { try $0.select(options, context: Self.context()) }
  }

  @discardableResult
  func annotate(_ judge: Judge) throws -> (commit: Commit?, report: AnnotateReport) {
    try writing { try $0.annotate(judge, context: Self.context()) }
  }

  func commit(_ revision: Revision) throws -> Commit { try Store(path, for: .reading).commit(revision) }

  func commitCount() throws -> Int { try Store(path, for: .reading).log().count }

  /// Whether every commit recomputes from its rows.
  func isSound() throws -> Bool { try Store(path, for: .reading).verify().isSound }

  func head() throws -> Commit { try commit(.head) }

  /// All rows of a query.
  func rows(_ sql: String, at revision: Revision = .head) throws -> [[SQLValue]] {
    try Store(path, for: .reading).query(sql, at: revision) { rows in
      var all: [[SQLValue]] = []
      while try rows.next() { all.append(rows.columns.indices.map { SQLValue(rows.value($0)) }) }
      return all
    }
  }

  /// The first column of a query's rows, as text; NULL is nil.
  func texts(_ sql: String, at revision: Revision = .head) throws -> [String?] {
    try rows(sql, at: revision).map { row in
      switch row.first {
      case .text(let text): text
      case .integer(let integer): "\(integer)"
      case .real(let real): "\(real)"
      default: nil
      }
    }
  }

  func count(_ relation: Relation, at revision: Revision = .head) throws -> Int {
    try Int(texts("SELECT count(*) FROM \(relation.name)", at: revision).first?.flatMap(\.self) ?? "") ?? -1
  }

  /// Every relation's rows at a revision, in an order that doesn't depend on how they are stored.
  func everything(at revision: Revision = .head) throws -> [Relation: [[SQLValue]]] {
    var everything: [Relation: [[SQLValue]]] = [:]
    for relation in Relation.allCases {
      let order = relation.columns.indices.map { "\($0 + 1)" }.joined(separator: ", ")
      everything[relation] = try rows("SELECT * FROM \(relation.name) ORDER BY \(order)", at: revision)
    }
    return everything
  }
}

extension SQLValue {
  /// A copy of a lent value.
  fileprivate init(_ value: QueryValue) {
    self =
      switch value {
      case .null: .null
      case .integer(let integer): .integer(integer)
      case .real(let real): .real(real)
      case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
      case .blob(let bytes): .blob(Array(bytes))
      }
  }
}

/// A line of a completions file.
func completionsLine(_ promptID: String, prompt: String? = nil, _ completions: [String]) -> String {
  #"{"prompt_id":\#(promptID.quoted),"prompt":\#((prompt ?? "Ask \(promptID)").quoted),"#
    + #""completions":[\#(completions.joined(separator: ","))]}"#
}

/// A completion with a score, or without one.
func completion(_ model: String, _ response: String? = nil, score: Double? = nil, more: String = "") -> String {
  #"{"model":\#(model.quoted),"response_text":\#((response ?? "\(model) answers").quoted)"#
    + (score.map { #","overall_score":\#($0)"# } ?? "") + (more.isEmpty ? "" : "," + more) + "}"
}

/// A line of a file of estimates.
func estimateLine(_ promptID: String, _ model: String, _ reward: Double, _ lower: Double, _ upper: Double) -> String {
  #"{"prompt_id":\#(promptID.quoted),"model":\#(model.quoted),"reward":\#(reward),"lower":\#(lower),"upper":\#(upper)}"#
}

/// A line of a file of labels; `more` holds further fields.
func labelLine(
  _ promptID: String, _ chosen: String, over rejected: String, judge: String? = "ada", more: String = ""
) -> String {
  #"{"prompt_id":\#(promptID.quoted),"chosen_model":\#(chosen.quoted),"rejected_model":\#(rejected.quoted)"#
    + (judge.map { #","judge":\#($0.quoted)"# } ?? "") + (more.isEmpty ? "" : "," + more) + "}"
}

extension String {
  /// As a JSON string with the escapes that JSON demands, and no others.
  var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\0"..<" ":
        let digits = Self(scalar.value, radix: 16)
        text += "\\u" + Self(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
