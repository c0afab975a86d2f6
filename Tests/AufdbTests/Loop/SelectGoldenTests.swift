// The pairs that each method picks from the sample that ships, at a fixed seed: they never change.

import Foundation
import Testing

@testable import Aufdb

@Suite("Pairs of the sample") struct SelectGoldenTests {
  /// tools/sample at the top of the repository.
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "tools/sample")

  struct Golden: CustomTestStringConvertible {
    let testDescription: String
    let options: SelectOptions
    /// For each prompt, in the order of their ids, the initials of the first and the second model.
    let pairs: String

    init(_ method: String, _ parameters: [String: String] = [:], pairs: String) {
      options = SelectOptions(method: method, parameters: parameters, seed: 42)
      testDescription = ([method] + parameters.sorted { $0.key < $1.key }.map { "\($0) \($1)" }).joined(separator: " ")
      self.pairs = pairs
    }
  }

  static let goldens = [
    Golden(
      "random",
      pairs: "eb fb da ae fe af ce be ba ec ac ae fa bc ea de cb fa ed dc ed bd ab db fc ac fa cd fb cb bd df "
        + "ab bc fc df ba da fa bd ef ef ad fd ed ac bc ea af cf de eb ac af af de fe ce ec fa bf fd bd ab"),
    Golden(
      "ultrafeedback",
      pairs: "de ad ae ad be ad ac ab ab de eb db bc ad ad ae ec ab ad bf bd ae de cf ce af dc bf ec ba bc bc "
        + "ad ac af cb ba ca bf db ab ad cf bf bf bf bd ad af bc ac ae db be ca ac ac cb ab ae bc ad db bd"),
    Golden(
      "ultrafeedback", ["by": "scores"],
      pairs: "de ad ae ad be ad ac ab ba be eb db ac ad ad ae ec ab ad ab bd ae de cf ce af dc bf bc ba bc bc "
        + "ad ac af bd ae ca bf db ab ad cf bf bf df bd ad af bc ac ae eb be ac ac ac cb ab ae bc ad db bd"),
    Golden(
      "maxmin",
      pairs: "cf ae af ad ae af af af be af ef af ae af af ae af af ad af ae ae df ad ce af df af fd bf af af "
        + "af af ad be ae cf bf df af cf af bd be af af ef af bf ae af ef cf af ae af fd af af ae af df af"),
    Golden(
      "drts",
      pairs: "cf ce ad ad bf ad be ae bf af ef de af ad ae be ed af bd bc ae af df ad ae bf de af fc be ae ad "
        + "af bd ad ce ae ae bf df af be af bd bd df ac ef be be ad af ef db af ae be cf ac af af bd de af"),
    Golden(
      "drts", ["beta": "0.5", "max-iterations": "3"],
      pairs: "cf ae ae ad af ad bf ae bf af ef de ae ad ae ae ed af ad bc ae af df af ae bf de af fc be ae ad "
        + "af ad ad ce be ce bf df af be af bd bd af ac ef be be ad af af df cf ae bf cd ac ae ac be dc af"),
    Golden(
      "deltaucb",
      pairs: "df ae fe af af ae bf af af df ed de bf ad ae ae ed af fe ef ae af df af ce bf de af fd bf be af "
        + "af ad af ce fe cf bf df cf bf af ef bd af ae ef be bf af af ef cf ef fe bf fd af ae af ae de af"),
  ]

  @Test("are those that they always were", arguments: goldens)
  func golden(_ golden: Golden) throws {
    let store = try ImportFixture()
    try store.importFiles(
      ["completions.jsonl", "estimates.jsonl"].map { Self.folder.appending(path: $0).path(percentEncoded: false) })
    let (_, report) = try store.select(golden.options)
    #expect(report.selectedCount == 64)
    let pairs = try store.texts(
      "SELECT substr(first_model, 1, 1) || substr(second_model, 1, 1) FROM selections ORDER BY prompt_id")
    #expect(pairs.compactMap(\.self).joined(separator: " ") == golden.pairs)
  }
}
