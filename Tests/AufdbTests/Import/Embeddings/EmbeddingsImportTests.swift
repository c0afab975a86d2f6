// Embeddings that come in: bit for bit what they were, whatever carries them and in whatever order.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Import of embeddings") struct EmbeddingsImportTests {
  static let awkward: [UInt16] = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x7BFF, 0xFBFF, 0x3C00]

  @Test("float16 is kept bit for bit, denormals and the sign of zero too", arguments: ["npy", "safetensors"])
  func float16(format: String) throws {
    let store = try ImportFixture(promptCount: 2)
    let halves = Self.awkward + randomHalves(24, seed: 1)
    let bytes = MatrixFiles.bytes(halves)
    let file =
      format == "npy"
      ? MatrixFiles.npy("<f2", rows: 4, dimension: 8, bytes)
      : MatrixFiles.safetensors("F16", rows: 4, dimension: 8, bytes)
    let (commit, report) = try store.importMatrix(file, named: "vectors.\(format)", responseIndex(4), encoder: "minilm")
    #expect(report.added == [.embeddings: 4] && report.recordCount == 4 && report.unchangedCount == 0)
    #expect(report.embeddingShape == EmbeddingShape(dimension: 8, element: .float16))
    #expect(commit?.message == "Import 4 embeddings from vectors.\(format)")
    #expect(
      commit?.operation == #"{"verb":"import","parameters":{"as":["embeddings"],"dimension":8,"element":"f16","#
        + #""encoder":"minilm","files":["vectors.\#(format)"],"index":"index.jsonl","replace":false}}"#)
    #expect(
      try store.rows("SELECT encoder, prompt_id, model, sample, element, vector FROM embeddings")
        == (0..<4).map { row in
          [
            .text("minilm"), .text("p\(row / 2)"), .text(row % 2 == 0 ? "a" : "b"), .integer(0), .text("f16"),
            .blob(Array(bytes[16 * row..<16 * row + 16])),
          ]
        })
    #expect(try store.isSound())
  }

  @Test("float32 is rounded to float16, or kept bit for bit")
  func float32() throws {
    let store = try ImportFixture(promptCount: 1)
    let values: [Float] = [0.1, -0.0, 65_504, 0x1p-24, 1e-30, -1.0009765, 0x1p-15, 3]
    let file = MatrixFiles.npy("<f4", rows: 2, dimension: 4, MatrixFiles.bytes(values))
    try store.importMatrix(file, responseIndex(2))
    #expect(try store.vector("p0", "a") == MatrixFiles.bytes(values[..<4].map { Float16($0) }))
    #expect(try store.vector("p0", "b") == MatrixFiles.bytes(values[4...].map { Float16($0) }))

    let large: [Float] = [.greatestFiniteMagnitude, -.leastNonzeroMagnitude] + values.prefix(6)
    let kept = MatrixFiles.npy("<f4", rows: 2, dimension: 4, MatrixFiles.bytes(large))
    let (commit, report) = try store.importMatrix(kept, responseIndex(2), encoder: "whole", keepsFloat32: true)
    #expect(report.embeddingShape == EmbeddingShape(dimension: 4, element: .float32))
    #expect(commit?.operation.contains(#""element":"f32""#) == true)
    #expect(try store.vector("p0", "a", encoder: "whole") == MatrixFiles.bytes(Array(large[..<4])))
    #expect(try store.vector("p0", "b", encoder: "whole") == MatrixFiles.bytes(Array(large[4...])))
    #expect(try store.texts("SELECT DISTINCT element FROM embeddings ORDER BY 1") == ["f16", "f32"])
  }

  @Test("bfloat16 is rounded to float16, or widened to float32")
  func bfloat16() throws {
    let store = try ImportFixture(promptCount: 1)
    // 1, -0, 0.10009765625, the largest below 65,504, a power that float16 has only as a denormal, and -2.
    let bfloats: [UInt16] = [0x3F80, 0x8000, 0x3DCD, 0x477F, 0x3780, 0xC000]
    let singles = bfloats.map { Float(bitPattern: UInt32($0) << 16) }
    let file = MatrixFiles.safetensors("BF16", rows: 2, dimension: 3, MatrixFiles.bytes(bfloats))
    try store.importMatrix(file, named: "v.safetensors", responseIndex(2))
    #expect(try store.vector("p0", "a") == MatrixFiles.bytes(singles[..<3].map { Float16($0) }))
    #expect(try store.vector("p0", "b") == MatrixFiles.bytes(singles[3...].map { Float16($0) }))
    try store.importMatrix(file, named: "v.safetensors", responseIndex(2), encoder: "whole", keepsFloat32: true)
    #expect(try store.vector("p0", "a", encoder: "whole") == MatrixFiles.bytes(Array(singles[..<3])))
    #expect(try store.vector("p0", "b", encoder: "whole") == MatrixFiles.bytes(Array(singles[3...])))
  }

  @Test("prompts have vectors, too, and responses of any sample; other fields of the index are passed over")
  func owners() throws {
    let store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a"), completion("a", "again", more: #""sample":7"#)])])
    let file = MatrixFiles.npy("<f2", rows: 4, dimension: 1, MatrixFiles.bytes([1 as Float16, 2, 3, 4]))
    try store.importLines([completionsLine("q", [])])
    let (_, report) = try store.importMatrix(
      file,
      [
        indexLine(2, "p", "a", sample: 7, more: #""overall_score":"0.5""#), indexLine(0, "p", nil),
        indexLine(1, "p", "a"), indexLine(3, "q", nil, sample: 0, more: #""x":[{}]"#),
      ])
    #expect(report.added == [.embeddings: 4])
    #expect(
      try store.rows("SELECT prompt_id, model, sample, vector FROM embeddings ORDER BY vector_json(element, vector)")
        == [
          [.text("p"), .null, .integer(0), .blob([0x00, 0x3C])],
          [.text("p"), .text("a"), .integer(0), .blob([0x00, 0x40])],
          [.text("p"), .text("a"), .integer(7), .blob([0x00, 0x42])],
          [.text("q"), .null, .integer(0), .blob([0x00, 0x44])],
        ])
  }

  @Test("an index in any order gives the same rows", arguments: [1, 2, 3] as [UInt64])
  func anyOrder(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (rowCount, dimension) = (60, 1 + Int.random(in: 0..<9, using: &generator))
    let bytes = MatrixFiles.bytes(randomHalves(rowCount * dimension, seed: seed))
    let file = MatrixFiles.npy("<f2", rows: rowCount, dimension: dimension, bytes)
    let ordered = try ImportFixture(promptCount: 30)
    try ordered.importMatrix(file, responseIndex(rowCount))
    for row in 0..<rowCount {
      let expected = Array(bytes[2 * dimension * row..<2 * dimension * (row + 1)])
      #expect(try ordered.vector("p\(row / 2)", row % 2 == 0 ? "a" : "b") == expected, "seed \(seed)")
    }
    let shuffled = try ImportFixture(promptCount: 30)
    try shuffled.importMatrix(file, responseIndex(rowCount).shuffled(using: &generator))
    #expect(try shuffled.everything() == ordered.everything(), "seed \(seed)")
    let again = try shuffled.importMatrix(file, responseIndex(rowCount).shuffled(using: &generator))
    #expect(again.commit == nil && again.report.unchangedCount == rowCount, "seed \(seed)")
  }

  @Test(
    "rows are the same through a buffer of any size, in any order",
    arguments: [1, 5, 6, 7, 12, 40, 1000], [nil, Compression.zstd(), .gzip()])
  func buffers(size: Int, compression: Compression?) throws {
    let folder = try ScratchFolder()
    let bytes = MatrixFiles.bytes(randomHalves(60, seed: 4))
    let plain = MatrixFiles.npy("<f2", rows: 20, dimension: 3, bytes)
    let path = try folder.file("x", compression.map { try folder.compressed(plain, $0) } ?? plain)
    let rows = try MatrixRows(path: path, tensor: nil, bufferSize: size)
    #expect(rows.isForwardOnly == (compression != nil))
    var order = Array(0..<20)
    var generator = SeededGenerator(seed: UInt64(size))
    if compression == nil { order = [0, 1, 2, 9, 10, 11, 12, 3, 19, 0] + order.shuffled(using: &generator) + order }
    for row in order {
      #expect(try rows.row(row).elementsEqual(bytes[6 * row..<6 * row + 6]), "row \(row) of \(order)")
    }
    try rows.finish()
  }

  @Test("plain and compressed matrices and indexes give the same commit")
  func compressions() throws {
    let matrix = MatrixFiles.npy("<f2", rows: 4, dimension: 5, MatrixFiles.bytes(randomHalves(20, seed: 9)))
    let index = Array(responseIndex(4).map { $0 + "\n" }.joined().utf8)
    var ids: Set<CommitID?> = []
    for compression in [nil, Compression.zstd(), .gzip()] {
      let store = try ImportFixture(promptCount: 2)
      // The names stand in the commit, so they are the same; what the bytes say counts.
      let files = try [("v", matrix), ("i", index)].map { name, bytes in
        try store.folder.file(name, compression.map { try store.folder.compressed(bytes, $0) } ?? bytes)
      }
      let options = ImportOptions(
        files: [files[0]], kind: .embeddings, embeddings: EmbeddingOptions(index: files[1], encoder: "e"))
      ids.insert(try store.writing { try $0.importFiles(options, context: ImportFixture.context()) }.commit?.id)
    }
    #expect(ids.count == 1 && ids.first != .some(nil))
  }

  @Test("the kind is told by the name, and completions can come in the same commit")
  func kindByName() throws {
    for (name, kind) in [
      ("a/b.npy", ImportKind.embeddings), ("B.NPY.zst", .embeddings), ("x.safetensors.gz", .embeddings),
      ("x.safetensors", .embeddings), ("x.npy.jsonl", nil), ("npy", nil), ("x.npy.zst.gz", nil), ("-", nil),
    ] { #expect(ImportKind(fileName: name) == kind, "\(name)") }

    let store = try ImportFixture()
    let matrix = MatrixFiles.npy("<f2", rows: 1, dimension: 1, [0, 0x3C])
    let options = ImportOptions(
      files: [
        try store.file("c.jsonl", [completionsLine("p", [completion("a")])]), try store.folder.file("v.npy", matrix),
      ], embeddings: EmbeddingOptions(index: try store.file("i.jsonl", [indexLine(0, "p", "a")]), encoder: "e"))
    let (commit, report) = try store.writing { try $0.importFiles(options, context: ImportFixture.context()) }
    #expect(report.added == [.prompts: 1, .responses: 1, .embeddings: 1])
    #expect(commit?.message == "Import 1 prompt, 1 response, 1 embedding from c.jsonl, v.npy")
    #expect(commit?.operation.contains(#""as":["completions","embeddings"]"#) == true)
  }

  @Test("one tensor of several, wherever it stands; through a pipe, too")
  func tensors() throws {
    let first = MatrixFiles.bytes([1 as Float, 2])
    let second = MatrixFiles.bytes([3 as Float16, 4])
    let header = """
      {"__metadata__":{"format":"pt"}, "b":{"data_offsets":[8,12],"shape":[2,1],"dtype":"F16"},
       "a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}, "none":{"dtype":"I64","shape":[0],"data_offsets":[8,8]},
       "c":{"dtype":"U8","shape":[3],"data_offsets":[12,15]}}
      """
    let file = MatrixFiles.safetensors(header: header + "   ", first + second + [7, 8, 9])
    for compression in [nil, Compression.zstd()] {
      let store = try ImportFixture(promptCount: 1)
      let bytes = try compression.map { try store.folder.compressed(file, $0) } ?? file
      let (commit, _) = try store.importMatrix(bytes, responseIndex(2), encoder: "b", tensor: "b")
      #expect(commit?.operation.contains(#""tensor":"b""#) == true)
      #expect(try store.vector("p0", "b", encoder: "b") == Array(second[2...]))
      try store.importMatrix(bytes, responseIndex(2), encoder: "a", tensor: "a", keepsFloat32: true)
      #expect(try store.vector("p0", "a", encoder: "a") == Array(first[..<4]))
    }
  }
}
