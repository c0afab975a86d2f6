// Principles: files of every wrong form, and draws that depend on nothing but their response.

import Testing

@testable import Aufdb

@Suite("Principles") struct PrinciplesTests {
  @Test("those that come with aufdb are four, in several wordings each, none twice")
  func shipped() throws {
    let principles = try Principles.shipped().principles
    #expect(principles.map(\.name) == ["helpfulness", "honesty", "truthfulness", "verbalized_calibration"])
    let prompts = principles.flatMap(\.systemPrompts)
    #expect(principles.allSatisfy { $0.systemPrompts.count >= 5 })
    #expect(Set(prompts).count == prompts.count)
    #expect(prompts.allSatisfy { !$0.isEmpty && !$0.hasSuffix("\n") })
  }

  @Test(
    "what such a file can't say is refused with its line",
    arguments: [
      ("", nil, "a file of principles is a map of keys and values, and this file is empty"),
      ("version: 1", nil, "a file of principles needs a key 'principles'"),
      ("version: 2\nprinciples: {a: [b]}", 1, "these principles are of version 2, and this aufdb reads up to 1"),
      ("version: one", 1, "version takes a whole number, not 'one'"),
      ("principals: {}", 1, "there is no key 'principals' in a file of principles"),
      ("principles: {}", 1, "there is no principle"),
      ("principles:\n  wit: be witty", 2, "wit takes a list of system prompts, not 'be witty'"),
      ("principles:\n  wit: []", 2, "wit takes a list of system prompts, not a list"),
      ("principles:\n  wit:\n    - a\n    - {b: c}", 4, "a system prompt of wit is no text, or an empty one"),
      ("principles:\n  wit:\n    - ''", 3, "a system prompt of wit is no text, or an empty one"),
      ("principles:\n  '': [a]", 2, "a principle's name can't be empty or hold control characters"),
    ])
  func badFile(_ yaml: String, _ line: Int?, _ message: String) {
    let error = refusal { () throws(AufdbError) in _ = try Principles(yaml: yaml, file: "p.yaml") }
    #expect(error?.kind == .badData)
    #expect(error?.message == message)
    #expect(error?.place == .init(file: "p.yaml", line: line))
  }

  @Test("a draw depends on the seed, the prompt, the model and the sample, and on nothing else")
  func draws() throws {
    let principles = try Principles.shipped()
    let first = principles.choose(promptID: "p1", model: "ember", sample: 0, seed: 7)
    for _ in 0..<3 { #expect(principles.choose(promptID: "p1", model: "ember", sample: 0, seed: 7) == first) }
    func differs(_ choices: (Int) -> Principles.Choice) -> Bool {
      Set((0..<20).map { choices($0).systemPrompt }).count > 5
    }
    #expect(differs { principles.choose(promptID: "p\($0)", model: "ember", sample: 0, seed: 7) })
    #expect(differs { principles.choose(promptID: "p1", model: "m\($0)", sample: 0, seed: 7) })
    #expect(differs { principles.choose(promptID: "p1", model: "ember", sample: $0, seed: 7) })
    #expect(differs { principles.choose(promptID: "p1", model: "ember", sample: 0, seed: UInt64($0)) })
  }

  @Test("every system prompt is drawn about equally often")
  func evenness() throws {
    let principles = try Principles(yaml: "principles: {a: [x, y], b: [z]}", file: "f")
    var counts: [String: Int] = [:]
    for number in 0..<4_000 {
      let choice = principles.choose(promptID: "\(number)", model: "m", sample: 0, seed: 1)
      #expect((choice.principle == "b") == (choice.systemPrompt == "z"))
      counts[choice.systemPrompt, default: 0] += 1
    }
    // Six standard deviations of a binomial count: 28 and 32.
    #expect(abs((counts["x"] ?? 0) - 1_000) < 170 && abs((counts["y"] ?? 0) - 1_000) < 170)
    #expect(abs((counts["z"] ?? 0) - 2_000) < 190)
  }
}
