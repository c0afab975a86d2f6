// Rubrics: files of every wrong form, places filled in one pass, and the ones that come with aufdb.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Rubrics") struct RubricTests {
  private static let pointwise = """
    name: brevity
    version: 2
    mode: pointwise
    system: You grade.
    question: "{prompt} {response} {aspect}"
    aspects:
      brevity: Is it brief?
      wit: "Is it \\"witty\\"?"
    least_mass: 0.25
    """

  @Test("a file has what it says")
  func file() throws {
    let rubric = try Rubric(yaml: Self.pointwise, file: "brevity.yaml")
    #expect(rubric.name == "brevity" && rubric.version == "2" && rubric.mode == .pointwise)
    #expect(rubric.system == "You grade." && rubric.leastMass == 0.25)
    #expect(rubric.aspects == [.init("brevity", "Is it brief?"), .init("wit", "Is it \"witty\"?")])
    let pair = try Rubric(
      yaml: "name: p\nversion: 1\nmode: pairwise\nquestion: '{prompt}{second}{first}'", file: "f")
    #expect(pair.system == nil && pair.aspects.isEmpty && pair.leastMass == Rubric.defaultLeastMass)
  }

  @Test(
    "what a rubric can't be is refused with its line",
    arguments: [
      ("", nil, "a rubric is a map of keys and values, and this file is empty"),
      ("- a", 1, "a rubric is a map of keys and values"),
      ("name: [", 2, "not YAML: did not find expected node content"),
      ("name: a\nname: b", 1, "the key 'name' stands twice"),
      ("name: a\nquestoin: b", 2, "there is no key 'questoin' in a rubric"),
      ("version: 1", 1, "a rubric needs a key 'name' with a text"),
      ("name: a\nversion:", 1, "a rubric needs a key 'version' with a text"),
      ("name: [a]", 1, "name takes a text, not a list"),
      ("name: a\nversion: 1\nmode: listwise", 3, "mode takes pointwise or pairwise, not 'listwise'"),
      ("name: a\nversion: 1\nmode: pairwise", 1, "a rubric needs a key 'question' with a text"),
    ])
  func badFile(_ yaml: String, _ line: Int?, _ message: String) {
    let error = refusal { () throws(AufdbError) in _ = try Rubric(yaml: yaml, file: "r.yaml") }
    #expect(error?.kind == .badData)
    #expect(error?.message == message)
    #expect(error?.place == .init(file: "r.yaml", line: line))
  }

  @Test(
    "a question without its places, or with others, is refused",
    arguments: [
      ("pointwise", "{prompt} {response}", "the question of a pointwise rubric has no place {aspect}"),
      ("pointwise", "{response} {aspect}", "the question of a pointwise rubric has no place {prompt}"),
      ("pairwise", "{prompt} {first}", "the question of a pairwise rubric has no place {second}"),
      ("pairwise", "{prompt} {first} {secnd}", "nothing fills the place {secnd} of a pairwise rubric"),
      ("pairwise", "{prompt} {first} {second} {aspect}", "nothing fills the place {aspect} of a pairwise rubric"),
      ("pairwise", "prompt first second", "the question of a pairwise rubric has no place {prompt}"),
    ])
  func badPlaces(_ mode: String, _ question: String, _ message: String) {
    var yaml = "name: a\nversion: 1\nmode: \(mode)\nquestion: '\(question)'"
    if mode == "pointwise" { yaml += "\naspects: {a: b}" }
    let error = refusal { () throws(AufdbError) in _ = try Rubric(yaml: yaml, file: "r.yaml") }
    #expect(error?.message == message)
    #expect(error?.hint != nil)
    #expect(error?.place?.line == 4)
  }

  @Test(
    "aspects, texts and masses that make no sense are refused",
    arguments: [
      ("aspects: {a: b}", "a pairwise rubric has no aspects"),
      ("aspects: [a]", "aspects is a map of keys and values"),
      ("aspects: {a: }", "aspects needs a key 'a' with a text"),
      ("system: 'See {prompt}.'", "the place {prompt} stands outside the question"),
      ("least_mass: 1.5", "least_mass is a number from 0 to 1"),
      ("least_mass: nan", "least_mass is a number from 0 to 1"),
      ("least_mass: much", "least_mass takes a number from 0 to 1, not 'much'"),
    ])
  func badFields(_ line: String, _ message: String) {
    let yaml = "name: a\nversion: 1\nmode: pairwise\nquestion: '{prompt}{first}{second}'\n\(line)\n"
    let error = refusal { () throws(AufdbError) in _ = try Rubric(yaml: yaml, file: "r.yaml") }
    #expect(error?.message == message)
  }

  @Test("a pointwise rubric has aspects, each once")
  func aspects() {
    for aspects: [Rubric.Aspect] in [[], [.init("a", "b"), .init("a", "c")], [.init("", "b")], [.init("a", "")]] {
      #expect(throws: AufdbError.self) {
        try Rubric(
          name: "a", version: "1", mode: .pointwise, question: "{prompt}{response}{aspect}", aspects: aspects)
      }
    }
  }

  @Test("what is filled in is not looked at again, and other braces stay")
  func filling() {
    let template = "{{prompt}} {\"a\": {}} {Prompt} {first }{second}{ {first}"
    let filled = template.filled([.prompt: "{first}{", .first: "}{second}", .second: ""])
    #expect(filled == "{{first}{} {\"a\": {}} {Prompt} {first }{ }{second}")
  }

  @Test("filling puts each text where its place was, whatever the texts are", arguments: 0..<50 as Range<UInt64>)
  func fillingLaw(seed: UInt64) {
    var draw = SeededGenerator(seed: seed)
    let words = ["{prompt}", "{response}", "x", "{", "}", "{}", " ", "{x y}"]
    let parts = (0..<8).map { _ in words[Int.random(in: 0..<words.count, using: &draw)] }
    let (prompt, response) = (draw.string(length: 9) + "{response}", draw.string(length: 9) + "{prompt}")
    // A brace before a place doesn't belong to it; one right behind another part could make a place of both: a mark
    // between them prevents that.
    let expected = parts.map { $0 == "{prompt}" ? prompt : $0 == "{response}" ? response : $0 }
    let filled = parts.joined(separator: "|").filled([.prompt: prompt, .response: response])
    #expect(filled == expected.joined(separator: "|"), "seed \(seed)")
  }

  @Test("a rubric comes back from a definition as it was")
  func json() throws {
    for rubric in Rubric.shipped + [try Rubric(yaml: Self.pointwise, file: "f")] {
      var writer = JSONWriter()
      rubric.write(to: &writer)
      #expect(try writer.withBytes { try Rubric(json: $0) } == rubric)
    }
    for text in ["", "[]", "{}", #"{"name": 1}"#, #"{"name":"a","version":"1","mode":"x","question":""}"#] {
      let error = refusal { () throws(AufdbError) in
        try Array(text.utf8).lend { bytes throws(AufdbError) in _ = try Rubric(json: bytes) }
      }
      #expect(error?.kind == .badData, "\(text)")
    }
  }

  @Test("those that come with aufdb can be read, and say how to answer")
  func shipped() throws {
    #expect(Rubric.shipped.map(\.name) == ["ultrafeedback", "preference"])
    #expect(Rubric.shipped.map(\.mode) == [.pointwise, .pairwise])
    #expect(Rubric.shippedFiles.count == Rubric.shipped.count)
    let aspects = try Rubric.named("ultrafeedback").aspects
    #expect(aspects.map(\.name) == ["instruction_following", "honesty", "truthfulness", "helpfulness"])
    for aspect in aspects {
      for level in 1...5 { #expect(aspect.text.contains("\n\(level) - "), "\(aspect.name) has a level \(level)") }
    }
    #expect(try Rubric.named("ultrafeedback").question.contains("one digit from 1 to 5"))
    #expect(try Rubric.named("preference").question.contains("A or B"))
    let error = refusal { () throws(AufdbError) in _ = try Rubric.named("preferences") }
    #expect(error?.hint == "did you mean preference?")
    #expect(refusal { () throws(AufdbError) in _ = try Rubric.named("x") }?.hint?.contains("ultrafeedback") == true)
  }
}
