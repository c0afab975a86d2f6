// The filter's lines by example: what comes in, what goes out, what is counted.

import AufdbAcquisition
import Testing

@testable import Aufdb

@Suite("The filter") struct FilterTests {
  private static let line = #"{"prompt_id":"p1","rewards":[0.1,0.9],"lower":[0.0,0.7],"upper":[0.2,1.1]}"#

  @Test("a pair")
  func pair() throws {
    let run = try FilterOptions(method: "deltaucb").run([Self.line])
    #expect(run.lines == [#"{"prompt_id":"p1","first":1,"second":0}"#])
    #expect(run.report?.promptCount == 1 && run.report?.pairCount == 1)
  }

  @Test("the reasons of a pair, with the runner-up by index")
  func explanation() throws {
    var options = FilterOptions(method: "deltaucb")
    options.explains = true
    let line =
      #"{"prompt_id":"p","rewards":[0.5,3,1],"lower":[0,2.5,0.75],"upper":[1,4,2],"lengths":[7,8,9],"models":5}"#
    #expect(
      try options.run([line]).lines == [
        #"{"prompt_id":"p","first":1,"second":0,"explanation":{"#
          + #""first":{"reward":3.0,"lower":2.5,"upper":4.0,"length":8},"#
          + #""second":{"reward":0.5,"lower":0.0,"upper":1.0,"length":7},"#
          + #""criterion":"u_i - l_j","value":4.0,"runner_up":{"first":1,"second":2,"value":3.25}}}"#
      ])
    // Only what the method reads is needed; the rest is shown where it is there.
    let bare = #"{"prompt_id":"p","lower":[0,2.5],"upper":[1,4]}"#
    #expect(
      try options.run([bare]).lines == [
        #"{"prompt_id":"p","first":1,"second":0,"explanation":{"first":{"lower":2.5,"upper":4.0},"#
          + #""second":{"lower":0.0,"upper":1.0},"criterion":"u_i - l_j","value":4.0}}"#
      ])
    // What is shown is checked, too.
    let mismatch = #"{"prompt_id":"p","lower":[0,2.5],"upper":[1,4],"scores":[1]}"#
    #expect(try options.run([mismatch]).error?.message == "scores has 1 values, and lower 2")
  }

  @Test("every pair has its reasons")
  func explanationOfJudged() throws {
    let options = FilterOptions(method: "deltaucb", judgedCount: 3, explains: true)
    let lines = try options.run([#"{"prompt_id":"p","lower":[0,2.5,0.75],"upper":[1,4,2]}"#]).lines
    let pairs = lines.compactMap { $0.split(separator: #","explanation"#).first.map(String.init) }
    #expect(
      pairs == [
        #"{"prompt_id":"p","first":1,"second":0"#, #"{"prompt_id":"p","first":1,"second":2"#,
        #"{"prompt_id":"p","first":2,"second":0"#,
      ])
    #expect(zip(lines, ["4.0", "3.25", "2.0"]).allSatisfy { $0.contains("\"value\":\($1)") }, "\(lines)")
  }

  @Test("a prompt without a pair has no line, and is counted")
  func skipped() throws {
    let run = try FilterOptions(method: "deltaucb").run([
      #"{"prompt_id":"none","lower":[],"upper":[]}"#, #"{"prompt_id":"one","lower":[0],"upper":[1]}"#, Self.line,
    ])
    #expect(run.lines == [#"{"prompt_id":"p1","first":1,"second":0}"#])
    #expect(run.report?.skipped == [.tooFewResponses: 2] && run.report?.promptCount == 3)
  }

  @Test("rewards outside their bounds are counted, response by response")
  func outside() throws {
    let run = try FilterOptions(method: "drts").run([
      #"{"prompt_id":"a","rewards":[5,0.9,-1],"lower":[0,0.7,0],"upper":[1,1,1]}"#, Self.line,
    ])
    #expect(run.report?.rewardsOutsideBoundsCount == 2 && run.report?.pairCount == 2)
  }

  @Test("null stands for a column that is left out")
  func null() throws {
    let line = #"{"prompt_id":"p","rewards":null,"lower":null,"upper":null,"scores":[1,2,3],"heads":null}"#
    for method in ["maxmin", "ultrafeedback", "random"] {
      #expect(try FilterOptions(method: method).run([line]).lines.count == 1, "\(method)")
    }
  }

  @Test("lines that a default would treat differently end the run, in any order, bad lines passed over or not")
  func mixedColumns() throws {
    let (rewards, scores) = (#"{"prompt_id":"r","rewards":[1,2]}"#, #"{"prompt_id":"s","scores":[1,2]}"#)
    for skipsBad in [false, true] {
      var options = FilterOptions(method: "ultrafeedback", skipsBad: skipsBad)
      let run = try options.run([rewards, rewards, scores])
      #expect(run.lines.count == 2)
      #expect(
        run.error
          == AufdbError(
            .badData, "this line's columns make it --by scores, those before made it --by rewards",
            hint: "say for all lines which it is", at: .init(file: "in", line: 3)))
      #expect(try options.run([scores, rewards]).error?.place?.line == 2)
      // Neither does a bad line decide.
      options.skipsBad = true
      #expect(try options.run([#"{"prompt_id":"s","scores":["x"]}"#, rewards]).report?.pairCount == 1)
      #expect(try options.run([rewards, #"{"prompt_id":"s","scores":["x"]}"#]).report?.pairCount == 1)
    }
    let settled = FilterOptions(method: "ultrafeedback", parameters: ["by": "rewards"], skipsBad: true)
    #expect(try settled.run([rewards, scores, rewards]).report?.badLineCount == 1)
  }

  @Test("a prompt too large for a matrix is refused only where one is asked for")
  func tooManyResponses() throws {
    let zeros = "[" + String(repeating: "0,", count: 4096) + "0]"
    let line = #"{"prompt_id":"p","lower":\#(zeros),"upper":\#(zeros)}"#
    #expect(try FilterOptions(method: "deltaucb").run([line]).lines == [#"{"prompt_id":"p","first":0,"second":1}"#])
    for options in [
      FilterOptions(method: "deltaucb", judgedCount: 3), FilterOptions(method: "deltaucb", explains: true),
    ] {
      #expect(
        try options.run([line]).error
          == AufdbError(
            .badData, "4097 responses are too many for --explain and --judged", hint: "they take prompts of up to 4096",
            at: .init(file: "in", line: 1)))
    }
  }

  @Test("an output that can't be written ends the run with its own error")
  func outputFails() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("in", Array((Self.line + "\n").utf8))
    let failure = StreamError(kind: .closedPipe, path: "standard output", reason: "it is closed")
    for skipsBad in [false, true] {
      #expect(throws: failure) {
        try SelectionFilter(FilterOptions(method: "deltaucb", skipsBad: skipsBad)).run(
          path: path, output: { _ in throw failure })
      }
    }
  }

  @Test("progress comes every 256 prompts, and knows the file's size")
  func progress() throws {
    let folder = try ScratchFolder()
    let bytes = Array((0..<600).map { #"{"prompt_id":"\#($0)","rewards":[1,2]}"# + "\n" }.joined().utf8)
    let path = try folder.file("in", bytes)
    var counts: [Int] = []
    let note = { (progress: SelectionFilter.Progress) in
      #expect(progress.sizeBytes == bytes.count && progress.readBytes <= bytes.count)
      counts.append(progress.promptCount)
    }
    _ = try SelectionFilter(FilterOptions(method: "random")).run(path: path, output: { _ in }, progress: note)
    #expect(counts == [256, 512])
  }
}
