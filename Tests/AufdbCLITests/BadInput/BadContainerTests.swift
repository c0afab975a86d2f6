// Containers whose headers lie, and compressed ones with something wrong around the data: what the command says of them,
// and that nothing was changed. What a header may look like in full is for MatrixHeaderTests.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// A matrix file that is refused.
struct BadContainer: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let error: String
  let hint: String?

  init(_ bytes: [UInt8], _ error: String, hint: String? = nil) {
    (self.bytes, self.error, self.hint) = (bytes, error, hint)
  }

  var testDescription: String { error }
}

@Suite("Bad containers") struct BadContainerTests {
  private let stage: CommandStage

  init() throws {
    stage = try CommandStage()
    let lines = ["p1", "p2"].flatMap { prompt in ["a", "b"].map { (prompt, $0) } }.enumerated()
      .map { #"{"row":\#($0.offset),"prompt_id":"\#($0.element.0)","model":"\#($0.element.1)"}"# }
    try stage.file("i.jsonl", lines.joined(separator: "\n"))
  }

  private func expectRefused(
    _ container: BadContainer, named name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = try stage.file(name, container.bytes)
    try stage.expectRefused(
      ["import", stage.store, file, "--as", "embeddings", "--index", stage.path("i.jsonl"), "--encoder", "e"],
      exitCode: 65, error: "\(container.error) ({}/\(name))", hint: container.hint, sourceLocation: sourceLocation)
  }

  private static let data = MatrixFiles.bytes([1, 2, 3, 4, 5, 6, 7, 8] as [Float])
  private static let good = MatrixFiles.npy("<f4", rows: 4, dimension: 2, data)

  private static func npy(_ descr: String, _ shape: String, isFortran: Bool = false) -> [UInt8] {
    let order = isFortran ? "True" : "False"
    return MatrixFiles.npy(header: "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }", data)
  }

  @Test(
    "arrays of numpy",
    arguments: [
      BadContainer(
        npy("|O", "(4, 2)"), "the elements ('|O') are Python objects, pickled, which are never loaded",
        hint: "make one array of numbers of them: numpy.stack(array).astype('<f4')"),
      BadContainer(
        [0x80, 0x04, 0x95] + Array(repeating: 0x2E, count: 60), "this is neither a .npy nor a .safetensors file"),
      BadContainer(
        npy("<f4", "(4, 2)", isFortran: true), "the array is stored column by column (fortran_order)",
        hint: "save numpy.ascontiguousarray(array) instead"),
      BadContainer(npy("<f4", "(8,)"), "the array has the shape (8), not (rows, dimension)"),
      BadContainer(npy("<f4", "(2, 2, 2)"), "the array has the shape (2, 2, 2), not (rows, dimension)"),
      BadContainer(
        npy("<f4", "(4, 4)"), "the file is cut off: it has 160 bytes, and its header tells of 192",
        hint: "copy or download it again"),
      BadContainer(npy("<f2", "(4, 2)"), "something follows the last element: 16 bytes"),
      BadContainer(npy("<i4", "(4, 2)"), "the elements are '<i4', not float16 or float32"),
      BadContainer(
        npy("<f4", "(4611686018427387904, 65536)"), "the shape (4611686018427387904, 65536) is larger than any file"),
    ])
  func numpy(_ container: BadContainer) throws { try expectRefused(container, named: "v.npy") }

  /// Tensors of float32 by their shapes and offsets.
  private static func tensors(_ tensors: [(name: String, shape: String, offsets: String)]) -> [UInt8] {
    let members = tensors.map {
      #""\#($0.name)":{"dtype":"F32","shape":\#($0.shape),"data_offsets":\#($0.offsets)}"#
    }
    return MatrixFiles.safetensors(header: "{\(members.joined(separator: ","))}", data)
  }

  private static let neither = "tensors may not overlap nor leave gaps"

  @Test(
    "headers of safetensors that lie",
    arguments: [
      BadContainer(
        MatrixFiles.littleEndian(.min, 8) + Array("{".utf8) + data,
        "the header has 9223372036854775808 bytes, and the format allows 100000000"),
      BadContainer(
        Array(repeating: 0xFF, count: 8) + Array("{".utf8) + data,
        "the header has 18446744073709551615 bytes, and the format allows 100000000"),
      BadContainer(
        MatrixFiles.littleEndian(99_999_999, 8) + Array("{".utf8) + data, "the header is cut off",
        hint: "copy or download it again"),
      BadContainer(
        tensors([("v", "[400,2]", "[0,3200]")]), "the file is cut off: it has 101 bytes, and its header tells of 3269",
        hint: "copy or download it again"),
      BadContainer(
        tensors([("v", "[2,2]", "[0,16]"), ("w", "[3,2]", "[8,32]")]),
        "the tensor 'w' stands from 8 to 32, where 16 would be next: \(neither)"),
      BadContainer(
        tensors([("v", "[4,2]", "[-32,0]")]), "the tensor 'v' stands from -32 to 0, where 0 would be next: \(neither)"),
      BadContainer(
        tensors([("v", "[4,2]", "[-9223372036854775808,9223372036854775807]")]),
        "the tensor 'v' stands from -9223372036854775808 to 9223372036854775807, where 0 would be next: \(neither)"),
      BadContainer(tensors([("v", "[4,2]", "[0,9223372036854775807]")]), "the tensors are larger than any file"),
      BadContainer(
        tensors([("v", "[4,2]", "[0,32]"), ("v", "[4,2]", "[0,32]")]),
        "the header is not JSON that says where tensors are: the key \"v\" stands twice in one object"),
      BadContainer(
        tensors([("v", "[2305843009213693952,8]", "[0,32]")]),
        "the shape (2305843009213693952, 8) is larger than any file"),
      BadContainer(
        tensors([("v", "[-9223372036854775808,2]", "[0,32]")]),
        "the matrix has no rows: its shape is (-9223372036854775808, 2)"),
      BadContainer(
        tensors([("v", "[2,2]", "[0,32]")]), "the tensor 'v' has 32 bytes, and by its shape it would be 16"),
    ])
  func safetensors(_ container: BadContainer) throws { try expectRefused(container, named: "v.safetensors") }

  @Test("compressed matrices in several parts, with junk behind them, and with a part cut off")
  func compressed() throws {
    for (ending, adjective, compression) in [("gz", "gzip", Compression.gzip()), ("zst", "zstd", .zstd())] {
      let name = "v.npy.\(ending)"
      let whole = try stage.compressed(Self.good, compression)
      for junk in [Array("junk".utf8), Array(repeating: 0, count: 512), [0x1F], [0x28]] {
        let isCutOff = junk.count == 1 && (ending == "gz") == (junk == [0x1F])
        let error = "\(isCutOff ? "the" : "something else follows the") \(adjective)-compressed data"
        // One byte that a further part might begin with: it may be that, cut off.
        try expectRefused(
          BadContainer(whole + junk, error + (isCutOff ? " is cut off" : "")), named: name)
      }
      let parts = try [Self.good[..<50], Self.good[50...]].map { try stage.compressed(Array($0), compression) }
      try expectRefused(
        BadContainer(parts[0] + parts[1].dropLast(3), "the \(adjective)-compressed data is cut off"), named: name)
      try expectRefused(BadContainer(parts[0], "the header is cut off"), named: name)
      let file = try stage.file(name, parts[0] + parts[1])
      try stage.expectDone("import", stage.store, file, "--index", stage.path("i.jsonl"), "--encoder", ending)
    }
  }

  @Test("a sparse file of 4 TB, truly as long as its header says, needs no memory for its rows")
  func sparse() throws {
    // In another folder: nobody should read it to see whether it changed.
    let elsewhere = try CommandStage(bare: ())
    let rows = 2_000_000_000_000
    let header = MatrixFiles.npy("<f2", rows: rows, dimension: 1, [])
    let file = try elsewhere.file("v.npy", header)
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    try handle.truncate(atOffset: UInt64(header.count + 2 * rows))
    try handle.close()
    let error = "no line of the index names row 4 of the matrix: of \(rows) rows \(rows - 4) belong to nothing"
    try stage.expectRefused(
      ["import", stage.store, file, "--index", stage.path("i.jsonl"), "--encoder", "e"], exitCode: 65,
      error: "\(error) ({}/i.jsonl)")
  }
}
