// The schemas of older formats that these tests lay out random histories by, against stores that were really made then
// (Tests/Fixtures).

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Frozen schemas")
struct FrozenSchemaTests {
  private static let schemas = [
    FormatOneSchema.sql, FormatTwoSchema.sql, FormatThreeSchema.sql, FormatFourSchema.sql, FormatFiveSchema.sql,
  ]

  /// Tables and indexes without their comments: SQLite keeps those as they were written, which changed meanwhile. Views
  /// are written anew for each branch.
  private func objects(of path: String) throws -> [[String]] {
    try RawDatabase(path).rows("SELECT name, sql FROM sqlite_schema WHERE type <> 'view' ORDER BY name").map { row in
      row.map { value in
        guard case .text(let bytes) = value else { return "" }
        return String(decoding: bytes, as: UTF8.self).replacing(#/--[^\n]*/#, with: "").split(
          whereSeparator: \.isWhitespace
        ).joined(separator: " ")
      }
    }
  }

  @Test("Tables and indexes are those of a store of that time", arguments: 1...schemas.count)
  func equalToFixture(format: Int) throws {
    let folder = try ScratchFolder()
    let fixture = try FormatFixture(format: format)
    let real = try folder.file("real", ByteSource(path: fixture.store.path(percentEncoded: false)).rest())
    let frozen = try folder.file("frozen", [])
    try RawDatabase(frozen, isWritable: true).run(Self.schemas[format - 1])
    #expect(try objects(of: frozen) == objects(of: real))
    for pragma in ["user_version", "application_id", "page_size"] {
      let sql = "PRAGMA \(pragma)"
      #expect(try RawDatabase(frozen).integer(sql) == RawDatabase(real).integer(sql), "\(pragma)")
    }
  }

  @Test("Every older format has one")
  func everyFormat() { #expect(Self.schemas.count == Int(StoreFile.formatVersion) - 1) }
}
