// Estimates: of responses that exist, within their bounds or not, one snapshot a name.

import Testing

@testable import Aufdb

@Suite("Import of estimates") struct EstimatesImportTests {
  private let store: ImportFixture

  init() throws {
    store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a"), completion("b", more: #""sample":2"#)])])
  }

  static let files = [
    ("base.jsonl", "base"), ("base.v2.jsonl.zst", "base"), ("run-7", "run-7"), ("ünï cödé.jsonl.gz", "ünï cödé"),
  ]

  @Test("a snapshot is named by its file", arguments: files)
  func stem(file: String, name: String) throws {
    let line = Array((estimateLine("p", "a", 0.5, 0, 1) + "\n").utf8)
    let bytes =
      switch file.split(separator: ".").last {
      case "zst": try store.folder.compressed(line, .zstd())
      case "gz": try store.folder.compressed(line, .gzip())
      default: line
      }
    try store.importFiles([store.folder.file(file, bytes)])
    #expect(
      try store.rows("SELECT snapshot, origin, details FROM snapshots") == [[.text(name), .text("import"), .null]])
    #expect(try store.texts("SELECT snapshot FROM estimates") == [name])
  }

  @Test("a name that was given wins, and several files fill one snapshot")
  func givenName() throws {
    let files = [
      try store.file("x.jsonl", [estimateLine("p", "a", 0.5, 0, 1)]),
      try store.file("y.jsonl", [#"{"prompt_id":"p","model":"b","sample":2,"reward":0,"lower":-1,"upper":1}"#]),
    ]
    let (commit, report) = try store.importFiles(files, snapshot: "mine")
    #expect(report.added == [.snapshots: 1, .estimates: 2])
    #expect(commit?.operation.contains(#""snapshot":"mine""#) == true)
    #expect(try store.texts("SELECT snapshot FROM snapshots") == ["mine"])
  }

  @Test("a name that can't be one is refused", arguments: ["", "a\nb", "\u{7F}"])
  func badName(name: String) throws {
    let error = try store.refusal(of: [estimateLine("p", "a", 0, 0, 0)], snapshot: name)
    #expect(error?.kind == .usage)
    #expect(error?.message == "a snapshot's name can't be empty or hold control characters")
    let judgeError = try store.refusal(of: [completionsLine("q", [])], judge: name)
    #expect(judgeError?.message == "a judge's name can't be empty or hold control characters")
    #expect(try store.count(.snapshots) == 0)
  }

  @Test("estimates of responses that aren't there are refused")
  func unknownResponse() throws {
    let cases = [
      (estimateLine("q", "a", 0, 0, 0), "there is no response of a (sample 0) to the prompt 'q'"),
      (estimateLine("p", "c", 0, 0, 0), "there is no response of c (sample 0) to the prompt 'p'"),
      (estimateLine("p", "b", 0, 0, 0), "there is no response of b (sample 0) to the prompt 'p'"),
      (estimateLine("P", "a", 0, 0, 0), "there is no response of a (sample 0) to the prompt 'P'"),
    ]
    for (line, message) in cases {
      let error = try store.refusal(of: [estimateLine("p", "a", 0.5, 0, 1), line])
      #expect(
        error
          == AufdbError(
            .badData, message, hint: "import the completions first",
            at: .init(file: store.folder.path("lines.jsonl"), line: 2)))
    }
    #expect(try store.count(.estimates) == 0)
    #expect(try store.count(.snapshots) == 0)
  }

  @Test("a lower bound above the upper one is refused; a reward outside of them is counted")
  func bounds() throws {
    let error = try store.refusal(of: [estimateLine("p", "a", 0.5, 1, 0.75)])
    #expect(error?.message == "lower (1.0) is above upper (0.75)")
    #expect(error?.place?.line == 1)
    let (_, report) = try store.importLines(
      [
        estimateLine("p", "a", 1.5, 0, 1),
        #"{"prompt_id":"p","model":"b","sample":2,"reward":-1,"lower":-1,"upper":-1}"#,
      ], snapshot: "s")
    #expect(report.rewardsOutsideBoundsCount == 1)
    #expect(report.added[.estimates] == 2)
  }

  @Test("the same estimate twice is fine; another is refused, or replaces it from one import to the next")
  func conflicts() throws {
    let (line, other) = (estimateLine("p", "a", 0.5, 0, 1), estimateLine("p", "a", 0.5, 0, 1.5))
    #expect(try store.importLines([line, line], snapshot: "s").report.unchangedCount == 1)
    #expect(try store.importLines([line], snapshot: "s").commit == nil)
    #expect(try store.importLines([other], snapshot: "t").report.added == [.snapshots: 1, .estimates: 1])

    let name = "the estimate of a for 'p' in the snapshot 's'"
    let refusal = try store.refusal(of: [other], snapshot: "s")
    #expect(refusal?.message == "\(name) is there already and differs")
    #expect(
      refusal?.hint == "name another snapshot with --snapshot, or add --replace to make this its new version")
    let twice = try store.refusal(of: [other, line], snapshot: "s", replaces: true)
    #expect(twice?.message == "\(name) is there already and differs")
    #expect(twice?.hint == "it stands twice in this import, and the two differ")
    #expect(twice?.place?.line == 2)

    let (_, report) = try store.importLines([other], snapshot: "s", replaces: true)
    #expect(report.added == [.estimates: 1] && report.retired == [.estimates: 1])
    let upper = "SELECT upper FROM estimates WHERE snapshot = 's'"
    #expect(try store.texts(upper) == ["1.5"])
    #expect(try store.texts(upper, at: "HEAD~1") == ["1.0"])
  }

  @Test("numbers are kept to the last bit, but for the sign of zero")
  func exactNumbers() throws {
    let values = [
      "0.1", "-0.0", "5e-324", "2.2250738585072014e-308", "0.30000000000000004", "3.141592653589793238462643",
    ]
    for (index, value) in values.enumerated() {
      try store.importLines(
        [#"{"prompt_id":"p","model":"a","reward":\#(value),"lower":-1e38,"upper":12345678901234567890}"#],
        snapshot: "\(index)")
    }
    let found = try store.rows("SELECT reward, lower, upper FROM estimates ORDER BY snapshot")
    #expect(
      found == values.map { [.real((Double($0) ?? .nan) + 0), .real(-1e38), .real(12_345_678_901_234_567_168)] })
    #expect(
      try store.importLines(
        [#"{"prompt_id":"p","model":"a","reward":-0.0,"lower":-1e38,"upper":12345678901234567890}"#], snapshot: "1"
      ).commit == nil)
  }

  @Test("fields that an estimate doesn't have are passed over, and one that stands twice is refused")
  func otherFields() throws {
    let fields = #""prompt_id":"p","model":"a","reward":1,"lower":1,"upper":1"#
    #expect(try store.refusal(of: ["{\(fields),\"note\":[1,{\"x\":null}]}"]) == nil)
    let error = try store.refusal(of: ["{\(fields),\"reward\":1}"])
    #expect(error?.message == "the key \"reward\" stands twice in one object")
  }
}
