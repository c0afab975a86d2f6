// The conformance cases that lie outside the repository: other implementations' answers for fixed inputs.

import AufdbAcquisition
import Foundation
import Testing

/// One line of golden.jsonl: n prompts of k responses, and the pairs expected of them.
struct GoldenCase: Decodable, CustomTestStringConvertible {
  let id: String
  let method: String
  let category: String
  let params: [String: GoldenScalar]
  let rewards: [[Float]]?
  let lower: [[Float]]?
  let upper: [[Float]]?
  let scores: [[Double]]?
  /// Absent where the reference stops with an error.
  let expected: [[Int]]?
  let orderIsSignificant: Bool?
  /// False where only float32 arithmetic gives `expected`.
  let float64Agrees: Bool?
  /// Whether `expected` is the reference's mistake; then `intended`, where given, is what it meant.
  let isReferenceDefect: Bool?
  let intended: [[Int]]?
  /// A good pair where none was intended.
  let suggested: [[Int]]?

  enum CodingKeys: String, CodingKey {
    case id, method, category, params, rewards, scores, expected, intended, suggested
    case lower = "lower_bounds"
    case upper = "upper_bounds"
    case orderIsSignificant = "order_significant"
    case float64Agrees = "float64_agrees"
    case isReferenceDefect = "reference_defect"
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

  /// The pairs that ours must give, prompt by prompt: those expected, or meant. Nil where any pair will do.
  var pairs: [[Int]]? { isReferenceDefect == true ? intended : expected }

  /// Whether float32 rounds what pairs are compared by to the same number, so that `expected` is just the first pair.
  var saturates: Bool { method == "infomax" && ["saturation_tie", "underflow_tie"].contains(category) }
}

/// One line of golden_stat.jsonl: one prompt, and the probability of each ordered pair.
struct GoldenLaw: Decodable, Sendable {
  let id: String
  let method: String
  let params: [String: GoldenScalar]
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
}

/// A parameter's value in a case.
enum GoldenScalar: Decodable, Hashable, Sendable {
  case flag(Bool)
  case number(Double)
  case text(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// As the command line would give it: whole numbers without a point, flags as on and off.
  var text: String {
    switch self {
    case .flag(let flag): flag ? "on" : "off"
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .text(let text): text
    }
  }
}

extension [String: GoldenScalar] {
  /// The parameters under our names for them, without those that the method doesn't have; these must mean nothing.
  ///
  /// The reference stores a beta in methods that never use it, always 1, and a seed of its own generator.
  func texts(for method: String) throws -> [String: String] {
    let type = try #require(SelectionMethods.all.first { $0.name == method })
    var texts: [String: String] = [:]
    for (name, value) in self {
      let ours =
        ["argmax_tol": "tolerance", "use_candidate_set": "candidate-set"][name]
        ?? name.replacingOccurrences(of: "_", with: "-")
      if type.parameterDefinitions.contains(where: { $0.name == ours }) {
        texts[ours] = value.text
      } else {
        try #require(name == "seed" || name == "beta" && value == .number(1), "\(method) has no parameter \(name)")
      }
    }
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

  /// All cases; none where the files are absent. A method that doesn't exist here fails the tests that make it.
  static func cases() throws -> [GoldenCase] { try lines("golden.jsonl", of: GoldenCase.self) }

  /// All laws; none where the files are absent.
  static func laws() throws -> [GoldenLaw] { try lines("golden_stat.jsonl", of: GoldenLaw.self) }

  private static func lines<Line: Decodable>(_ name: String, of type: Line.Type) throws -> [Line] {
    guard isPresent else { return [] }
    let text = try Data(contentsOf: folder.appendingPathComponent(name))
    let decoder = JSONDecoder()
    return try text.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Line.self, from: Data($0)) }
  }
}
