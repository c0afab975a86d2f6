// Embeddings beside others: the same again, other ones, and those that can't stand beside what is there.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Embeddings that are there already") struct EmbeddingsConflictTests {
  private let store: ImportFixture
  private let index = responseIndex(2)

  init() throws {
    store = try ImportFixture(promptCount: 2)
    try store.importMatrix(Self.matrix([1, 2, 3, 4]), index)
  }

  private static func matrix(_ values: [Float16], dimension: Int = 2) -> [UInt8] {
    MatrixFiles.npy("<f2", rows: values.count / dimension, dimension: dimension, MatrixFiles.bytes(values))
  }

  @Test("the same vector is passed over; a row beside it is new")
  func same() throws {
    #expect(try store.importMatrix(Self.matrix([1, 2, 3, 4]), index).commit == nil)
    #expect(try store.importMatrix(Self.matrix([1, 2, 3, 4]), index, replaces: true).commit == nil)
    let (_, report) = try store.importMatrix(
      Self.matrix([3, 4, 5, 6]),
      [
        indexLine(0, "p0", "b"), indexLine(1, "p1", "a"),
      ])
    #expect(report.added == [.embeddings: 1] && report.unchangedCount == 1 && report.retired == [:])
  }

  @Test("another vector is refused, or becomes the new version")
  func other() throws {
    let other = Self.matrix([1, 2, 3, -4])
    let refusal = try store.matrixRefusal(other, index)
    #expect(
      refusal
        == AufdbError(
          .badData, "e's vector of b for 'p0' is there already and differs",
          hint: "name another encoder with --encoder, or add --replace to make this its new version",
          at: .init(file: store.folder.path("index.jsonl"), line: 2)))
    // -0.0 is another element than 0.0.
    #expect(try store.importMatrix(Self.matrix([0, 0]), [indexLine(0, "p1", "b")]).commit != nil)
    #expect(try store.matrixRefusal(Self.matrix([0, -0.0]), [indexLine(0, "p1", "b")])?.kind == .badData)

    let (_, report) = try store.importMatrix(other, index, replaces: true)
    #expect(report.added == [.embeddings: 1] && report.retired == [.embeddings: 1] && report.unchangedCount == 1)
    #expect(try store.vector("p0", "b") == MatrixFiles.bytes([3 as Float16, -4]))
    #expect(try store.vector("p0", "b", at: "HEAD~1") == MatrixFiles.bytes([3 as Float16, 4]))
    #expect(try store.isSound())
  }

  @Test("a key that stands twice in one index is refused if its vectors differ, and passed over if not")
  func twice() throws {
    let index = [indexLine(0, "p1", nil), indexLine(1, "p1", nil)]
    let refusal = try store.matrixRefusal(Self.matrix([1, 2, 1, 3]), index, replaces: true)
    #expect(refusal?.message == "e's vector of the prompt 'p1' is there already and differs")
    #expect(refusal?.hint == "it stands twice in this import, and the two differ")
    #expect(refusal?.place?.line == 2)
    let (_, report) = try store.importMatrix(Self.matrix([1, 2, 1, 2]), index)
    #expect(report.added == [.embeddings: 1] && report.unchangedCount == 1)
  }

  @Test("all vectors of an encoder have one dimension and one element; another encoder has its own")
  func shapes() throws {
    let name = "name another encoder with --encoder"
    let single = MatrixFiles.npy("<f4", rows: 1, dimension: 2, MatrixFiles.bytes([1 as Float, 2]))
    let place = AufdbError.Place(file: store.folder.path("vectors.npy"))
    for replaces in [false, true] {
      let wide = try store.matrixRefusal(
        Self.matrix([1, 2, 3], dimension: 3), [indexLine(0, "p0", nil)], replaces: replaces)
      #expect(
        wide
          == AufdbError(
            .badData, "the store's vectors of 'e' are 2 x f16, and these would be 3 x f16", hint: name, at: place))
      let kept = try store.matrixRefusal(single, [indexLine(0, "p0", nil)], keepsFloat32: true, replaces: replaces)
      #expect(
        kept
          == AufdbError(
            .badData, "the store's vectors of 'e' are 2 x f16, and these would be 2 x f32",
            hint: "leave out --keep-float32, or \(name)", at: place))
    }
    try store.importMatrix(single, [indexLine(0, "p0", nil)], encoder: "f", keepsFloat32: true)
    #expect(
      try store.matrixRefusal(single, [indexLine(0, "p1", nil)], encoder: "f")
        == AufdbError(
          .badData, "the store's vectors of 'f' are 2 x f32, and these would be 2 x f16",
          hint: "add --keep-float32, or \(name)", at: place))
    #expect(
      try store.matrixRefusal(Self.matrix([1, 2]), [indexLine(0, "p1", nil)], encoder: "f")?.hint == name)
    // What fits comes in beside it.
    try store.importMatrix(single, [indexLine(0, "p1", nil)], encoder: "f", keepsFloat32: true)
    try store.importMatrix(single, [indexLine(0, "p1", nil)], encoder: "e")
    #expect(try store.count(.embeddings) == 5)
  }

  @Test("what isn't kept anyway can't be asked to be kept")
  func nothingToKeep() throws {
    #expect(
      try store.matrixRefusal(Self.matrix([1, 2]), [indexLine(0, "p1", nil)], encoder: "g", keepsFloat32: true)
        == AufdbError(
          .usage, "the elements are float16: there is no float32 to keep", hint: "leave out --keep-float32",
          at: .init(file: store.folder.path("vectors.npy"))))
  }

  @Test("the shape is that of the branch, where another one's vectors aren't seen")
  func branches() throws {
    _ = try store.writing { try $0.createRef(.branch, RefName("side"), at: "HEAD~1") }
    let file = try store.folder.file("v.npy", Self.matrix([1, 2, 3], dimension: 3))
    let options = ImportOptions(
      files: [file],
      embeddings: EmbeddingOptions(index: try store.file("i.jsonl", [indexLine(0, "p0", "a")]), encoder: "e"))
    let context = CommitContext(branch: "side", author: "tester", milliseconds: 1_700_000_000_000)
    #expect(try store.writing { try $0.importFiles(options, context: context) }.commit != nil)
    #expect(try store.isSound())
  }
}
