// Commands as judges: good ones, slow ones, ones that die, hang, or answer wrongly. All are scripts of /bin/sh.

import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Command judges") struct CommandJudgeTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  /// Reads a line into $line, and the id of its request into $id.
  private static let next = "IFS= read -r line && { id=${line#*:}; id=${id%%,*}; }"
  private static let first = #"echo "{\"id\":$id,\"choice\":\"first\"}""#

  /// Selects a pair of each of `count` prompts.
  private func select(_ count: Int, response: String? = nil) throws {
    try store.importLines(
      (0..<count).map { completionsLine("p\($0)", [completion("a", response), completion("b")]) })
    try store.select(SelectOptions(method: "random", seed: 1))
  }

  private func judge(
    _ script: String, timeoutSeconds: Double = 60, restartLimit: Int = 2, readsToEnd: Bool = false
  ) throws -> Judge {
    let path = try store.folder.file("judge.sh", Array(script.utf8))
    return .command(
      JudgeCommand(
        "exec 2>/dev/null; . \(path)", name: "sh", timeoutSeconds: timeoutSeconds, restartLimit: restartLimit,
        readsToEnd: readsToEnd))
  }

  /// The error that the store stays as it is with.
  private func refusal(
    _ script: String, timeoutSeconds: Double = 60, restartLimit: Int = 0, readsToEnd: Bool = false
  ) throws -> AufdbError? {
    let before = try (store.head(), store.everything())
    let judge = try judge(
      script, timeoutSeconds: timeoutSeconds, restartLimit: restartLimit, readsToEnd: readsToEnd)
    let error = #expect(throws: AufdbError.self) { try store.annotate(judge) }
    #expect(try store.head() == before.0 && store.everything() == before.1)
    return error
  }

  @Test("what it chooses is stored, with scores, under its name, for the selection that asked")
  func labels() throws {
    try select(4)
    let judge = try judge(
      """
      while \(Self.next); do
        case $id in
        0) echo '{"id":0,"choice":"first","first_score":2,"second_score":1.5,"why":["a",1]}';;
        1) echo '{"choice":"second","id":1}';;
        2) echo '{"id":2,"choice":"tie","first_score":1,"second_score":3}';;
        3) echo '{"id":3,"choice":null}';;
        esac
      done
      """)
    let (commit, report) = try store.annotate(judge)
    #expect(report == AnnotateReport(labelCount: 3, tieCount: 1, withoutVerdictCount: 1))
    #expect(commit?.message == "Annotate 3 pairs by sh, 1 of them ties")
    #expect(commit?.operation.contains(#""from":"command""#) == true)
    let selected = try store.rows("SELECT first_model, second_model FROM selections ORDER BY prompt_id")
    let labels = try store.rows(
      """
      SELECT chosen_model, rejected_model, judge, tie, chosen_score, rejected_score, method, batch
      FROM labels ORDER BY prompt_id
      """)
    let end: [SQLValue] = [.text("random"), .integer(1)]
    #expect(labels[0] == selected[0] + [.text("sh"), .integer(0), .real(2), .real(1.5)] + end)
    #expect(labels[1] == selected[1].reversed() + [.text("sh"), .integer(0), .null, .null] + end)
    #expect(labels[2] == selected[2].reversed() + [.text("sh"), .integer(1), .real(3), .real(1)] + end)
    #expect(try store.texts("SELECT count(*) FROM labels_history WHERE born_at IS NOT NULL") == ["3"])
    #expect(try store.isSound())
  }

  @Test("a request has the texts, a list of messages as such")
  func request() throws {
    try store.importLines([
      #"{"prompt_id":"p","prompt":[{"role":"user","content":"Why?\n"}],"completions":["#
        + completion("a", "so \"so\"") + "," + completion("b", "ü") + "]}"
    ])
    try store.select(SelectOptions(method: "random"))
    let seen = store.folder.path("seen")
    try store.annotate(judge("\(Self.next); echo \"$line\" | cat > \(seen); \(Self.first)"))
    var swapped = [#"{"model":"a","sample":0,"response":"so \"so\""}"#, #"{"model":"b","sample":0,"response":"ü"}"#]
    if try store.texts("SELECT first_model FROM selections") == ["b"] { swapped.reverse() }
    let expected =
      #"{"id":0,"prompt_id":"p","prompt":[{"role":"user","content":"Why?\n"}],"first":"# + swapped[0]
      + #","second":"# + swapped[1] + "}\n"
    // A shell's echo may resolve escapes: then a line end stands for \n.
    let text = try String(contentsOfFile: seen, encoding: .utf8)
    #expect(text.replacing("\n\"", with: "\\n\"").replacing("so \"so\"\"", with: #"so \"so\"""#) == expected)
  }

  @Test("several batches, in one process, in several, and with the input closed", arguments: ["stay", "go", "end"])
  func batches(mode: String) throws {
    try select(600)
    let starts = store.folder.path("starts")
    let loop =
      switch mode {
      case "stay": "while \(Self.next); do \(Self.first); done"
      // 256 is a batch.
      case "go": "n=0; while [ $n -lt 256 ] && \(Self.next); do n=$((n+1)); \(Self.first); done; exit 0"
      default: #"all=; while \#(Self.next); do all="$all $id"; done; for id in $all; do \#(Self.first); done"#
      }
    let judge = try judge("echo >> \(starts)\n\(loop)\n", restartLimit: 0, readsToEnd: mode == "end")
    #expect(try store.annotate(judge).report == AnnotateReport(labelCount: 600))
    #expect(
      try store.texts(
        "SELECT count(*) FROM labels JOIN selections ON chosen_model = first_model "
          + "AND labels.prompt_id = selections.prompt_id") == ["600"])
    #expect(try store.folder.bytes("starts").count == (mode == "stay" ? 1 : 3))
  }

  @Test("neither side waits for the other forever: it answers at length before it reads")
  func fullPipes() throws {
    try select(40, response: String(repeating: "long ", count: 4000))
    // Each request is a third of a pipe, and so is each answer.
    let script = """
      pad=$(printf '%20000s' x)
      while \(Self.next); do echo "{\\"id\\":$id,\\"choice\\":\\"first\\",\\"pad\\":\\"$pad\\"}"; done
      """
    #expect(try store.annotate(judge(script)).report.labelCount == 40)
  }

  @Test("one that dies now and then is started again, and asked what is left")
  func restarts() throws {
    try select(20)
    let script = "for n in 1 2 3; do \(Self.next) || exit 0; \(Self.first); done; kill -9 $$"
    #expect(try store.annotate(judge(script, restartLimit: 1)).report == AnnotateReport(labelCount: 20))
  }

  @Test("one that dies for good: what it had said is committed, and the commit tells")
  func failsHalfWay() throws {
    try select(20)
    let script = "while \(Self.next); do [ $id -lt 7 ] || exit 3; \(Self.first); done"
    let (commit, report) = try store.annotate(judge(script))
    #expect(report.labelCount == 7 && report.withoutVerdictCount == 13)
    #expect(report.failure?.message == "the judge 'sh' exited with code 3, 3 times in a row")
    #expect(commit?.message == "Annotate 7 pairs by sh; it failed with 13 left")
    #expect(commit?.operation.contains(#""without_verdict":13"#) == true)
    let rest = try store.annotate(judge("while \(Self.next); do \(Self.first); done"))
    #expect(rest.report == AnnotateReport(labelCount: 13, alreadyLabelledCount: 7))
  }

  @Test("one that never answers is refused")
  func failures() throws {
    try select(3)
    #expect(
      try refusal("\(Self.next); exit 3", restartLimit: 2)?.message
        == "the judge 'sh' exited with code 3, 3 times in a row")
    #expect(try refusal("exit 0")?.message == "the judge 'sh' exited before it had answered all")
    #expect(try refusal("kill -9 $$")?.message == "the judge 'sh' was ended by signal 9")
    #expect(try refusal("no-such-command-here; exit $?")?.hint == "/bin/sh didn't find the command")
    // Waits for more requests, and holds its answers back.
    let hanging = try refusal("while read -r line; do :; done", timeoutSeconds: 0.2, restartLimit: 1)
    #expect(hanging?.message == "the judge 'sh' gave no answer for 0.2 seconds and was killed, 2 times in a row")
    #expect(hanging?.kind == .refused)
    #expect(
      try refusal("exec >&-; while read -r line; do :; done", timeoutSeconds: 0.2)?.message
        == "the judge 'sh' closed its output")
  }

  @Test("a hanging command's children are killed with it")
  func children() throws {
    try select(1)
    let pids = store.folder.path("pids")
    _ = try refusal(
      "mkfifo \(pids).fifo; cat \(pids).fifo & echo $! $$ > \(pids); cat \(pids).fifo", timeoutSeconds: 0.5)
    let numbers = try String(contentsOfFile: pids, encoding: .utf8).split(whereSeparator: \.isWhitespace)
    #expect(numbers.count == 2)
    for number in numbers {
      let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
      #expect(status?.contains(") Z ") != false, "\(number) lives: \(status ?? "")")
    }
  }

  private static let badLines: [(String, String)] = [
    ("echo yes", "unexpected 'y': yes"), ("echo", "the text ends before its value does: "),
    ("echo '{\"id\":0,\"choice\":\"first\"} x'", "something follows the value: {\"id\":0,\"choice\":\"first\"} x"),
    ("echo '{\"choice\":\"first\"}'", "id is missing: {\"choice\":\"first\"}"),
    ("echo '{\"id\":0}'", "choice is missing: {\"id\":0}"),
    (
      "echo '{\"id\":0,\"choice\":\"1st\"}'",
      "choice is \"1st\", not first, second, tie or null: {\"id\":0,\"choice\":\"1st\"}"
    ),
    ("echo '{\"id\":9,\"choice\":\"tie\"}'", "the pair 9 was not asked about: {\"id\":9,\"choice\":\"tie\"}"),
    (
      "echo '{\"id\":9223372036854775807,\"choice\":\"tie\"}'",
      "the pair 9223372036854775807 was not asked about: {\"id\":9223372036854775807,\"choice\":\"tie\"}"
    ),
    ("echo '{\"id\":-1,\"choice\":\"tie\"}'", "id is negative: {\"id\":-1,\"choice\":\"tie\"}"),
    (
      "echo '{\"id\":0,\"choice\":\"tie\",\"first_score\":NaN}'",
      "NaN or Infinity, which JSON does not have: {\"id\":0,\"choice\":\"tie\",\"first_score\":NaN}"
    ),
    (
      "echo '{\"id\":0,\"choice\":\"tie\",\"first_score\":1}'",
      "first_score and second_score go together: one of them is missing: "
        + "{\"id\":0,\"choice\":\"tie\",\"first_score\":1}"
    ),
    ("printf '{\"id\":0,\"choice\":\"\\377\"}\\n'", "not UTF-8 in a string: {\"id\":0,\"choice\":\"\u{FFFD}\"}"),
  ]

  @Test("an answer that makes no sense is refused, and nothing is kept", arguments: CommandJudgeTests.badLines)
  func badAnswer(script: String, error: String) throws {
    try select(2)
    #expect(
      try refusal("\(Self.next)\n\(script)\ncat > /dev/null")
        == AufdbError(
          .badData, "a judge's answer is bad: \(error)",
          at: .init(file: "output of exec 2>/dev/null; . \(store.folder.path("judge.sh"))".shortenedForPlace, line: 1)))
  }

  @Test("answers given twice: at once, late, and after the last one")
  func twice() throws {
    try select(300)
    let all = "while \(Self.next); do \(Self.first)"
    for script in [
      "\(all); \(Self.first); done", "\(all); [ $id -ne 299 ] || \(Self.first); done",
      "\(all); [ $id -ne 256 ] || echo '{\"id\":3,\"choice\":\"tie\"}'; done",
      "\(all); done; echo '{\"id\":3,\"choice\":\"tie\"}'",
    ] {
      let error = try refusal(script)
      #expect(error?.kind == .badData && error?.message.contains("is answered twice") == true, "\(script)")
    }
    let flood = try refusal("while \(Self.next); do \(Self.first); done & yes '{\"id\":3,\"choice\":\"tie\"}'")
    #expect(flood?.kind == .badData)
    #expect(try refusal("yes ''")?.kind == .badData)
    let long = try refusal("tr '\\0' 'x' < /dev/zero")
    #expect(long?.message == "a judge's answer is longer than 1048576 bytes" && long?.place?.line == 1)
  }

  @Test("scores that contradict the choice are refused, equal ones are not")
  func contradictions() throws {
    try select(1)
    func answer(_ choice: String, _ a: Int, _ b: Int) -> String {
      #"\#(Self.next); echo '{"id":0,"choice":"\#(choice)","first_score":\#(a),"second_score":\#(b)}'"#
    }
    #expect(try refusal(answer("first", 1, 2))?.message.contains("its score is the lower one") == true)
    #expect(try refusal(answer("second", 2, 1))?.message.contains("its score is the lower one") == true)
    #expect(try store.annotate(judge(answer("second", 2, 2))).report.labelCount == 1)
  }

  @Test("a pair that two selections ask about is asked once")
  func samePair() throws {
    try select(2)
    for seed in 1...5 { try store.select(SelectOptions(method: "random", seed: UInt64(seed), prompts: .again)) }
    let judge = try judge("while \(Self.next); do \(Self.first); done")
    #expect(try store.annotate(judge).report == AnnotateReport(labelCount: 2, alreadyLabelledCount: 10))
  }

  @Test("aufdb killed while its judge is at work: nothing is stored")
  func killed() async throws {
    try select(300)
    let before = try (store.head(), store.everything())
    let path: String = store.path
    let command = "while \(Self.next); do [ $id -lt 280 ] || kill -9 $PPID; \(Self.first); done"
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, command = command as String] in
      let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
      try store.annotate(.command(JudgeCommand(command, name: "sh")), context: ImportFixture.context())
    }
    #expect(try store.head() == before.0 && store.everything() == before.1)
    #expect(try store.annotate(judge("while \(Self.next); do \(Self.first); done")).report.labelCount == 300)
    #expect(try store.isSound())
  }

  @Test("how a command judge is named, and what it can't be told")
  func parsing() throws {
    #expect(try Judge("command:./tools/judge.py --x 'a b'").name == "judge.py")
    #expect(try Judge("command:judge: x", JudgeOptions(name: "gpt")).name == "gpt")
    for options in [
      JudgeOptions(name: ""), JudgeOptions(name: "a\nb"), JudgeOptions(timeoutSeconds: 0),
      JudgeOptions(timeoutSeconds: .nan), JudgeOptions(timeoutSeconds: .infinity), JudgeOptions(restartLimit: -1),
    ] {
      let error = #expect(throws: AufdbError.self) { try Judge("command:x", options) }
      #expect(error?.kind == .usage)
    }
  }
}

extension String {
  /// As a command stands in the place of an error.
  fileprivate var shortenedForPlace: String { "output of " + String(dropFirst(10)).shortened(to: 60) }
}
