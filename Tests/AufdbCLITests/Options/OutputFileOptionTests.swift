// `--output`: what a name says, what is there afterwards, and every way in which it can't be.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("--output") struct OutputFileOptionTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private func query(_ sql: String, _ options: String...) -> TestRun {
    CommandStage.run(["query", stage.store, sql] + options)
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: stage.folder.path).sorted() }
  }

  @Test(
    "a name says the format and the compression",
    arguments: [
      ("rows.csv", OutputFormat.csv, Compression.none), ("rows.TSV", .tsv, .none), ("a.b/rows.json", .json, .none),
      ("rows.jsonl.zst", .jsonl, .zstd()), ("rows.ndjson.gz", .jsonl, .gzip()), ("rows.md", .markdown, .none),
      ("rows.csv.ZSTD", .csv, .zstd()), ("rows", nil, .none), ("rows.txt", nil, .none), ("csv", nil, .none),
      ("rows.zst", nil, .zstd()), ("a.csv/rows", nil, .none), ("rows.csv.old", nil, .none), (".csv", .csv, .none),
      ("rows.log", nil, .none), ("rows.out.gz", nil, .gzip()), ("parquet", nil, .none), ("a.db/rows", nil, .none),
    ] as [(String, OutputFormat?, Compression)])
  func fileNames(_ path: String, _ format: OutputFormat?, _ compression: Compression) throws {
    #expect(try OutputName(path).format == format)
    #expect(try OutputName(path).compression == compression)
  }

  @Test(
    "a name that promises what aufdb doesn't write is refused",
    arguments: ["x.parquet", "x.XLSX", "a.b/x.arrow", "x.feather.zst", "x.db", "x.sqlite", "x.csv.aufdb", ".html"])
  func otherFormats(name: String) throws {
    let path = stage.path(name)
    let ending = name.lowercased().replacing(".zst", with: "").split(separator: ".").last ?? ""
    for options in [[], ["--format", "csv"]] {
      let run = CommandStage.run(["query", stage.store, "SELECT 1", "--output", path] + options)
      #expect(run.exitCode == 64 && run.output == "")
      #expect(
        run.error == "error: \(path): .\(ending) can't be written\n"
          + "hint: aufdb writes .csv, .tsv, .json, .jsonl, .md and, for people, .txt, each also with .zst or .gz\n")
    }
    #expect(CommandStage.run(["search", stage.store, "word", "--output", path]).exitCode == 64)
    #expect(try names == ["store.aufdb"])
  }

  @Test("writes what standard output would get", arguments: OutputFormat.allCases, ["", ".zst", ".gz"])
  func sameBytes(_ format: OutputFormat, _ ending: String) throws {
    let sql = "SELECT * FROM responses"
    let path = stage.path("rows\(ending)")
    let run = query(sql, "--format", format.rawValue, "--output", path)
    #expect((run.output, run.error, run.exitCode) == ("", "", 0))
    let content = try ByteSource(path: path).wholeText()
    #expect(content == query(sql, "--format", format.rawValue).output)
    #expect(try names == ["rows\(ending)", "store.aufdb"].sorted())
  }

  @Test("the format of the name is taken where none is given, and must be the one that is")
  func formatAndName() throws {
    let path = stage.path("rows.csv")
    #expect(query("SELECT 1 AS a", "--output", path).exitCode == 0)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\n1\n")
    #expect(query("SELECT 1 AS a", "--output", path, "--format", "csv").exitCode == 0)
    let run = query("SELECT 2 AS a", "--output", path, "--format", "json")
    #expect(run.exitCode == 64)
    #expect(run.error.hasPrefix("error: --format json doesn't go with a file of the name \(path)\nhint: "))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\n1\n")
  }

  @Test("- is standard output, and a terminal's width doesn't reach a file")
  func standardOutput() throws {
    #expect(query("SELECT 1 AS a", "--output", "-", "--format", "csv").output == "a\n1\n")
    let test = TestSurroundings()
    test.terminalColumns = 10
    let path = stage.path("rows.txt")
    #expect(
      test.run("query", stage.store, "SELECT 'a text that is longer' AS a, NULL AS b", "--output", path).exitCode == 0)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("a text that is longer  NULL"))
  }

  @Test("an old file stays after an error, and nothing else")
  func failure() throws {
    let path = try stage.file("rows.csv", "old")
    let late = "SELECT abs(column1) FROM (VALUES (1), (-9223372036854775808))"
    for sql in ["SELECT * FROM nothing", late] {
      #expect(query(sql, "--output", path).exitCode == 1)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try names == ["rows.csv", "store.aufdb"])
    }
    #expect(query("SELECT 1", "--output", path).exitCode == 0)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "1\n1\n")
  }

  @Test("a link stays, and what it leads to is replaced")
  func link() throws {
    try stage.file("real.csv", "old")
    let link = stage.path("link.csv")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.csv")
    #expect(query("SELECT 1 AS a", "--output", link).exitCode == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.csv")
    #expect(try String(contentsOfFile: stage.path("real.csv"), encoding: .utf8) == "a\n1\n")
  }

  @Test("what can't be written is said, with the code for it")
  func badOutputs() throws {
    try stage.file("file", "x")
    let long = String(repeating: "x", count: 300)
    let cases: [(String, Int32, String)] = [
      (stage.folder.path, 73, "it is a directory"), (stage.path("no/rows.csv"), 73, "no such file or directory"),
      (stage.path("file/rows.csv"), 73, "a part of its path is not a directory"),
      (stage.path(long), 73, "its name is too long"),
      ("", 73, "no such file or directory"), (stage.path("new/"), 73, "it is a directory"),
      ("/dev/full", 74, "no space left on the device"), (stage.path("rows.csv.xz"), 64, ".xz can't be written"),
      (stage.path("database"), 1, "is a SQLite database, and is not replaced"),
    ]
    let before = try stage.bytes("store.aufdb")
    try stage.file("database", before)
    for (path, exitCode, words) in cases {
      let run = query("SELECT 1 AS a", "--output", path)
      #expect(run.exitCode == exitCode, "\(path)")
      #expect(run.error.hasPrefix("error: ") && run.error.contains(words), "\(path): \(run.error)")
      #expect(run.output == "")
    }
    #expect(try names == ["database", "file", "store.aufdb"])
    #expect(try stage.bytes("database") == before)
  }

  @Test("a folder that can't be written to", .enabled(if: geteuid() != 0, "skipped: root may write anywhere"))
  func unwritableFolder() throws {
    let folder = stage.path("closed")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    chmod(folder, 0o555)
    defer { chmod(folder, 0o755) }
    let run = query("SELECT 1", "--output", folder + "/rows.csv")
    #expect(run.exitCode == 73)
    #expect(run.error.contains("permission denied"))
  }

  @Test("devices and pipes are written to, and stay what they are")
  func devices() throws {
    #expect(query("SELECT 1", "--output", "/dev/null").exitCode == 0)
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let pipe = stage.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    // Open for both, so that neither end waits for the other.
    let descriptor = open(pipe, O_RDWR)
    defer { close(descriptor) }
    #expect(query("SELECT 1 AS a", "--output", pipe, "--format", "csv").exitCode == 0)
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(descriptor, &bytes, 100)
    #expect(Array(bytes.prefix(count)) == Array("a\n1\n".utf8))
  }

  @Test(
    "a disk that fills up leaves the old file",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func fullDisk() throws {
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 1 << 20) { disk in
      let path = "\(disk)/rows.csv"
      #expect(query("SELECT 1 AS a", "--output", path).exitCode == 0)
      let many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 300000) SELECT n FROM c"
      let run = query(many, "--output", path)
      #expect(run.exitCode == 74)
      #expect(
        run.error == "error: \(path): can't be written: no space left on the device\n"
          + "hint: free some space, or write to another disk\n"
      )
      let content = try String(contentsOfFile: path, encoding: .utf8)
      #expect(content == "a\n1\n")
      let left = try FileManager.default.contentsOfDirectory(atPath: disk)
      #expect(left == ["rows.csv"])
    }
  }

  @Test("a reader that goes away ends it silently", arguments: [OutputFormat.vertical, .table, .jsonl])
  func closedPipe(format: OutputFormat) throws {
    let many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50000) SELECT n FROM c"
    for options in [[], ["--output", "-"]] {
      let test = TestSurroundings()
      test.failure = StreamError(kind: .closedPipe, path: "standard output", reason: "gone")
      let arguments = ["query", stage.store, many, "--format", format.rawValue] + options
      #expect(AufdbCommand.run(arguments, in: test.surroundings) == 0)
      #expect(test.error == "")
    }
  }

  @Test("a reader that goes away while a query computes stops it")
  func closedPipeMeanwhile() throws {
    let test = TestSurroundings()
    let surroundings = test.surroundings
    // Each look at the clock finds half a second gone.
    var slow = surroundings
    slow.now = {
      test.milliseconds += 500
      return test.milliseconds
    }
    test.failure = StreamError(kind: .closedPipe, path: "standard output", reason: "gone")
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c WHERE n < 2"
    #expect(AufdbCommand.run(["query", stage.store, endless, "--format", "csv"], in: slow) == 0)
    #expect(test.error == "")
  }
}

extension ByteSource {
  fileprivate func wholeText() throws -> String {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
      if count == 0 { return String(decoding: all, as: UTF8.self) }
      all += piece[..<count]
    }
  }
}
