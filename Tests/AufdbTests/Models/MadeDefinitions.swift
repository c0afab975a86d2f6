// Definitions, answers and texts that the tests of models share.

import AufdbTestSupport
import Glibc

@testable import Aufdb

/// A model on a server that nobody asks.
func madeModel(_ name: String = "ember", _ parameters: [ModelParameter] = [], server: String? = nil) -> ModelDefinition
{
  ModelDefinition(
    name: name, version: 1, serverModel: server ?? "\(name)-3b", parameters: parameters,
    access: ModelAccess(baseURL: "http://localhost:1/v1"))
}

/// A judge with one aspect, whose question is short.
func madeJudge(_ mode: JudgeMode, _ parameters: [ModelParameter] = []) throws -> JudgeDefinition {
  let rubric =
    switch mode {
    case .pointwise:
      try Rubric(
        name: "short", version: "1", mode: mode, system: "Rate.", question: "{prompt}|{response}|{aspect}",
        aspects: [.init("wit", "How witty?"), .init("length", "How long?")])
    case .pairwise:
      try Rubric(name: "short", version: "1", mode: mode, question: "{prompt}|{first}|{second}")
    }
  return JudgeDefinition(name: "critic", version: 1, endpoint: madeModel("ember", parameters), rubric: rubric)
}

func madeEncoder(
  dimensions: Int = 3, element: EmbeddingElement = .float32, _ parameters: [ModelParameter] = []
) -> EncoderDefinition {
  EncoderDefinition(
    name: "mini", version: 1, endpoint: madeModel("mini", parameters), dimensions: dimensions, element: element)
}

extension ModelRequest {
  var bodyText: String { String(decoding: body, as: UTF8.self) }
}

extension ChatAnswer {
  init(_ body: String) throws(ProtocolFault) { try self.init(body: Array(body.utf8)) }

  /// The answer of a judge with these tokens.
  static func of(_ tokens: [TokenLogprob]) -> ChatAnswer {
    ChatAnswer(text: tokens.first?.token ?? "", firstToken: tokens)
  }
}

/// What `body` throws; nil if nothing.
func fault(_ body: () throws(ProtocolFault) -> Void) -> ProtocolFault? {
  do throws(ProtocolFault) {
    try body()
    return nil
  } catch {
    return error
  }
}

func failure(_ body: () throws(ModelFailure) -> Void) -> ModelFailure? {
  do throws(ModelFailure) {
    try body()
    return nil
  } catch {
    return error
  }
}

func refusal(_ body: () throws(AufdbError) -> Void) -> AufdbError? {
  do throws(AufdbError) {
    try body()
    return nil
  } catch {
    return error
  }
}

extension SeededGenerator {
  /// Tokens of a distribution: digits, letters and others, in several spellings, which together have at most probability 1.
  mutating func tokens(_ words: [String]) -> [TokenLogprob] {
    let spellings: [(String) -> (String, [UInt8]?)] = [
      { ($0, nil) }, { (" \($0)", nil) }, { ("\u{2581}\($0)", nil) }, { ("\u{120}\($0)", nil) },
      { ("\u{FFFD}", Array($0.utf8)) }, { ("\($0)\n", nil) },
    ]
    var kinds = words.flatMap { word in spellings.map { $0(word) } } + [("The", nil), ("10", nil), ("", nil)]
    kinds.shuffle(using: &self)
    kinds = Array(kinds.prefix(Int.random(in: 1...20, using: &self)))
    let weights = kinds.map { _ in Double.random(in: 1e-9...1, using: &self) }
    let scale = Double.random(in: 0.2...1, using: &self) / weights.reduce(0, +)
    return zip(kinds, weights).map { TokenLogprob($0.0, log($1 * scale), bytes: $0.1) }
  }
}
