// A run's configuration: every key, every refusal, with its line.

import Testing

@testable import Aufdb

@Suite("Run configuration") struct RunConfigurationTests {
  private func refusal(_ yaml: String) -> AufdbError? {
    do throws(AufdbError) {
      _ = try RunConfiguration(yaml: yaml, file: "loop.yaml")
      return nil
    } catch {
      return error
    }
  }

  @Test("every key is taken, and nothing else changes")
  func everyKey() throws {
    let values = [
      "models": "[ember, flint]", "samples": "3", "principles": "ultrafeedback", "name": "a run", "method": "dts",
      "method-parameters": "{beta: 2, max-iterations: 9}", "judge": "random",
      "judge-name": "coin", "judge-timeout": "1.5", "judge-restarts": "0", "encoder": "minilm",
      "features": "[log-length, embedding]", "seed": "9", "outer-batch": "3", "where": "\"source = 'x'\"",
      "allow-partial": "true", "heldout": "4", "budget": "5", "prompts": "6", "patience": "7", "heads": "8",
      "hidden": "9", "layers": "1", "beta": "0.5", "input-mean-square": "1", "learning-rate": "1e-4", "batch": "10",
      "steps": "11", "repeat": "false", "replay": "12", "centre": "0", "regularisation": "2",
      "regularisation-decay": "linear", "regularisation-base": "0.9", "regularisation-scaler": "4308",
      "checkpoint-every": "13",
    ]
    #expect(Set(values.keys) == Set(RunKey.all.map(\.name)), "each key is tried here")
    for key in RunKey.all {
      let value = try #require(values[key.name])
      let configuration = try RunConfiguration(yaml: "version: 1\n\(key.name): \(value)\n", file: "f")
      for other in RunKey.all {
        let isDefault = other.value(in: configuration) == other.value(in: RunConfiguration())
        #expect(isDefault == (other.name != key.name), "\(key.name) against \(other.name)")
      }
      // The default, as help shows it, is the default.
      let again = try RunConfiguration(yaml: "\(key.name): \(key.defaultText)\n", file: "f")
      #expect(again == RunConfiguration(), "\(key.name): \(key.defaultText)")
    }
    let all = try RunConfiguration(
      yaml: values.map { "\($0): \($1)\n" }.sorted().joined(), file: "f")
    #expect(all.methodParameters == ["beta": "2", "max-iterations": "9"])
    #expect(all.features == [.embedding, .logLength])
    #expect(all.condition == "source = 'x'" && all.learner.replayCount == 12 && all.learner.repeats == false)
  }

  @Test("an empty file is all defaults, and a key can be set by text")
  func defaults() throws {
    #expect(try RunConfiguration(yaml: "", file: "f") == RunConfiguration())
    #expect(try RunConfiguration(yaml: "# nothing\n", file: "f") == RunConfiguration())
    var configuration = try RunConfiguration(yaml: "budget: 5\nmethod: dts", file: "f")
    try configuration.set("budget", "null")
    try configuration.set("method-parameters", "beta=2,max-iterations=3")
    try configuration.set("features", "embedding,log-length")
    #expect(configuration.budget == nil && configuration.methodParameters["max-iterations"] == "3")
    #expect(configuration.features.count == 2)
    #expect(throws: AufdbError.self) { try configuration.set("version", "1") }
    try configuration.set("method", "dts")
    #expect(configuration.methodParameters.count == 2)
    try configuration.set("method", "deltaucb")
    #expect(configuration.methodParameters.isEmpty, "they belong to the other method")
  }

  @Test(
    "what a file can't say is refused with its line",
    arguments: [
      ("seed: 1\nsteeps: 3", 2, "there is no key 'steeps' in a run's configuration"),
      ("outer-batch: 0", 1, "outer-batch takes a whole number from 1 to 1000000, not '0'"),
      ("outer-batch: many", 1, "outer-batch takes a whole number from 1 to 1000000, not 'many'"),
      ("seed: -1", 1, "seed takes a whole number at least 0, not '-1'"),
      ("method:", 1, "method takes a text, not nothing"),
      ("\nlearning-rate: nan", 2, "learning-rate takes a number above 0.0, not 'nan'"),
      ("repeat: maybe", 1, "repeat takes true or false, not 'maybe'"),
      ("regularisation-decay: fast", 1, "regularisation-decay takes exponential or linear, not 'fast'"),
      ("judge: [a, b]", 1, "judge takes a text or null, not a list"),
      ("method-parameters: [a]", 1, "method-parameters takes parameters as {name: value}, not a list"),
      ("method-parameters: {a: [b]}", 1, "values don't nest so deep"),
      ("version: 2", 1, "this configuration is of version 2, and this aufdb reads up to 1"),
      ("version: new", 1, "version takes a whole number, not 'new'"),
      ("seed: 1\nseed: 2", 1, "the key 'seed' stands twice"),
      ("- seed", 1, "a configuration is a map of keys and values"),
      ("[seed]: 1", 1, "a key is a word"),
    ])
  func refusals(yaml: String, line: Int, message: String) {
    let error = refusal(yaml)
    #expect(error?.message == message)
    #expect(error?.kind == .badData)
    #expect(error?.place == AufdbError.Place(file: "loop.yaml", line: line))
  }

  @Test("text that isn't YAML", arguments: ["a: b: c", "{", "\"", "a: [1", "\tseed: 1"])
  func notYAML(text: String) {
    #expect(refusal(text)?.message.hasPrefix("not YAML: ") == true, "\(text): \(String(describing: refusal(text)))")
  }

  @Test("features without the embedding, unknown or twice")
  func features() {
    for text in ["[log-length]", "[embedding, size]", "[embedding, embedding]"] {
      #expect(refusal("features: \(text)")?.message.contains("features takes a list of features") == true, "\(text)")
    }
  }

  @Test("settings that don't go together")
  func combinations() throws {
    var configuration = RunConfiguration()
    #expect(throws: AufdbError.self) { try configuration.check() }
    configuration.judge = "random"
    try configuration.check()
    configuration.patience = 3
    #expect(throws: AufdbError.self) { try configuration.check() }
    configuration.heldoutCount = 5
    try configuration.check()
    configuration.name = "a\nb"
    #expect(throws: AufdbError.self) { try configuration.check() }
  }
}
