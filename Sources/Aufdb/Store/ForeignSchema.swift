// Whether a store's schema is the one of its format, asked before anything of it is used.
//
// A SQLite file is a program as much as it is data: a trigger runs when a row is written, a table may compute columns
// and check conditions, a virtual table hands its bytes to one of SQLite's modules. A file that says that it is a store
// may come from anybody, so its schema is held against schema.sql, text against text:
//   tables, indexes and views of schema.sql  must all be there, word for word; but for the views of the relations,
//                                            which are rewritten as branches come (HeadViews.swift). Nothing of aufdb's
//                                            reads those: a query has TEMP views in their place
//   triggers, virtual tables                 are refused: aufdb makes none
//   other tables, indexes and views          are let be: somebody added them with sqlite3, nothing of ours uses them,
//                                            and `aufdb verify` tells of them
//
// It is cheap, because every command does it: SQLite keeps the text of a CREATE statement as it was written, so each
// object is looked up in the text of schema.sql, and no schema has to be made to compare with.

import Glibc

extension Connection {
  /// What a schema has that no store has, or lacks; nil where it is a store's.
  func foreignSchema() throws -> AufdbError? {
    let rows = try statement("SELECT type, name, sql FROM main.sqlite_schema")
    var foundCount = 0
    var isKnown = true
    while try rows.step() {
      let name = rows.string(1)
      if rows.isNull(2) {
        // An index that SQLite makes by itself for a UNIQUE.
        isKnown = isKnown && name.hasPrefix("sqlite_autoindex_")
      } else if SchemaStatements.contain(rows.bytes(2), named: name) || Self.isRelationView(rows.string(0), name) {
        foundCount += 1
      } else {
        isKnown = false
      }
    }
    return isKnown && foundCount == SchemaStatements.count ? nil : try differenceOfSchema()
  }

  private static func isRelationView(_ type: String, _ name: String) -> Bool {
    type == "view" && Relation(name: name) != nil
  }

  /// The same, object by object: for a schema that has more than it needs, or less.
  private func differenceOfSchema() throws -> AufdbError? {
    let known = try Schema.objects()
    var missing = Set(known.keys)
    let rows = try all("SELECT type, name, ifnull(sql, '') FROM main.sqlite_schema ORDER BY name") {
      (type: $0.string(0), name: $0.string(1), sql: $0.string(2))
    }
    for row in rows {
      if let sql = known[row.name] {
        missing.remove(row.name)
        guard row.sql == sql || Self.isRelationView(row.type, row.name) else {
          return Self.damaged("\(row.name.quoted) is changed")
        }
      } else if row.type == "trigger" {
        return Self.foreign("trigger", row.name)
      } else if SchemaStatements.makesVirtualTable(row.sql) {
        return Self.foreign("virtual table", row.name)
      } else if !["table", "index", "view"].contains(row.type) {
        return Self.damaged("\(row.name.quoted) is a \(row.type.quoted)")
      }
    }
    return missing.min().map { Self.damaged("'\($0)' is missing") }
  }

  private static func damaged(_ what: String) -> AufdbError {
    AufdbError(
      .badData, "the store is damaged: the schema's \(what)",
      hint: "`aufdb verify STORE` tells more; it is not used before that is mended")
  }

  private static func foreign(_ what: String, _ name: String) -> AufdbError {
    AufdbError(
      .badData, "the store has the \(what) \(name.quoted) in its schema, which is none of aufdb's",
      hint: "it could change or read what it likes; if it is yours, drop it with sqlite3")
  }
}

/// The CREATE statements of schema.sql, looked up by the name of what they make.
enum SchemaStatements {
  private static let text = PackageResources.schema_sql

  /// Where each begins. Each begins a line, and nothing else in the file begins one so.
  private static let places: [String: Int] = text.withUnsafeBytes { text in
    var places: [String: Int] = [:]
    var lineStart = 0
    while let start = text.baseAddress, lineStart < text.count {
      let line = Bytes(start: start + lineStart, count: min(128, text.count - lineStart))
      if line.starts(with: "CREATE ".utf8) {
        let words = line.split(maxSplits: 3) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        if words.count > 2 { places[String(decoding: words[2], as: UTF8.self)] = lineStart }
      }
      guard let end = memchr(start + lineStart, 0x0A, text.count - lineStart) else { break }
      lineStart = UnsafeRawPointer(end) - start + 1
    }
    return places
  }

  /// How many there are.
  static var count: Int { places.count }

  /// Whether the one that makes a thing of this name has this text.
  static func contain(_ sql: Bytes, named name: String) -> Bool {
    guard let place = places[name] else { return false }
    return text.withUnsafeBytes { text in
      let end = place + sql.count
      guard let start = text.baseAddress, let sqlStart = sql.baseAddress, end < text.count else { return false }
      return text[end] == UInt8(ascii: ";") && memcmp(start + place, sqlStart, sql.count) == 0
    }
  }

  /// Whether a statement, as SQLite keeps it, makes a virtual table.
  static func makesVirtualTable(_ sql: String) -> Bool {
    sql.split(maxSplits: 2) { $0.isWhitespace }.dropFirst().first?.uppercased() == "VIRTUAL"
  }
}
