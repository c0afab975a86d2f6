// What the filter's tests share: prompts from a seed with all columns, as numbers and as lines, and running the filter.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@testable import Aufdb

/// A prompt with every column there is.
struct MadePrompt {
  var id: String
  var storage = CandidateStorage()
  var models: [String] = []
  var texts: [String] = []

  private static let ids = ["p", "prompt-", "Frage „ß“ ", "漢字/", "a\\b\"", "🙂"]

  /// - Parameter count: k; its numbers are multiples of 1/16, so that few of them tie and all are exact.
  init(_ number: Int, count: Int, using generator: inout SeededGenerator) {
    id = Self.ids[Int(generator.next() % 6)] + "\(number)"
    func sixteenths(_ range: ClosedRange<Int>) -> Float { Float(Int.random(in: range, using: &generator)) / 16 }
    for _ in 0..<count {
      let reward = sixteenths(-128...128)
      storage.append(reward: reward, lower: reward - sixteenths(0...64), upper: reward + sixteenths(0...64))
      storage.scores.append(Double(Int.random(in: 10...100, using: &generator)) / 10)
      models.append("model-\(Int.random(in: 0..<max(2, count / 2), using: &generator))")
      texts.append(String(repeating: "aé漢🙂", count: Int.random(in: 0...30, using: &generator)))
      for _ in 0..<4 { storage.heads.append(reward + sixteenths(-64...64)) }
      for _ in 0..<3 { storage.features.append(sixteenths(-32...32)) }
    }
    for model in models { storage.append(model: model.utf8) }
    storage.textLengths = texts.map(\.unicodeScalars.count)
  }

  static func several(_ promptCount: Int, seed: UInt64, counts: ClosedRange<Int> = 0...13) -> [MadePrompt] {
    var generator = SeededGenerator(seed: seed)
    return (0..<promptCount).map {
      MadePrompt($0, count: Int.random(in: counts, using: &generator), using: &generator)
    }
  }

  /// Key -> value as JSON, for every key that the filter knows.
  var members: [String: String] {
    func list(_ values: [some Any]) -> String { "[" + values.map { "\($0)" }.joined(separator: ",") + "]" }
    func rows(_ values: [Float]) -> String {
      guard storage.count > 0 else { return "[]" }
      let length = values.count / storage.count
      return list((0..<storage.count).map { list(Array(values[$0 * length..<($0 + 1) * length])) })
    }
    return [
      "prompt_id": Self.quoted(id), "rewards": list(storage.rewards), "lower": list(storage.lower),
      "upper": list(storage.upper), "scores": list(storage.scores), "lengths": list(storage.textLengths),
      "responses": list(texts.map(Self.quoted)), "models": list(models.map(Self.quoted)),
      "heads": rows(storage.heads), "features": rows(storage.features),
    ]
  }

  /// The line with some of its keys, in that order; all where none are named.
  func line(_ keys: [String]? = nil) -> String {
    Self.object((keys ?? FilterKey.allCases.map(\.rawValue)).map { ($0, members[$0] ?? "null") })
  }

  static func object(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
  }

  static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return writer.text
  }

  /// The pair that the method picks without the filter.
  func pair(by method: any SelectionMethod, seed: UInt64) throws -> Pair? {
    switch try storage.select(by: method, random: method.randomKey(seed: seed).prompt(id)) {
    case .pair(let pair): pair
    case .skipped: nil
    }
  }

  /// The line that the filter writes for it.
  func written(_ first: Int, _ second: Int, more: String = "") -> String {
    "{\"prompt_id\":\(Self.quoted(id)),\"first\":\(first),\"second\":\(second)\(more)}"
  }
}

extension FilterOptions {
  /// A method with every parameter given, so that no default depends on the columns.
  static func settled(_ name: String, seed: UInt64 = 0) throws -> FilterOptions {
    let method = try SelectionMethods.make(name, parameters: requiredTexts(name), available: .all)
    return FilterOptions(
      method: name, parameters: Dictionary(uniqueKeysWithValues: method.parameters.map { ($0.name, $0.value.text) }),
      seed: seed)
  }

  /// The method as the filter makes it.
  func made() throws -> any SelectionMethod { try SelectionMethods.make(method, parameters: parameters) }

  /// What parameters without a default are for the made prompts: names of models.
  static func requiredTexts(_ name: String) -> [String: String] {
    let parameters = SelectionMethods.all.first { $0.name == name }?.parameterDefinitions ?? []
    return Dictionary(
      uniqueKeysWithValues: parameters.filter { $0.defaultText == nil }.enumerated().map {
        ($0.element.name, "model-\($0.offset)")
      })
  }

  /// Runs the filter over some bytes.
  ///
  /// - Returns: the lines that came out, the report, and what ended the run early.
  func run(_ bytes: [UInt8]) throws -> (lines: [String], report: FilterReport?, error: AufdbError?) {
    let folder = try ScratchFolder()
    let path = try folder.file("prompts", bytes)
    var output: [UInt8] = []
    var (report, failure): (FilterReport?, AufdbError?)
    do {
      report = try SelectionFilter(self).run(path: path, output: { output += $0 })
    } catch var error as AufdbError {
      #expect(error.place?.file == path)
      error.place?.file = "in"
      failure = error
    }
    #expect(output.isEmpty || output.last == UInt8(ascii: "\n"))
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(report == nil || report?.pairCount == lines.count)
    return (lines, report, failure)
  }

  func run(_ lines: [String]) throws -> (lines: [String], report: FilterReport?, error: AufdbError?) {
    try run(Array(lines.map { $0 + "\n" }.joined().utf8))
  }
}
