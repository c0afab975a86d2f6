// Random records of every kind, from a small space, so that they meet each other often.

import AufdbTestSupport

@testable import Aufdb

/// Makes lines of one kind, the same from a seed.
struct RandomRecords {
  let kind: ImportKind
  /// Whether some of them are broken, and some contradict others.
  let isContradictory: Bool
  var generator: SeededGenerator

  init(_ kind: ImportKind, seed: UInt64, isContradictory: Bool) {
    self.kind = kind
    self.isContradictory = isContradictory
    generator = SeededGenerator(seed: seed)
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[Int(generator.next() % UInt64(values.count))] }
  private mutating func isOneIn(_ count: UInt64) -> Bool { generator.next() % count == 0 }

  mutating func line() -> String {
    let line =
      switch kind {
      case .completions, .ultrafeedback: prompt()
      case .responses: response()
      case .preferences: preference()
      case .scores: score()
      case .labels: label()
      default: estimate()
      }
    return isContradictory && isOneIn(8) ? broken(line) : line
  }

  /// A line with something wrong late in it.
  private mutating func broken(_ line: String) -> String {
    let cut = line.dropLast()
    return pick([String(cut), cut + #","x":NaN}"#, cut + #","prompt_id":5}"#, cut + #","y":"\ud800"}"#, "[\(line)]"])
  }

  /// A response's text: always the same for its names, unless contradictions are wanted.
  private mutating func text(_ promptID: String, _ model: String) -> String {
    "\(model) to \(promptID)" + (isContradictory && isOneIn(6) ? pick(["!", "?"]) : "")
  }

  private mutating func prompt() -> String {
    let promptID = pick(["x0", "x1", "x2"])
    let isRaw = kind == .ultrafeedback
    let models = pick([["a"], ["a", "b"], ["b", "c", "a"], ["b", "c", "b"], ["a", "a"], []])
    let names = isRaw ? ("custom_system_prompt", "response") : ("system_prompt", "response_text")
    let responses = models.map { model -> String in
      let score = isContradictory && isOneIn(5) ? "10" : "\(model.utf8.first ?? 0)"
      return #"{"model":"\#(model)","\#(names.0)":"be \#(model)","\#(names.1)":\#(text(promptID, model).quoted),"#
        + #""overall_score":\#(score),"annotations":{"h":{"Rating":"1"}}}"#
    }
    // Some are one but for case and white space.
    let question = isContradictory ? pick(["Ask \(promptID)", "ask  \(promptID) "]) : "Ask \(promptID)"
    let id = isRaw && !isOneIn(2) ? "" : #""prompt_id":"\#(promptID)","#
    let key = isRaw ? "instruction" : "prompt"
    return #"{\#(id)"\#(key)":\#(question.quoted),"completions":[\#(responses.joined(separator: ","))]}"#
  }

  private mutating func response() -> String {
    let promptID = pick(["x0", "x1", "p0", "p1"])
    let model = pick(["a", "b", "unknown"])
    let isThere = promptID.hasPrefix("p")
    let prompt = isThere && isOneIn(2) && !isContradictory ? "" : #","prompt":"Ask \#(promptID)""#
    let id = !isThere && isOneIn(3) ? "" : #""prompt_id":"\#(promptID)","#
    let answer =
      isThere && model != "unknown" && !isContradictory
      ? "\(model) says \(promptID.dropFirst())" : text(promptID, model)
    return #"{\#(id)"model":"\#(model)","response":\#(answer.quoted)\#(prompt)}"#
  }

  private mutating func preference() -> String {
    let promptID = pick(["x0", "x1", "x2"])
    let models = pick([("a", "b"), ("c", "a"), ("unknown", "unknown"), ("b", "c")])
    let texts =
      models.0 == "unknown"
      ? ("better \(promptID)", "worse \(promptID)") : (text(promptID, models.0), text(promptID, models.1))
    let question = "Ask \(promptID)"
    let isWhole = isOneIn(2)
    let (chosen, rejected) =
      isWhole
      ? (conversation(question, texts.0), conversation(question, isContradictory && isOneIn(9) ? texts.0 : texts.1))
      : (texts.0.quoted, texts.1.quoted)
    let prompt = isWhole && isOneIn(2) ? "" : #","prompt":\#(question.quoted)"#
    let id = isOneIn(3) ? "" : #","prompt_id":"\#(promptID)""#
    let names = models.0 == "unknown" ? "" : #","chosen_model":"\#(models.0)","rejected-model":"\#(models.1)""#
    return #"{"chosen":\#(chosen),"rejected":\#(rejected)\#(prompt)\#(id)\#(names)}"#
  }

  private mutating func score() -> String {
    let (promptID, model) = (pick(isContradictory ? ["p0", "p1", "p9"] : ["p0", "p1"]), pick(["a", "b"]))
    let score = isContradictory && isOneIn(4) ? #""high""# : "\(promptID.utf8.count + model.utf8.count)"
    return #"{"prompt_id":"\#(promptID)","model":"\#(model)","judge":"\#(pick(["j", "k"]))","score":\#(score)}"#
  }

  private mutating func label() -> String {
    let (promptID, judge) = (pick(isContradictory ? ["p0", "p1", "p9"] : ["p0", "p1"]), pick(["j", "k"]))
    let models = isContradictory ? pick([("a", "b"), ("b", "a"), ("a", "a"), ("a", "b")]) : ("a", "b")
    return labelLine(promptID, models.0, over: models.1, judge: judge)
  }

  private mutating func estimate() -> String {
    let (promptID, model) = (pick(isContradictory ? ["p0", "p1", "p9"] : ["p0", "p1"]), pick(["a", "b"]))
    let reward = isContradictory && isOneIn(4) ? pick([2.0, 7]) : 0.5
    let heads = isContradictory ? pick(["", #","heads":[1]"#, #","heads":[1,2]"#]) : ""
    let snapshot = isOneIn(2) ? "" : #","snapshot":"\#(pick(["s", "t"]))""#
    return
      #"{"prompt_id":"\#(promptID)","model":"\#(model)","reward":\#(reward),"lower":0,"upper":1\#(heads)\#(snapshot)}"#
  }
}
