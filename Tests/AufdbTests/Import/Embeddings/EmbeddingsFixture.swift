// What the tests of imported embeddings share: matrices, indexes, and what became of them.

import AufdbTestSupport
import Foundation

@testable import Aufdb

/// A line of an index.
func indexLine(_ row: Int, _ promptID: String, _ model: String?, sample: Int? = nil, more: String = "") -> String {
  #"{"row":\#(row),"prompt_id":\#(promptID.quoted),"model":\#(model?.quoted ?? "null")"#
    + (sample.map { #","sample":\#($0)"# } ?? "") + (more.isEmpty ? "" : "," + more) + "}"
}

extension ImportFixture {
  /// A store with the prompts p0, p1 ... and responses of a and b to each.
  convenience init(promptCount: Int) throws {
    try self.init()
    try importLines((0..<promptCount).map { completionsLine("p\($0)", [completion("a"), completion("b")]) })
  }

  /// Imports a matrix, given as the bytes of its file, with the lines of its index.
  @discardableResult
  func importMatrix(
    _ matrix: [UInt8], named name: String = "vectors.npy", _ index: [String], encoder: String = "e",
    tensor: String? = nil, keepsFloat32: Bool = false, replaces: Bool = false
  ) throws -> (commit: Commit?, report: ImportReport) {
    let files = [try folder.file(name, matrix), try file("index.jsonl", index)]
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    let options = ImportOptions(
      files: [files[0]], kind: .embeddings, replaces: replaces,
      embeddings: EmbeddingOptions(index: files[1], encoder: encoder, tensor: tensor, keepsFloat32: keepsFloat32))
    return try writing { try $0.importFiles(options, context: Self.context()) }
  }

  /// The error that such an import is refused with; nil where it isn't.
  func matrixRefusal(
    _ matrix: [UInt8], named name: String = "vectors.npy", _ index: [String], encoder: String = "e",
    tensor: String? = nil, keepsFloat32: Bool = false, replaces: Bool = false
  ) throws -> AufdbError? {
    do {
      try importMatrix(
        matrix, named: name, index, encoder: encoder, tensor: tensor, keepsFloat32: keepsFloat32, replaces: replaces)
      return nil
    } catch let error as AufdbError {
      return error
    }
  }

  /// The vector of a response, or of a prompt, as it is stored.
  func vector(
    _ promptID: String, _ model: String?, encoder: String = "e", at revision: Revision = .head
  ) throws
    -> [UInt8]?
  {
    let condition = model.map { "model = '\($0)'" } ?? "model IS NULL"
    let sql =
      "SELECT vector FROM embeddings WHERE prompt_id = '\(promptID)' AND encoder = '\(encoder)' AND \(condition)"
    guard case .blob(let bytes) = try rows(sql, at: revision).first?.first else { return nil }
    return bytes
  }
}

/// The index of a matrix whose rows are the responses p0 a, p0 b, p1 a ...
func responseIndex(_ rowCount: Int) -> [String] {
  (0..<rowCount).map { indexLine($0, "p\($0 / 2)", $0 % 2 == 0 ? "a" : "b") }
}

/// Elements of 16 bits that are finite, from a seed.
func randomHalves(_ count: Int, seed: UInt64) -> [UInt16] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    let half = UInt16(truncatingIfNeeded: generator.next())
    // Exponent 31 is that of infinity and NaN.
    return half & 0x7C00 == 0x7C00 ? half & 0xBFFF : half
  }
}
