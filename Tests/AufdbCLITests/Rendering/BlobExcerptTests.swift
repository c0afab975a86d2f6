// Blobs and vectors as people see them, and which columns of a result are vectors.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct BlobExcerptTests {
  private static func text(_ bytes: [UInt8], _ element: EmbeddingElement? = nil) -> String {
    bytes.withUnsafeBytes { BlobExcerpt($0).text(of: element) }
  }

  private static func float32(_ values: Float...) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  @Test func blobs() {
    #expect(Self.text([]) == "x'' (0 bytes)")
    #expect(Self.text([7]) == "x'07' (1 byte)")
    #expect(Self.text(Array(0..<16)) == "x'000102030405060708090a0b0c0d0e0f' (16 bytes)")
    #expect(Self.text(Array(0..<17)) == "x'0001020304050607…' (17 bytes)")
  }

  @Test func vectors() {
    #expect(Self.text(Self.float32(0.0123456, -0.34, 1), .float32) == "[0.0123, -0.34, 1.0] f32")
    #expect(Self.text(Self.float32(0.0123456, -0.34, 1, 2), .float32) == "[0.0123, -0.34, … 4 of f32]")
    #expect(Self.text([UInt8](repeating: 0, count: 768), .float16) == "[0.0, 0.0, … 384 of f16]")
    #expect(Self.text(Self.float32(1e30, -1e-30, .infinity), .float32) == "[1e+30, -1e-30, inf] f32")
    // Not whole elements, or none: a blob after all.
    #expect(Self.text([1, 2, 3], .float16) == "x'010203' (3 bytes)")
    #expect(Self.text([], .float32) == "x'' (0 bytes)")
  }

  @Test func columns() {
    func kinds(_ names: String...) -> [VectorColumns.Kind] { VectorColumns(names).kinds }
    #expect(kinds("prompt_id", "element", "vector") == [.other, .element, .vector(element: 1)])
    #expect(kinds("vector", "x", "element") == [.vector(element: 2), .other, .element])
    #expect(kinds("vector", "vectors", "my_elements") == [.other, .other, .other])
    #expect(kinds("heads", "old_heads", "spearheads") == [.heads, .heads, .other])
    #expect(kinds("old_element", "new_vector", "old_vector") == [.element, .other, .vector(element: 0)])
    #expect(
      kinds("element", "vector", "element", "vector")
        == [.element, .vector(element: 0), .element, .vector(element: 2)])
  }

  @Test(arguments: [OutputFormat.table, .markdown, .vertical])
  func areShownInEveryFormatForPeople(format: OutputFormat) throws {
    let half: [UInt8] = [0, 0x3C, 0, 0x40]
    let rows: [[SQLValue]] = [
      [.blob(half), .text("f16"), .blob(Self.float32(1, 2, 3, 4))], [.blob(half), .text("f8"), .null],
      [.blob(half), .null, .blob([1])], [.text("a text"), .text("f16"), .integer(1)],
    ]
    let text = try TestSurroundings.rendering(format, ["vector", "element", "heads"], rows)
    for (shown, count) in [
      ("[1.0, 2.0] f16", 1), ("x'003c0040' (4 bytes)", 2), ("[1.0, 2.0, … 4 of f32]", 1), ("x'01' (1 byte)", 1),
      ("a text", 1),
    ] {
      #expect(text.ranges(of: shown).count == count, "\(text)")
    }
  }

  @Test func anUnnamedElementLeavesABlob() throws {
    #expect(try TestSurroundings.rendering(.table, ["vector"], [[.blob([0, 60])]]).contains("x'003c' (2 bytes)"))
  }
}
