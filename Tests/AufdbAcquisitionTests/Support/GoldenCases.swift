// The conformance cases that lie outside the repository: other implementations' answers for fixed inputs.

import AufdbAcquisition
import Foundation
import Testing

/// One line of golden.jsonl: n prompts of k responses, and the pairs expected of them.
struct GoldenCase: Decodable, CustomTestStringConvertible {
  let id: String
  let method: String
  let rewards: [[Float]]?
  let lower: [[Float]]?
  let upper: [[Float]]?
  let scores: [[Double]]?
  /// Absent where the reference stops with an error.
  let expected: [[Int]]?
  let orderIsSignificant: Bool?

  enum CodingKeys: String, CodingKey {
    case id, method, rewards, scores, expected
    case lower = "lower_bounds"
    case upper = "upper_bounds"
    case orderIsSignificant = "order_significant"
  }

  var testDescription: String { id }

  /// One storage a prompt.
  var prompts: [CandidateStorage] {
    if let scores { return scores.map { CandidateStorage(scores: $0) } }
    return (rewards ?? []).indices.map { row in
      CandidateStorage(rewards: rewards?[row] ?? [], lower: lower?[row] ?? [], upper: upper?[row] ?? [])
    }
  }

  /// The method under our name for it.
  var methodName: String { method == "maxmin_by_judge_score" ? "maxmin" : method }
}

/// One line of golden_stat.jsonl: one prompt, and the probability of each ordered pair.
struct GoldenLaw: Decodable, Sendable {
  struct Parameters: Decodable {
    let beta: Double?
    let maxIterations: Int?

    enum CodingKeys: String, CodingKey {
      case beta
      case maxIterations = "max_iterations"
    }
  }

  let id: String
  let method: String
  let params: Parameters
  let rewards: [Float]
  let lower: [Float]
  let upper: [Float]
  let probabilities: [[Double]]
  /// Given where the reference may pair a response with itself; the law that ours must follow.
  let probabilitiesWithoutReplacement: [[Double]]?

  enum CodingKeys: String, CodingKey {
    case id, method, params, rewards
    case lower = "lower_bounds"
    case upper = "upper_bounds"
    case probabilities = "probs_exact"
    case probabilitiesWithoutReplacement = "probs_without_replacement"
  }

  var law: [Double] { (probabilitiesWithoutReplacement ?? probabilities).flatMap { $0 } }

  /// The parameters as text, as the command line would give them.
  var parameterTexts: [String: String] {
    var texts: [String: String] = [:]
    texts["beta"] = params.beta.map { "\($0)" }
    texts["max-iterations"] = params.maxIterations.map { "\($0)" }
    return texts
  }
}

/// Where the cases are, and reading them.
enum GoldenData {
  /// ../shared/data/golden beside the repository's root.
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/data/golden").standardizedFileURL

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("golden.jsonl").path)
  }

  /// The cases of the methods that exist; none where the files are absent.
  static func cases() throws -> [GoldenCase] {
    try lines("golden.jsonl", of: GoldenCase.self).filter { SelectionMethods.names.contains($0.methodName) }
  }

  /// The laws of the methods that exist; none where the files are absent.
  static func laws() throws -> [GoldenLaw] {
    try lines("golden_stat.jsonl", of: GoldenLaw.self).filter { SelectionMethods.names.contains($0.method) }
  }

  private static func lines<Line: Decodable>(_ name: String, of type: Line.Type) throws -> [Line] {
    guard isPresent else { return [] }
    let text = try Data(contentsOf: folder.appendingPathComponent(name))
    let decoder = JSONDecoder()
    return try text.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Line.self, from: Data($0)) }
  }
}
