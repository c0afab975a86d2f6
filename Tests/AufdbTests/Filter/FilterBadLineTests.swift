// Every way in which a line of the filter can be bad: what is said, with the line's number, and what was written
// before it; and lines that are mutated at random, which must be bad or good, but never end the process.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@testable import Aufdb

/// A line that a method refuses, and what is said of it.
struct BadPrompt: CustomTestStringConvertible {
  let method: String
  let line: String
  let message: String
  let hint: String?

  init(_ method: String, _ line: String, _ message: String, hint: String? = nil) {
    (self.method, self.line, self.message, self.hint) = (method, line, message, hint)
  }

  /// A line of `drts`, with some members after the id.
  static func drts(_ members: String, _ message: String, hint: String? = nil) -> BadPrompt {
    BadPrompt("drts", #"{"prompt_id":"p",\#(members)}"#, message, hint: hint)
  }

  var testDescription: String { "\(message) <- \(line.prefix(80))" }

  static let json = [
    BadPrompt("random", "some text", "unexpected 's'"),
    BadPrompt("random", "[]", "expected an object, found an array"),
    BadPrompt("random", #"{"prompt_id":"p","rewards":[1,2]"#, "the text ends before its value does"),
    BadPrompt("random", #"{"prompt_id":"p","rewards":[1,2]} x"#, "something follows the value"),
    BadPrompt("random", #"{"prompt_id":"p","rewards":[1,2,]}"#, "a comma before a closing bracket"),
    BadPrompt("random", #"{"prompt_id":"p","x":[tru]}"#, "unexpected 't'"),
    BadPrompt(
      "random", #"{"rewards":[1,2],"prompt_id":"p","rewards":[1,2]}"#, #"the key "rewards" stands twice in one object"#),
    BadPrompt("maxmin", #"{"prompt_id":"p","scores":[1,NaN]}"#, "NaN or Infinity, which JSON does not have"),
    BadPrompt("maxmin", #"{"prompt_id":"p","scores":[1,-Infinity]}"#, "NaN or Infinity, which JSON does not have"),
    BadPrompt("maxmin", #"{"prompt_id":"p","scores":[1,1e999]}"#, "a number that is too large"),
    BadPrompt(
      "maxmin", #"{"prompt_id":"p","scores":[1,2],"rewards":[NaN]}"#, "NaN or Infinity, which JSON does not have"),
  ]

  static let ids = [
    BadPrompt("random", #"{"rewards":[1,2]}"#, "prompt_id is missing"),
    BadPrompt(
      "random", #"{"prompt_id":17,"rewards":[1,2]}"#, "prompt_id is a number, not a text",
      hint: #"write it in quotes: {"prompt_id":"17",...}"#),
    BadPrompt("random", #"{"prompt_id":null,"rewards":[1,2]}"#, "prompt_id is null, not a text"),
    BadPrompt("random", #"{"prompt_id":"","rewards":[1,2]}"#, "prompt_id is empty"),
    BadPrompt("random", #"{"prompt_id":"a\u0000","rewards":[1,2]}"#, "prompt_id has a control character"),
  ]

  static let columns = [
    drts(#""rewards":[1,2],"upper":[2,3]"#, "lower is missing", hint: "the method needs rewards, lower, upper"),
    drts(#""rewards":[1,2],"upper":null"#, "lower, upper are missing"),
    drts(#""rewards":[1]"#, "lower, upper are missing"),
    drts(#""rewards":[1,2],"lower":[0,1],"upper":[2]"#, "upper has 1 values, and rewards 2"),
    drts(#""upper":[2,3,4],"lower":[],"rewards":[1,2,3]"#, "lower has 0 values, and upper 3"),
    drts(#""rewards":[1,2],"lower":[0,3],"upper":[2,2.5]"#, "lower[1] = 3.0 is above upper[1] = 2.5"),
    drts(#""rewards":[1,null]"#, "rewards[1] is null, not a number"),
    drts(#""rewards":["1",2]"#, "rewards[0] is a string, not a number"),
    drts(#""rewards":{"a":1}"#, "rewards is an object, not an array"),
    drts(#""rewards":1"#, "rewards is a number, not an array"),
    drts(#""rewards":[1,-4e38]"#, "rewards[1] is too large: methods compute in single precision"),
    drts(#""rewards":[1,2],"lower":[[0],1]"#, "lower[0] is an array, not a number"),
    BadPrompt("maxmin", #"{"prompt_id":"p","scores":[1,true]}"#, "scores[1] is true or false, not a number"),
    BadPrompt("maxmin", #"{"prompt_id":"p","rewards":[1,2]}"#, "scores is missing", hint: "the method needs scores"),
    BadPrompt("maxmin", #"{"prompt_id":"p","scores":"12"}"#, "scores is a string, not an array"),
    BadPrompt(
      "ultrafeedback", #"{"prompt_id":"p","lower":[1,2]}"#, "rewards is missing", hint: "the method needs rewards"),
    BadPrompt(
      "random", #"{"prompt_id":"p","x":[1,2]}"#, "the line has nothing that tells how many responses there are",
      hint: "give one of rewards, lower, upper, scores, lengths, responses, models, heads, features"),
    BadPrompt("random", #"{"prompt_id":"p","scores":[1,2],"models":["a"]}"#, "models has 1 values, and scores 2"),
    BadPrompt("random", #"{"prompt_id":"p","scores":[1,2],"responses":["a"]}"#, "responses has 1 values, and scores 2"),
    BadPrompt("random", #"{"prompt_id":"p","responses":"ab"}"#, "responses is a string, not an array"),
  ]
}

@Suite("Bad lines of the filter") struct FilterBadLineTests {
  @Test(
    "stop the run with their number, after the pairs of the lines before",
    arguments: BadPrompt.json + BadPrompt.ids + BadPrompt.columns)
  func badLine(_ bad: BadPrompt) throws {
    let good = MadePrompt.several(3, seed: 1, counts: 2...5).map { prompt in
      prompt.line(["prompt_id", "rewards", "lower", "upper", "scores", "lengths"])
    }
    var options = try FilterOptions.settled(bad.method)
    if bad.method == "ultrafeedback" { options.parameters = ["by": "rewards"] }
    let expected = try options.run(good).lines
    #expect(expected.count == 3)

    let run = try options.run([good[0], good[1], "", bad.line, good[2]])
    #expect(run.lines == Array(expected.prefix(2)))
    #expect(run.error?.message == bad.message)
    #expect(run.error?.kind == .badData)
    #expect(run.error?.place == AufdbError.Place(file: "in", line: 4))
    if let hint = bad.hint { #expect(run.error?.hint == hint) }

    options.skipsBad = true
    let skipping = try options.run([good[0], bad.line, good[1], bad.line, good[2]])
    #expect(skipping.lines == expected)
    #expect(skipping.error == nil)
    #expect(skipping.report?.badLineCount == 2 && skipping.report?.promptCount == 3)
    #expect(skipping.report?.firstBadLine?.message == bad.message)
    #expect(skipping.report?.firstBadLine?.place?.line == 2)
  }

  /// A column, and whether its values are read or only counted, is the method's matter; this asks the columns alone.
  @Test(
    "columns that only some methods need",
    arguments: [
      (FilterKey.lengths, "[1,2.5]", "lengths[1] is not a whole number"),
      (.lengths, "[1,-2]", "lengths[1] is negative"),
      (.lengths, #"["a"]"#, "lengths[0] is a string, not a whole number"),
      (.lengths, "[99999999999999999999]", "lengths[0] is too large"),
      (.responses, #"["a",1]"#, "responses[1] is a number, not a text"),
      (.models, #"["a",null]"#, "models[1] is null, not a text"),
      (.models, #"{}"#, "models is an object, not an array"),
      (.heads, "[[1,2],[1]]", "heads[1] has 1 numbers, and heads[0] 2"), (.heads, "[[1],[]]", "heads[1] is empty"),
      (.heads, "[[],[]]", "heads[0] is empty"), (.heads, "[[1],2]", "heads[1] is a number, not an array"),
      (.features, "[[1],[null]]", "features[1][0] is null, not a number"),
      (.features, "[[1,2],[3,1e39]]", "features[1][1] is too large: methods compute in single precision"),
    ])
  func otherColumns(key: FilterKey, value: String, message: String) throws {
    var record = FilterRecord()
    let line = Array(#"{"prompt_id":"p","\#(key.rawValue)":\#(value)}"#.utf8)
    let error = line.withUnsafeBytes { bytes -> AufdbError? in
      do {
        try record.parse(bytes, needs: key.column, others: [])
        return nil
      } catch {
        return error as? AufdbError
      }
    }
    #expect(error == AufdbError(.badData, message))
  }

  @Test("responses give lengths in code points, unless there are lengths")
  func textLengths() throws {
    var record = FilterRecord()
    for (members, lengths) in [
      (#""responses":["","aé漢🙂","a\u00e9\ud83d\ude42\n"]"#, [0, 4, 4]),
      (#""responses":[1,2],"lengths":[5,6]"#, [5, 6]), (#""lengths":[5,6],"responses":[1]"#, [5, 6]),
      (#""lengths":[],"responses":["a"]"#, []), (#""lengths":null,"responses":["a","bc"]"#, [1, 2]),
    ] {
      let line = Array(#"{"prompt_id":"p",\#(members)}"#.utf8)
      try line.withUnsafeBytes { try record.parse($0, needs: .textLengths, others: []) }
      #expect(record.storage.textLengths == lengths, "\(members)")
      #expect(record.storage.count == lengths.count)
    }
  }

  @Test("a stream that is damaged ends the run, bad lines passed over or not")
  func damaged() throws {
    let folder = try ScratchFolder()
    let text = MadePrompt.several(200, seed: 5).map { $0.line() + "\n" }.joined()
    let bytes = try folder.compressed(Array(text.utf8), .zstd())
    for skipsBad in [false, true] {
      let run = try FilterOptions(method: "drts", skipsBad: skipsBad).run(Array(bytes.dropLast(10)))
      #expect(run.error?.kind == .badData)
      #expect(run.error?.message.contains("cut off") == true)
    }
  }

  @Test("what was asked for wrongly is refused before anything is read")
  func usage() {
    let cases = [
      (FilterOptions(method: "dtrs"), "there is no selection method 'dtrs'"),
      (FilterOptions(method: "drts", parameters: ["by": "rewards"]), "the method drts has no parameter 'by'"),
      (
        FilterOptions(method: "drts", parameters: ["beta": "-1"]),
        "method drts: beta can't be '-1.0': it must be a finite number of at least 0.0"
      ),
      (FilterOptions(method: "drts", judgedCount: 1), "1 judged responses make no pair"),
    ]
    for (options, message) in cases {
      let error = #expect(throws: AufdbError.self) { try SelectionFilter(options) }
      #expect(error?.kind == .usage)
      #expect(error?.message == message)
      #expect(error?.hint != nil)
    }
  }
}

@Suite("Mutated lines of the filter") struct FilterFuzzTests {
  /// What a mutation puts in: pieces of JSON that go wrong in many ways.
  private static let pieces = [
    "", "0", "1e39", "-", "1e-400", "null", "\"", "[", "]", "{", "}", ",", ":", "\\u", "\\ud800", "NaN", "[]", "[[]]",
    "\"a\"", "é", " ", "9999999999999999999999", "true", "\"prompt_id\"", "\u{0}", "-0.0", "3.4e38", "-3.4e38", "1e-45",
  ]

  @Test("are bad or good, whatever comes before them", arguments: SelectionMethods.names, [UInt64(1), 2, 3])
  func mutations(name: String, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let prompts = MadePrompt.several(150, seed: seed, counts: 0...6)
    let lines = prompts.map { mutated(Array($0.line().utf8), using: &generator) }
    var options = try FilterOptions.settled(name, seed: seed)
    options.skipsBad = true
    options.explains = seed == 2
    options.judgedCount = seed == 3 ? 3 : 2

    let run = try options.run(Array(lines.joined(separator: [0x0A])))
    let report = try #require(run.report, "seed \(seed)")
    #expect(report.badLineCount + report.promptCount == lines.count, "seed \(seed)")
    #expect(report.badLineCount > 0 && report.promptCount > 0, "seed \(seed)")
    // What comes out is JSON, and the same in another order.
    for line in run.lines { #expect(throws: Never.self, "seed \(seed): \(line)") { try JSONValue.reading(line) } }
    let shuffled = try options.run(Array(lines.shuffled(using: &generator).joined(separator: [0x0A])))
    #expect(shuffled.lines.sorted() == run.lines.sorted(), "seed \(seed)")
    #expect(shuffled.report?.badLineCount == report.badLineCount, "seed \(seed)")
    // A line that is bad in a run is bad alone.
    options.skipsBad = false
    let first = try options.run(Array(lines.joined(separator: [0x0A])))
    #expect(
      first.error
        == report.firstBadLine.map {
          AufdbError(.badData, $0.message, hint: $0.hint, at: .init(file: "in", line: $0.place?.line))
        }, "seed \(seed)")
  }

  /// One to three bytes or pieces replaced, in two of three lines.
  private func mutated(_ line: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var line = line
    guard generator.next() % 3 > 0 else { return line }
    for _ in 0...Int(generator.next() % 3) {
      let place = Int(generator.next() % UInt64(line.count))
      let end = min(line.count, place + Int(generator.next() % 4))
      if generator.next() % 4 == 0 {
        // Not a line end: that would make two lines of one.
        let byte = UInt8(truncatingIfNeeded: generator.next())
        line[place] = byte == 0x0A ? 0x0B : byte
      } else {
        line.replaceSubrange(
          place..<end, with: Array(Self.pieces[Int(generator.next() % UInt64(Self.pieces.count))].utf8))
      }
    }
    return line
  }
}
