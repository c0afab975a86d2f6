// A store with rows of every relation, in every state, that is damaged in its file's bytes and salvaged.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

/// The history of `TamperedStore` with kept answers, in a file of its own for each test.
final class DamagedStore {
  private static let template = Result { try make() }

  let tampered: TamperedStore
  let original: [UInt8]
  let pageSize = 16384
  var path: String { tampered.path }
  var salvagedPath: String { tampered.folder.path("salvaged.aufdb") }
  var pageCount: Int { original.count / pageSize }

  init() throws {
    tampered = try TamperedStore()
    original = try Self.template.get()
    try restore(original)
  }

  /// The store with answers of every form.
  private static func make() throws -> [UInt8] {
    let tampered = try TamperedStore()
    try Store(tampered.path, for: .writing(waitSeconds: 0, command: "test")).withConnection { connection in
      try connection.insertAnswers(
        (0..<40).map { number in
          let question = try #require(QuestionID(bytes: (0..<32).map { UInt8(($0 * 7 + number * 13) % 256) }))
          let text = String(repeating: "word\(number) ", count: number * number)
          return (question, number % 5 == 0 ? .vector(Array(text.utf8), tokens: number) : .chat(ChatAnswer(text: text)))
        })
    }
    return try tampered.folder.bytes("store.aufdb")
  }

  func restore(_ bytes: [UInt8]) throws {
    for log in ["-wal", "-journal"] { unlink(path + log) }
    _ = try tampered.folder.file("store.aufdb", bytes)
  }

  /// Where a page's bytes stand; pages are numbered from 1.
  func range(ofPage page: Int) -> Range<Int> { (page - 1) * pageSize..<page * pageSize }

  /// The store with one page replaced.
  func restore(page: Int, by content: [UInt8]) throws {
    var bytes = original
    bytes.replaceSubrange(range(ofPage: page), with: content)
    try restore(bytes)
  }

  func salvage(onlyProven: Bool = false, withLog: Bool = true) throws -> SalvageReport {
    unlink(salvagedPath)
    return try Store.salvage(
      path, to: salvagedPath,
      options: SalvageOptions(
        onlyProven: onlyProven, withLog: withLog, context: CommitContext(author: "salvor", milliseconds: 5_000)))
  }

  /// All that can be read of the store at a path, table by table, without a word of aufdb's.
  static func dump(_ path: String) throws -> [String] {
    let database = try RawDatabase(path)
    let tables = try database.texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    let schema = try database.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")
    return try tables.flatMap { table in
      try database.rows("SELECT * FROM \(table) NOT INDEXED").map { "\(table): \($0)" }.sorted()
    } + schema.map { "\($0)" }
  }

  /// Every row version that was ever there, by relation.
  static func rowVersions(_ path: String) throws -> [Relation: [ModelRow]] {
    try Store(path, for: .reading).read { connection in
      var rows: [Relation: [ModelRow]] = [:]
      for relation in Relation.allCases {
        rows[relation] = try connection.all("SELECT \(relation.columnList) FROM \(relation.table)") {
          ModelRow(relation: relation, $0, from: 0)
        }
      }
      return rows
    }
  }

  /// How many of the store's row versions a salvaged one lacks, and how many it has that were never there.
  func compare() throws -> (lost: Int, foreign: Int) {
    let found = try Self.rowVersions(salvagedPath)
    var (lost, foreign) = (0, 0)
    for relation in Relation.allCases {
      // As multisets: a row may have been retired and born again.
      var counts: [[StoredValue]: Int] = [:]
      for row in try Self.originalRows.get()[relation] ?? [] { counts[row.values, default: 0] += 1 }
      for row in found[relation] ?? [] { counts[row.values, default: 0] -= 1 }
      lost += counts.values.filter { $0 > 0 }.reduce(0, +)
      foreign -= counts.values.filter { $0 < 0 }.reduce(0, +)
    }
    return (lost, foreign)
  }

  private static let originalRows = Result {
    let store = try TamperedStore()
    return try withExtendedLifetime(store) { try rowVersions(store.path) }
  }

  /// Expects what salvage promises of whatever was damaged: a sound store, in which a commit that kept its id shows what
  /// it always showed.
  @discardableResult
  func expectPromises(
    _ report: SalvageReport, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (lost: Int, foreign: Int) {
    #expect(report.problems == [], comment, sourceLocation: sourceLocation)
    let store = try Store(salvagedPath, for: .reading)
    let verification = try store.verify()
    #expect(verification.problems == [], comment, sourceLocation: sourceLocation)
    let ids = try store.read { connection in
      Set(try connection.all("SELECT id FROM commit_log") { CommitID($0.bytes(0)) })
    }
    let kept = tampered.history.filter { ids.contains($0.id) }
    #expect(kept.count == report.exactCount, comment, sourceLocation: sourceLocation)
    for commit in kept {
      let found = try store.contents(at: Revision(commit.id.description))
      for relation in Relation.allCases {
        let (rows, expected) = (found[relation] ?? [], commit.state.rows(of: relation))
        #expect(
          rows.count == expected.count && rows.allSatisfy { commit.state.row(relation, $0.key) == $0 },
          "\(relation.name) at \(commit.id.short): \(comment)", sourceLocation: sourceLocation)
      }
    }
    let compared = try compare()
    let (unproven, lost) = report.rows.reduce((0, 0)) { ($0.0 + $1.unproven, $0.1 + $1.lost) }
    #expect(compared.foreign <= unproven, comment, sourceLocation: sourceLocation)
    #expect(!report.isWhole || compared == (0, 0), comment, sourceLocation: sourceLocation)
    // A row whose bytes are damaged is another row, which is counted as unproven.
    #expect(
      compared.lost <= compared.foreign || lost > 0 || report.badPageCount > 0, comment,
      sourceLocation: sourceLocation)
    return compared
  }
}
