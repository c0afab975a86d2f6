// Every way in which a line can be bad: what the command says, that it names the line, and that nothing was changed.

import Testing

@testable import AufdbCLI

/// A bad line and what is wrong with it.
struct BadLine: CustomTestStringConvertible {
  let bytes: [UInt8]
  let error: String

  init(_ text: String, _ error: String) { (bytes, self.error) = (Array(text.utf8), error) }
  init(_ bytes: [UInt8], _ error: String) { (self.bytes, self.error) = (bytes, error) }

  /// A line of completions with some fields of the prompt's replaced.
  static func prompt(_ fields: String, _ error: String) -> BadLine {
    BadLine("{\(fields)}", error)
  }

  /// A line with one completion of these fields.
  static func completion(_ fields: String, _ error: String) -> BadLine {
    BadLine(#"{"prompt_id":"x","prompt":"q","completions":[{\#(fields)}]}"#, error)
  }

  var testDescription: String { "\(error) <- \(String(decoding: bytes.prefix(80), as: UTF8.self).debugDescription)" }
}

@Suite("Bad lines") struct BadLineTests {
  @Test("what is no JSON object", arguments: BadLine.notJSON + BadLine.notText + BadLine.notNumbers)
  func notJSON(_ line: BadLine) throws {
    try expectRefused(line, as: "completions", after: CommandStage.completions)
    try expectRefused(line, as: "estimates", after: CommandStage.estimates)
    try expectRefused(line, as: "labels", after: BadLine.goodLabels)
  }

  @Test("fields of a prompt", arguments: BadLine.promptFields)
  func promptFields(_ line: BadLine) throws {
    try expectRefused(line, as: "completions", after: CommandStage.completions)
  }

  @Test("fields of a completion", arguments: BadLine.completionFields)
  func completionFields(_ line: BadLine) throws {
    try expectRefused(line, as: "completions", after: CommandStage.completions)
  }

  @Test("fields of an estimate", arguments: BadLine.estimateFields)
  func estimateFields(_ line: BadLine) throws {
    try expectRefused(line, as: "estimates", after: CommandStage.estimates)
  }

  @Test("fields of a label", arguments: BadLine.labelFields)
  func labelFields(_ line: BadLine) throws {
    try expectRefused(line, as: "labels", after: BadLine.goodLabels)
  }

  @Test("what to do about a label's line")
  func labelHints() throws {
    let stage = try CommandStage()
    let keep = "they are two names of one field: keep one of them"
    let cases = [
      (
        #""chosen":"a","chosen_model":"a","rejected":"b","judge":"j""#, "chosen and chosen_model stand in one line",
        keep
      ),
      (
        #""chosen":"a","rejected":{"model":"b","sample":0},"rejected_sample":0,"judge":"j""#,
        "rejected.sample and rejected_sample stand in one line", keep
      ),
      (
        #""chosen":"a","rejected":"b""#, "judge is missing",
        "add it to the line, or name one for all such lines with --judge NAME"
      ),
      (
        #""chosen":"a","rejected":"z","judge":"j""#, "there is no response of z (sample 0) to the prompt 'p1'",
        "import the completions first"
      ),
    ]
    for (fields, error, hint) in cases {
      let file = try stage.file("bad.jsonl", BadLine.goodLabels + #"{"prompt_id":"p1",\#(fields)}"#)
      try stage.expectRefused(
        ["import", stage.store, file], exitCode: 65, error: "\(error) ({}/bad.jsonl:3)", hint: hint)
    }
    let file = try stage.file("good.jsonl", BadLine.goodLabels)
    try stage.expectRefused(
      ["import", stage.store, file, "--judge", ""], exitCode: 64,
      error: "a judge's name can't be empty or hold control characters")
  }

  @Test("labels that the store has otherwise")
  func labelConflicts() throws {
    let stage = try CommandStage()
    try stage.expectDone("import", stage.store, stage.file("labels.jsonl", BadLine.goodLabels))
    let replace = "add --replace to make this its new version"
    let twice = "it stands twice in this import, and the two differ"
    let flipped = #"{"prompt_id":"p1","chosen":"a","rejected":"b","judge":"ada"}"#
    let other = #"{"prompt_id":"p1","chosen":"b","rejected":"a","judge":"eve"}"#
    let cases = [
      ([], flipped, "ada's label of a and b for 'p1' is there already and differs", replace),
      (
        [], #"{"prompt_id":"p2","chosen":"a","rejected":"b"}"#,
        "ada's label of a and b for 'p2' is there already and differs", replace
      ),
      (
        ["--replace"], other + "\n" + flipped.replacing("ada", with: "eve"),
        "eve's label of a and b for 'p1' is there already and differs", twice
      ),
      (
        ["--replace"], flipped + "\n" + BadLine.goodLabels,
        "ada's label of b and a for 'p1' is there already and differs", twice
      ),
    ]
    for (options, lines, error, hint) in cases {
      let file = try stage.file("bad.jsonl", "\n" + lines)
      let line = options.isEmpty ? 2 : 3
      try stage.expectRefused(
        ["import", stage.store, file, "--as", "labels", "--judge", "ada"] + options, exitCode: 65,
        error: "\(error) ({}/bad.jsonl:\(line))", hint: hint)
    }
    let run = CommandStage.run(
      ["import", stage.store, try stage.file("new.jsonl", flipped), "--as", "labels", "--replace"])
    #expect(run.exitCode == 0)
    #expect(run.error.contains("] Import 1 label from new.jsonl\n") && run.error.contains("1 rows have a new version"))
  }

  @Test("a last line that was cut off, wherever", arguments: [1, 5, 30, 40, 60, 80, 100, 120])
  func cutOff(count: Int) throws {
    let line =
      #"{"prompt_id":"x","prompt":"q\u00e9é","completions":[{"model":"a","response_text":"r","#
      + #""overall_score":-1.5e3}]}"#
    let bytes = Array(Array(line.utf8).prefix(min(count, line.utf8.count - 1)))
    let isInString = bytes.reduce(into: false) { if $1 == UInt8(ascii: "\"") { $0.toggle() } }
    let error = isInString ? "the text ends inside a string" : "the text ends before its value does"
    let stage = try CommandStage()
    let file = try stage.file("bad.jsonl", Array(CommandStage.completions.utf8) + bytes)
    try stage.expectRefused(["import", stage.store, file], exitCode: 65, error: "\(error) ({}/bad.jsonl:3)")
  }

  @Test("a first line that shows no kind")
  func noKind() throws {
    let stage = try CommandStage()
    let hint =
      "completions have prompt_id, prompt and completions; ultrafeedback has instruction and completions; "
      + "responses have prompt_id, model and response; scores have prompt_id, model and score; "
      + "estimates have prompt_id, model, reward, lower and upper; labels have prompt_id, chosen_model and "
      + "rejected_model; preferences have prompt, chosen and rejected"
    let cases = [
      (#"{"b":1,"a":{"prompt_id":1}}"#, "can't tell what this is: an object with a, b"),
      (
        #"{"prompt_id":"x","model":"m","reward":1,"lower":0}"#,
        "can't tell what this is: an object with lower, model, prompt_id, reward"
      ),
      (
        #"{"prompt_id":"x","chosen":"m","judge":"j"}"#,
        "can't tell what this is: an object with chosen, judge, prompt_id"
      ),
    ]
    for (line, error) in cases {
      let file = try stage.file("bad.jsonl", "\n\(line)\n")
      try stage.expectRefused(
        ["import", stage.store, file], exitCode: 65, error: "\(error) ({}/bad.jsonl:2)", hint: hint)
    }
    for line in BadLine.notJSON.prefix(3) {
      let file = try stage.file("bad.jsonl", line.bytes)
      try stage.expectRefused(["import", stage.store, file], exitCode: 65, error: "\(line.error) ({}/bad.jsonl:1)")
    }
  }

  @Test("rows that the store has otherwise")
  func conflicts() throws {
    let stage = try CommandStage()
    let twice = "it stands twice in this import, and the two differ"
    let replace = "add --replace to make this its new version"
    let cases = [
      (
        #"{"prompt_id":"p1","prompt":"other","completions":[]}"#,
        "the prompt 'p1' is there already with another content", replace
      ),
      (
        #"{"prompt_id":"p1","prompt":"q1","completions":[{"model":"a","response_text":"YES"}]}"#,
        "the response of a to 'p1' is there already with another content", replace
      ),
      (
        #"{"prompt_id":"p1","prompt":"q1","completions":[{"model":"a","response_text":"yes","overall_score":2}]}"#,
        "overall's score of a for 'p1' is there already and differs", replace
      ),
      (
        #"{"prompt_id":"n","prompt":"q","completions":[{"model":"a","response_text":"1"},"#
          + #"{"model":"a","response_text":"2"}]}"#,
        "the response of a to 'n' is there already with another content", twice
      ),
    ]
    for (line, error, hint) in cases {
      let file = try stage.file("bad.jsonl", CommandStage.completions + line)
      try stage.expectRefused(
        ["import", stage.store, file], exitCode: 65, error: "\(error) ({}/bad.jsonl:3)", hint: hint)
    }
    let estimate = try stage.file("base.jsonl", #"{"prompt_id":"p1","model":"a","reward":0.5,"lower":0,"upper":2}"#)
    try stage.expectRefused(
      ["import", stage.store, estimate], exitCode: 65,
      error: "the estimate of a for 'p1' in the snapshot 'base' is there already and differs ({}/base.jsonl:1)",
      hint: "name another snapshot with --snapshot, or add --replace to make this its new version")
  }

  /// Behind good lines, and as the very first.
  private func expectRefused(_ line: BadLine, as kind: String, after good: String) throws {
    let stage = try CommandStage()
    let last = try stage.file("last.jsonl", Array(good.utf8) + line.bytes + Array("\n".utf8) + Array(good.utf8))
    try stage.expectRefused(["import", stage.store, last], exitCode: 65, error: "\(line.error) ({}/last.jsonl:3)")
    let only = try stage.file("only.jsonl", Array("\r\n".utf8) + line.bytes)
    let arguments = ["import", stage.store, only, "--as", kind, "--replace"]
    try stage.expectRefused(arguments, exitCode: 65, error: "\(line.error) ({}/only.jsonl:2)")
  }
}
