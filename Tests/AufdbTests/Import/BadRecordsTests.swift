// Imports that go on without bad records: what comes in, what the list of bad ones says, and what is left of either
// where the import fails or is killed.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Skipped bad records") struct BadRecordsTests {
  /// Records that are bad wherever they stand, each with its reason and the kind of fault.
  static let bad: [(line: [UInt8], reason: String, kind: String)] = [
    (Array("{\"prompt_id\":".utf8), "the text ends before its value does", "the text ends before its value does"),
    (Array("12".utf8), "expected an object, found a number", "expected an object, found a number"),
    (
      Array(#"{"prompt_id":"x","prompt_id":"y"}"#.utf8), #"the key "prompt_id" stands twice in one object"#,
      "a key stands twice in one object"
    ),
    (
      Array(#"{"prompt_id":"x","prompt":"q","completions":[{"model":"m"}]}"#.utf8), "response_text is missing",
      "response_text is missing"
    ),
    (
      Array(completionsLine("x", [completion("m", "t", more: #""overall_score":"good""#)]).utf8),
      #"overall_score is the text "good", which isn't a number"#, "overall_score is the text ..., which isn't a number"
    ),
    ([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], "not UTF-8 in a string", "not UTF-8 in a string"),
    (Array("{\u{1}}".utf8), "unexpected byte 0x01", "unexpected character, where JSON has none"),
  ]

  private static func good(_ number: Int) -> [UInt8] {
    Array(completionsLine("p\(number)", [completion("a", score: Double(number)), completion("b")]).utf8)
  }

  /// Records as the bytes of a file.
  private static func text(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.map { $0 + [0x0A] }.joined()) }

  private static func importSkipping(
    _ fixture: ImportFixture, _ options: ImportOptions
  ) throws -> (commit: Commit?, report: ImportReport) {
    try fixture.writing { try $0.importFiles(options, context: ImportFixture.context()) }
  }

  private static func list(_ fixture: ImportFixture, _ name: String = "bad.jsonl") throws -> [[String: Any]] {
    try fixture.folder.bytes(name).split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  private static func files(_ fixture: ImportFixture) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path("")).sorted()
  }

  @Test("good records among bad ones are as good as alone; and again they change nothing", arguments: [UInt64](1...8))
  func mixed(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (alone, among) = (try ImportFixture(), try ImportFixture())
    var lines: [[UInt8]] = []
    var expected: [(line: Int, index: Int)] = []
    let goodCount = Int.random(in: 1...20, using: &generator)
    for number in 0..<goodCount {
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        let index = Int.random(in: 0..<Self.bad.count, using: &generator)
        expected.append((lines.count + 1, index))
        lines.append(Self.bad[index].line)
      }
      lines.append(Self.good(number))
    }
    expected.append((lines.count + 1, 0))
    lines.append(Self.bad[0].line)
    let goodText = Self.text((0..<goodCount).map(Self.good))
    try alone.importFiles([alone.folder.file("lines.jsonl", goodText)])
    let file: String = try among.folder.file("lines.jsonl", Self.text(lines))
    var options = ImportOptions(files: [file], kind: .completions, badRecords: among.folder.path("bad.jsonl"))
    let (commit, report) = try Self.importSkipping(among, options)
    let comment: Comment = "seed \(seed)"
    #expect(try among.everything() == alone.everything(), comment)
    #expect(report.recordCount == lines.count && report.skippedCount == expected.count, comment)
    let kinds = Dictionary(grouping: expected) { Self.bad[$0.index].kind }.mapValues(\.count)
    #expect(report.skippedReasons == kinds, comment)
    #expect(commit?.operation.contains(#""skipped":\#(expected.count)"#) == true, comment)
    let listed = try Self.list(among)
    #expect(listed.count == expected.count, comment)
    for (entry, (line, index)) in zip(listed, expected) {
      let bad = Self.bad[index]
      #expect(entry["file"] as? String == file && entry["line"] as? Int == line, comment)
      #expect(entry["reason"] as? String == bad.reason, comment)
      #expect(entry["record"] as? String == String(decoding: bad.line, as: UTF8.self), comment)
      let isText = String(validating: bad.line, as: UTF8.self) != nil
      let bytes = (entry["record_base64"] as? String).flatMap { Data(base64Encoded: $0) }
      #expect(bytes == (isText ? nil : Data(bad.line)), comment)
    }

    let head = try among.head()
    options.badRecords = among.folder.path("again.jsonl")
    let again = try Self.importSkipping(among, options)
    #expect(again.commit == nil && again.report.skippedReasons == kinds, comment)
    #expect(try among.head() == head && among.isSound(), comment)
    #expect(try among.folder.bytes("again.jsonl") == among.folder.bytes("bad.jsonl"), comment)
  }

  @Test("without a bad record there is no file; with bad ones only there is no commit")
  func extremes() throws {
    let fixture = try ImportFixture()
    let good: String = try fixture.folder.file("good.jsonl", Self.good(1))
    let before = try Self.files(fixture)
    _ = try Self.importSkipping(fixture, ImportOptions(files: [good], badRecords: fixture.folder.path("bad.jsonl")))
    #expect(try Self.files(fixture).filter { !$0.hasPrefix("store") } == before.filter { !$0.hasPrefix("store") })
    let bad: String = try fixture.folder.file("none.jsonl", Self.bad[0].line)
    let head = try fixture.head()
    let (commit, report) = try Self.importSkipping(
      fixture, ImportOptions(files: [bad], badRecords: fixture.folder.path("bad.jsonl")))
    #expect(commit == nil && report.skippedCount == 1 && report.recordCount == 1)
    #expect(try fixture.head() == head)
    #expect(try Self.list(fixture).count == 1)
  }

  @Test("what is about the file stops the import, and leaves nothing")
  func stopped() throws {
    let fixture = try ImportFixture()
    let text = Self.text([Self.bad[0].line, Self.good(1)])
    let whole = try fixture.folder.compressed(text, .zstd())
    let file: String = try fixture.folder.file("cut.jsonl.zst", Array(whole.dropLast(3)))
    let (before, head) = (try Self.files(fixture), try fixture.head())
    #expect(throws: (any Error).self) {
      try Self.importSkipping(fixture, ImportOptions(files: [file], badRecords: fixture.folder.path("bad.jsonl")))
    }
    #expect(try Self.files(fixture).filter { !$0.hasPrefix("store") } == before.filter { !$0.hasPrefix("store") })
    #expect(try fixture.head() == head)
  }

  @Test("a list that can't be made is refused before anything is read")
  func targets() throws {
    let fixture = try ImportFixture()
    let folder = fixture.folder
    let present: String = try folder.file("there.jsonl", [])
    for (target, kind) in [
      (present, AufdbError.Kind.refused), (folder.path("no/bad.jsonl"), .cannotCreateOutput),
      (folder.path("bad/"), .cannotCreateOutput), ("", .usage), ("-", .usage),
    ] {
      #expect {
        try Self.importSkipping(fixture, ImportOptions(files: [folder.path("none")], badRecords: target))
      } throws: {
        ($0 as? AufdbError)?.kind == kind
      }
    }
    #expect(try folder.bytes("there.jsonl").isEmpty)
  }

  @Test("killed before the commit, the store is as it was")
  func killed() async throws {
    let fixture = try ImportFixture()
    let text = Self.text((0..<80).map { $0 % 2 == 0 ? Self.good($0) : Self.bad[$0 / 2 % Self.bad.count].line })
    let file: String = try fixture.folder.file("lines.jsonl", text)
    let (head, everything) = (try fixture.head(), try fixture.everything())
    let (store, list) = (fixture.path, fixture.folder.path("bad.jsonl"))
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [store = store as String, file = file as String, list = list as String] in
      let options = ImportOptions(files: [file], badRecords: list)
      let store = try Store(store, for: .writing(waitSeconds: 0, command: "doomed"))
      _ = try store.commit(ImportFixture.context()) { change in
        let badRecords = try BadRecords(list)
        let state = try ImportState(options, into: change, badRecords: badRecords)
        let importer = try state.importer(of: .completions, file: file)
        var lines = LineReader(try ByteSource(path: file))
        var report = ImportReport()
        while let line = try lines.next() {
          do {
            try importer.importRecord(line.bytes, &report)
          } catch {
            guard let fault = RecordFault(error) else { throw error }
            try badRecords.add(line.bytes, at: AufdbError.Place(file: file, line: line.number), fault)
          }
        }
        try badRecords.publish()
        kill(getpid(), SIGKILL)
        return (CommitNote(message: "doomed", operation: Operation("test")), ())
      }
    }
    #expect(try fixture.head() == head && fixture.everything() == everything && fixture.isSound())
    #expect(try Self.list(fixture).count == 40, "a list without a commit, and whole")
    let bytes = try fixture.folder.bytes("bad.jsonl")
    let (commit, report) = try Self.importSkipping(fixture, ImportOptions(files: [file], badRecords: list))
    #expect(commit != nil && report.skippedCount == 40, "run again, it finds its own list")
    #expect(try fixture.folder.bytes("bad.jsonl") == bytes && Self.files(fixture).filter { $0.hasSuffix(".tmp") } == [])
  }

  @Test("another list than the one that is there is refused, and both the list and the store stay")
  func otherList() throws {
    let fixture = try ImportFixture()
    let list = fixture.folder.path("bad.jsonl")
    let file: String = try fixture.folder.file("lines.jsonl", Self.text([Self.good(1), Self.bad[0].line]))
    _ = try Self.importSkipping(fixture, ImportOptions(files: [file], badRecords: list))
    let (bytes, head) = (try fixture.folder.bytes("bad.jsonl"), try fixture.head())
    for (name, lines) in [("more", [Self.good(2), Self.bad[1].line]), ("none", [Self.good(3)])] {
      let other: String = try fixture.folder.file("\(name).jsonl", Self.text(lines))
      #expect("\(name)") {
        try Self.importSkipping(fixture, ImportOptions(files: [other], badRecords: list))
      } throws: {
        ($0 as? AufdbError)?.message == "\(list) exists already, and lists other records"
      }
    }
    #expect(try fixture.folder.bytes("bad.jsonl") == bytes && fixture.head() == head)
    #expect(try Self.files(fixture).filter { $0.hasSuffix(".tmp") } == [])
  }

  @Test("where the commit fails, its list goes, too")
  func withdrawn() throws {
    let folder = try ScratchFolder()
    let target = folder.path("bad.jsonl")
    func write(keeps: Bool) throws {
      let badRecords = try BadRecords(target)
      let fault = try #require(RecordFault(AufdbError(.badData, "it is bad")))
      try badRecords.add(Bytes("{}"), at: AufdbError.Place(file: "f", line: 1), fault)
      try badRecords.publish()
      #expect(access(target, F_OK) == 0)
      if keeps { badRecords.keep() }
    }
    try write(keeps: false)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
    try write(keeps: true)
    #expect(
      try String(decoding: folder.bytes("bad.jsonl"), as: UTF8.self)
        == #"{"file":"f","line":1,"reason":"it is bad","record":"{}"}"# + "\n")
    // Somebody else takes the name meanwhile.
    unlink(target)
    let badRecords = try BadRecords(target)
    try badRecords.add(
      Bytes("{}"), at: AufdbError.Place(file: "f", line: 1), #require(RecordFault(AufdbError(.badData, "it is bad"))))
    _ = try folder.file("bad.jsonl", [1])
    #expect { try badRecords.publish() } throws: { ($0 as? StreamError)?.kind == .cannotCreate }
    #expect(try folder.bytes("bad.jsonl") == [1])
  }
}
