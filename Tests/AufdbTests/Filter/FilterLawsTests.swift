// What holds for every method: the filter's pairs are the method's own, whatever carries the lines, and a prompt's
// lines depend on nothing but that prompt's line.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Laws of the filter") struct FilterLawsTests {
  @Test("its pairs are those that the method picks", arguments: SelectionMethods.names, [UInt64(11), 12])
  func samePairs(name: String, seed: UInt64) throws {
    let prompts = MadePrompt.several(200, seed: seed)
    let options = try FilterOptions.settled(name, seed: seed)
    let method = try options.made()
    let expected = try prompts.compactMap { prompt in
      try prompt.pair(by: method, seed: seed).map { prompt.written($0.first, $0.second) }
    }
    let (lines, report, error) = try options.run(prompts.map { $0.line() })
    #expect(error == nil, "seed \(seed)")
    #expect(lines == expected, "seed \(seed)")
    #expect(report?.promptCount == 200)
    #expect((report?.skipped[.tooFewResponses] ?? 0) == prompts.filter { $0.storage.count < 2 }.count, "seed \(seed)")
    #expect(report.map { $0.pairCount + $0.skipped.values.reduce(0, +) } == 200, "seed \(seed)")
    #expect(report?.skipped[.lacksModel] == nil || name == "fixed-pair")
    #expect(!expected.isEmpty)
  }

  @Test("the columns that a method needs are enough", arguments: SelectionMethods.names, [UInt64(21)])
  func neededColumns(name: String, seed: UInt64) throws {
    let prompts = MadePrompt.several(100, seed: seed)
    let options = try FilterOptions.settled(name, seed: seed)
    let needs = try options.made().needs
    let whole = try options.run(prompts.map { $0.line() })
    // k has to come from somewhere where nothing is needed.
    let keys = FilterKey.allCases.filter { !needs.isDisjoint(with: $0.column) || (needs.isEmpty && $0 == .models) }
    for texts in [FilterKey.lengths, .responses] {
      var names = keys.filter { $0 != texts }.map(\.rawValue) + ["prompt_id"]
      #expect(try options.run(prompts.map { $0.line(names) }).lines == whole.lines, "without \(texts)")
      names.reverse()
      #expect(try options.run(prompts.map { $0.line(names) }).lines == whole.lines, "without \(texts), reversed")
    }
    // Others may hold any JSON; where nothing is needed, k comes from whatever there is.
    guard !needs.isEmpty else { return }
    let others = FilterKey.allCases.filter { needs.isDisjoint(with: $0.column) && $0 != .promptID }
    let awkward = prompts.map { prompt in
      MadePrompt.object(
        [("x", "{}")] + others.map { ($0.rawValue, #"[-1,{"a":[null]}]"#) }
          + (keys + [.promptID]).map { ($0.rawValue, prompt.members[$0.rawValue] ?? "") })
    }
    #expect(try options.run(awkward).lines == whole.lines)
  }

  @Test("any order and any shards give each prompt the same lines", arguments: SelectionMethods.names, [UInt64(31)])
  func orderAndShards(name: String, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let lines = MadePrompt.several(80, seed: seed).map { $0.line() }
    var options = try FilterOptions.settled(name, seed: seed)
    for (judgedCount, explains) in [(2, false), (4, true)] {
      options.judgedCount = judgedCount
      options.explains = explains
      let whole = try options.run(lines).lines
      #expect(try options.run(lines.shuffled(using: &generator)).lines.sorted() == whole.sorted(), "seed \(seed)")
      for shardCount in [2, 7] {
        // Shards of neighbours, so that putting the outputs one after the other gives the very same bytes.
        let cuts = (1..<shardCount).map { _ in Int.random(in: 0...lines.count, using: &generator) }.sorted()
        let sharded = try zip([0] + cuts, cuts + [lines.count]).flatMap { try options.run(Array(lines[$0..<$1])).lines }
        #expect(sharded == whole, "seed \(seed), cuts \(cuts)")
      }
    }
  }

  @Test("a default that depends on the columns is the one that fits them", arguments: SelectionMethods.names)
  func defaultsByColumns(name: String) throws {
    let prompts = MadePrompt.several(60, seed: 41)
    let method = try #require(SelectionMethods.all.first { $0.name == name })
    var options = FilterOptions(method: name, parameters: FilterOptions.requiredTexts(name), seed: 5)
    for needs in method.alternativeNeeds where !needs.isEmpty {
      let keys = FilterKey.allCases.filter { $0 == .promptID || !needs.isDisjoint(with: $0.column) }.map(\.rawValue)
      options.parameters = FilterOptions.requiredTexts(name)
      let byDefault = try options.run(prompts.map { $0.line(keys) })
      let made = try SelectionMethods.make(name, parameters: options.parameters, available: needs)
      #expect(made.needs == needs)
      options.parameters = Dictionary(uniqueKeysWithValues: made.parameters.map { ($0.name, $0.value.text) })
      let settled = try options.run(prompts.map { $0.line(keys) })
      #expect(byDefault.lines == settled.lines, "\(needs)")
      #expect(byDefault.error == nil && byDefault.report == settled.report)
    }
  }

  @Test("more judged responses give every pair among them", arguments: SelectionMethods.names, [3, 4, 20])
  func judged(name: String, judgedCount: Int) throws {
    let seed = UInt64(51)
    let prompts = MadePrompt.several(40, seed: seed)
    var options = try FilterOptions.settled(name, seed: seed)
    options.judgedCount = judgedCount
    let method = try options.made()
    var expected: [String] = []
    for prompt in prompts {
      let outcome = try prompt.storage.withCandidates { (candidates) throws(CandidatesError) in
        try method.pairs(
          PairDemand(responseCount: judgedCount), candidates,
          random: method.randomKey(seed: seed).prompt(prompt.id))
      }
      guard case .pairs(let pairs) = outcome else { continue }
      expected += pairs.map { prompt.written($0.first, $0.second) }
    }
    #expect(try options.run(prompts.map { $0.line() }).lines == expected)
  }

  @Test("what carries the lines doesn't matter", arguments: ["drts", "maxmin"])
  func carriers(name: String) throws {
    let lines = MadePrompt.several(50, seed: 61).map { $0.line() }
    let options = FilterOptions(method: name, seed: 3)
    let expected = try options.run(lines).lines
    let text = lines.joined(separator: "\n")
    let spaced = lines.map { "  " + $0.replacing(":[", with: " : [ ").replacing(",\"", with: "\t,\r \"") + " " }
    let folder = try ScratchFolder()
    let forms: [[UInt8]] = [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), Array(lines.joined(separator: "\r\n").utf8),
      Array(("\n \t\n" + lines.joined(separator: "\n\n\r\n") + "\n\n").utf8),
      Array(spaced.joined(separator: "\n").utf8), try folder.compressed(Array(text.utf8), .zstd()),
      try folder.compressed(Array(text.utf8), .gzip()),
    ]
    for (number, bytes) in forms.enumerated() {
      let run = try options.run(bytes)
      #expect(run.lines == expected, "form \(number): \(String(describing: run.error))")
    }
    let nothing = try options.run([UInt8]())
    #expect(nothing.lines == [] && nothing.report == FilterReport())
  }

  @Test("the same prompt twice gives the same pair twice")
  func twice() throws {
    let line = MadePrompt.several(1, seed: 71, counts: 8...8)[0].line()
    for name in SelectionMethods.names {
      let lines = try FilterOptions.settled(name, seed: 1).run([line, line]).lines
      #expect(lines.isEmpty || (lines.count == 2 && lines[0] == lines[1]), "\(name)")
    }
  }

  @Test("the seed matters where there is chance, and 0 is one like any other")
  func seeds() throws {
    let lines = MadePrompt.several(100, seed: 81).map { $0.line() }
    let results = try [0, 1, UInt64.max].map { try FilterOptions(method: "random", seed: $0).run(lines).lines }
    #expect(Set(results).count == 3)
  }
}
