// Embeddings that can't be imported: what the command says, and that nothing was changed.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Bad embeddings") struct BadEmbeddingsTests {
  private let stage: CommandStage

  /// The stage's four responses, in order.
  private static let index = ["p1", "p2"].flatMap { prompt in
    ["a", "b"].map { #"{"prompt_id":"\#(prompt)","model":"\#($0)"}"# }
  }.enumerated().map { #"{"row":\#($0.offset),"# + $0.element.dropFirst() }

  init() throws { stage = try CommandStage() }

  private static func matrix(_ values: [Float], rows: Int = 4) -> [UInt8] {
    MatrixFiles.npy("<f4", rows: rows, dimension: values.count / rows, MatrixFiles.bytes(values))
  }

  private static let good = matrix([1, 2, 3, 4, 5, 6, 7, 8])

  private func expectRefused(
    _ error: String, matrix: [UInt8] = good, named name: String = "v.npy", index: [String] = index,
    options: [String] = [], exitCode: Int32 = 65, hint: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let files = (try stage.file(name, matrix), try stage.file("i.jsonl", index.joined(separator: "\n")))
    try stage.expectRefused(
      ["import", stage.store, files.0, "--as", "embeddings", "--index", files.1, "--encoder", "e"] + options,
      exitCode: exitCode, error: error, hint: hint, sourceLocation: sourceLocation)
  }

  private static func line(_ fields: String) -> String { "{\(fields)}" }

  private static let p1a = #""prompt_id":"p1","model":"a""#
  private static let indexLines: [BadLine] = [
    BadLine(line(p1a), "row is missing"), BadLine(line(#""row":"1",\#(p1a)"#), "row is a string, not a whole number"),
    BadLine(line(#""row":null,\#(p1a)"#), "row is null, not a whole number"),
    BadLine(line(#""row":1.5,\#(p1a)"#), "row is not a whole number"),
    BadLine(line(#""row":-1,\#(p1a)"#), "row is negative"),
    BadLine(line(#""row":99999999999999999999,\#(p1a)"#), "row is too large"),
    BadLine(line(#""row":4,\#(p1a)"#), "row 4 is not in the matrix, which has 4, counted from 0"),
    BadLine(
      line(#""row":9223372036854775807,\#(p1a)"#),
      "row 9223372036854775807 is not in the matrix, which has 4, counted from 0"),
    BadLine(line(#""row":0,\#(p1a)"#), "row 0 stands twice in the index"),
    BadLine(line(#""row":1,"row":1,\#(p1a)"#), "the key \"row\" stands twice in one object"),
    BadLine(line(#""row":1,"model":"a""#), "prompt_id is missing"),
    BadLine(line(#""row":1,"prompt_id":null,"model":"a""#), "prompt_id is null, not a text"),
    BadLine(line(#""row":1,"prompt_id":"","model":"a""#), "prompt_id is empty"),
    BadLine(line(#""row":1,"prompt_id":"p1""#), "model is missing"),
    BadLine(line(#""row":1,"prompt_id":"p1","model":1"#), "model is a number, not a text"),
    BadLine(line(#""row":1,"prompt_id":"p1","model":"a\u0000""#), "model has a control character"),
    BadLine(line(#""row":1,"prompt_id":"p1","model":"""#), "model is empty"),
    BadLine(line(#""row":1,\#(p1a),"sample":"0""#), "sample is a string, not a whole number"),
    BadLine(
      line(#""row":1,"prompt_id":"p1","model":null,"sample":1"#),
      "sample is 1, but without a model the vector is the prompt's own"),
    BadLine(line(#""row":1,"prompt_id":"p9","model":null"#), "there is no prompt 'p9'"),
    BadLine(line(#""row":1,"prompt_id":"p9","model":"a""#), "there is no response of a (sample 0) to the prompt 'p9'"),
    BadLine(line(#""row":1,"prompt_id":"p1","model":"z""#), "there is no response of z (sample 0) to the prompt 'p1'"),
    BadLine(line(#""row":1,\#(p1a),"sample":1"#), "there is no response of a (sample 1) to the prompt 'p1'"),
    BadLine("[1]", "expected an object, found an array"), BadLine("{", "the text ends before its value does"),
    BadLine(line(#""row":1,\#(p1a),"x":NaN"#), "NaN or Infinity, which JSON does not have"),
  ]

  @Test("lines of an index", arguments: indexLines)
  func indexLine(_ line: BadLine) throws {
    let text = String(decoding: line.bytes, as: UTF8.self)
    try expectRefused("\(line.error) ({}/i.jsonl:3)", index: [Self.index[0], "", text] + Self.index[2...])
  }

  @Test("what to do about an index")
  func indexHints() throws {
    let import1 = "import the completions first"
    try expectRefused(
      "there is no prompt 'x' ({}/i.jsonl:1)", index: [#"{"row":0,"prompt_id":"x","model":null}"#], hint: import1)
    try expectRefused(
      "there is no response of a (sample 0) to the prompt 'x' ({}/i.jsonl:1)",
      index: [#"{"row":0,"prompt_id":"x","model":"a"}"#], hint: import1)
    try expectRefused(
      "model is missing ({}/i.jsonl:1)", index: [#"{"row":0,"prompt_id":"p1"}"#],
      hint: "null says that the vector is the prompt's own")
    try expectRefused("the file is empty ({}/i.jsonl)", index: [])
    try expectRefused(
      "no line of the index names row 1 of the matrix: of 4 rows 2 belong to nothing ({}/i.jsonl)",
      index: [Self.index[3], Self.index[0]])
  }

  @Test("elements that can't be stored, with their row")
  func elements() throws {
    func with(_ value: Float) -> [UInt8] { Self.matrix([1, 2, 3, 4, 5, value, 7, 8]) }
    let keep = "store float32 with --keep-float32"
    try expectRefused("element 1 of row 2 is NaN ({}/v.npy)", matrix: with(.nan))
    try expectRefused("element 1 of row 2 is NaN ({}/v.npy)", matrix: with(.signalingNaN), options: ["--keep-float32"])
    try expectRefused("element 1 of row 2 is infinite ({}/v.npy)", matrix: with(.infinity))
    try expectRefused(
      "element 1 of row 2 is infinite ({}/v.npy)", matrix: with(-.infinity), options: ["--keep-float32"])
    try expectRefused(
      "element 1 of row 2 is 65504.004, and float16 ends at 65504 ({}/v.npy)", matrix: with((65_504 as Float).nextUp),
      hint: keep)
    try expectRefused(
      "element 1 of row 2 is -1e+09, and float16 ends at 65504 ({}/v.npy)", matrix: with(-1e9), hint: keep)
    for bad in [0x7C00, 0xFC00, 0x7C01, 0xFE00] as [UInt16] {
      let halves = MatrixFiles.npy("<f2", rows: 4, dimension: 1, MatrixFiles.bytes([0, 0, 0, bad] as [UInt16]))
      let word = bad & 0x3FF == 0 ? "infinite" : "NaN"
      try expectRefused("element 0 of row 3 is \(word) ({}/v.npy)", matrix: halves)
    }
    for (bad, word) in [(0x7F80, "infinite"), (0xFF81, "NaN")] as [(UInt16, String)] {
      let bfloats = MatrixFiles.safetensors(
        "BF16", rows: 4, dimension: 1, MatrixFiles.bytes([0, bad, 0, 0] as [UInt16]))
      for options in [[], ["--keep-float32"]] {
        try expectRefused("element 0 of row 1 is \(word) ({}/v.x)", matrix: bfloats, named: "v.x", options: options)
      }
    }
    let large = MatrixFiles.safetensors(
      "BF16", rows: 4, dimension: 1, MatrixFiles.bytes([0, 0x4780, 0, 0] as [UInt16]))
    try expectRefused(
      "element 0 of row 1 is 65536.0, and float16 ends at 65504 ({}/v.x)", matrix: large, named: "v.x", hint: keep)
  }

  @Test("matrix files")
  func files() throws {
    try expectRefused("the file is empty ({}/v.npy)", matrix: [])
    try expectRefused(
      "this is neither a .npy nor a .safetensors file ({}/v.npy)", matrix: Array("vectors, row by row".utf8))
    try expectRefused(
      "the file is cut off: it has 157 bytes, and its header tells of 160 ({}/v.npy)",
      matrix: Array(Self.good.dropLast(3)), hint: "copy or download it again")
    try expectRefused("something follows the last element: 2 bytes ({}/v.npy)", matrix: Self.good + [0, 0])
    try expectRefused(
      "the elements ('<f8') are float64 ({}/v.npy)",
      matrix: MatrixFiles.npy("<f8", rows: 1, dimension: 1, Array(repeating: 0, count: 8)),
      hint: "convert them: array.astype('<f4')")
    try expectRefused("a .npy file has one array, without a name ({}/v.npy)", options: ["--tensor", "x"], exitCode: 64)
    let two = MatrixFiles.safetensors(
      header: #"{"y":{"dtype":"F16","shape":[1,1],"data_offsets":[0,2]},"#
        + #""x":{"dtype":"F16","shape":[1,1],"data_offsets":[2,4]}}"#, [0, 0, 0, 0])
    try expectRefused(
      "the file has 2 tensors ({}/v.npy)", matrix: two, exitCode: 64, hint: "choose one with --tensor: x, y")
    try expectRefused(
      "there is no tensor 'z' ({}/v.npy)", matrix: two, options: ["--tensor", "z"], exitCode: 1, hint: "there are: x, y"
    )
    try stage.file("v.npy", Self.good)
    for (files, error) in [
      (["no.npy", "i.jsonl"], "can't be opened: no such file or directory ({}/no.npy)"),
      (["v.npy", "no.jsonl"], "can't be opened: no such file or directory ({}/no.jsonl)"),
    ] {
      try stage.file("i.jsonl", Self.index.joined(separator: "\n"))
      try stage.expectRefused(
        ["import", stage.store, stage.path(files[0]), "--index", stage.path(files[1]), "--encoder", "e"], exitCode: 66,
        error: error)
    }
  }

  @Test("compressed matrices: out of order, damaged, cut off, too long")
  func compressed() throws {
    let bytes = try stage.compressed(Self.good, .zstd())
    let sort = "sort the index by row, or give the matrix as a plain file"
    let forwards = "a matrix that is compressed, or comes through a pipe, is read from beginning to end"
    try expectRefused(
      "row 1 stands where row 0 would: \(forwards) ({}/i.jsonl:1)", matrix: bytes, named: "v.npy.zst",
      index: [Self.index[1], Self.index[0]], hint: sort)
    try expectRefused(
      "row 2 stands where row 1 would: \(forwards) ({}/i.jsonl:2)", matrix: bytes, named: "v.npy.zst",
      index: [Self.index[0], Self.index[2], Self.index[1], Self.index[3]], hint: sort)
    try expectRefused(
      "row 0 stands twice in the index ({}/i.jsonl:2)", matrix: bytes, named: "v.npy.zst",
      index: [Self.index[0], Self.index[0]])
    try expectRefused(
      "no line of the index names row 3 of the matrix: of 4 rows 1 belong to nothing ({}/i.jsonl)", matrix: bytes,
      named: "v.npy.zst", index: Array(Self.index[..<3]))
    try expectRefused(
      "the zstd-compressed data is cut off ({}/v.npy.zst)", matrix: Array(bytes.dropLast(4)), named: "v.npy.zst",
      hint: "copy or download it again")
    try expectRefused("it is not zstd-compressed data, though its name says so ({}/v.npy.zst)", named: "v.npy.zst")
    try expectRefused(
      "the file is cut off in row 3 of 4 ({}/v.npy.gz)",
      matrix: stage.compressed(Array(Self.good.dropLast(4)), .gzip()), named: "v.npy.gz")
    try expectRefused(
      "something follows the last element ({}/v.npy.gz)", matrix: stage.compressed(Self.good + [1], .gzip()),
      named: "v.npy.gz")
  }

  @Test("options that don't go together")
  func options() throws {
    let files = (try stage.file("v.npy", Self.good), try stage.file("i.jsonl", Self.index.joined(separator: "\n")))
    let lines = try stage.file("c.jsonl", CommandStage.completions)
    let other = try stage.file("w.npy", Self.good)
    let embeddings = ["--index", files.1, "--encoder", "e"]
    let together = "--index and --encoder go together: embeddings need both"
    let others = "--index and --encoder are for embeddings, not for labels"
    let cases: [([String], String)] = [
      ([files.0, "--index", files.1], together), ([files.0, "--encoder", "e"], together),
      ([files.0, "--tensor", "x"], "--tensor goes with --index and --encoder only"),
      ([files.0, "--keep-float32"], "--keep-float32 goes with --index and --encoder only"),
      ([files.0, "--as", "embeddings"], "embeddings need --index FILE and --encoder NAME"),
      ([files.0, "--as", "labels"] + embeddings, others),
      ([files.0], "{}/v.npy holds embeddings, which need an index and an encoder's name"),
      ([lines] + embeddings, "an index and an encoder are given, but no file with embeddings"),
      (
        [files.0, other] + embeddings, "embeddings come from one file at a time, because each has an index of its own"
      ),
      ([files.0, "--judge", "j"] + embeddings, "embeddings have no judge"),
      ([files.0, "--snapshot", "s"] + embeddings, "embeddings have no snapshot"),
      (
        ["-", "--as", "embeddings", "--index", "-", "--encoder", "e"],
        "standard input can't be the index and another file as well"
      ),
      (
        [files.0, "--index", files.1, "--encoder", ""], "an encoder's name can't be empty or hold control characters"
      ),
      (
        [files.0, "--index", files.1, "--encoder", "a\nb"],
        "an encoder's name can't be empty or hold control characters"
      ),
    ]
    for (arguments, error) in cases {
      try stage.expectRefused(["import", stage.store] + arguments, exitCode: 64, error: error)
    }
    try stage.expectRefused(
      ["import", stage.store, files.1], exitCode: 65,
      error: "this looks like the index of embeddings ({}/i.jsonl)",
      hint: "name the matrix as the file, and this with --index")
    let halves = try stage.file("h.npy", MatrixFiles.npy("<f2", rows: 4, dimension: 1, Array(repeating: 0, count: 8)))
    try stage.expectRefused(
      ["import", stage.store, halves, "--keep-float32"] + embeddings, exitCode: 64,
      error: "the elements are float16: there is no float32 to keep ({}/h.npy)", hint: "leave out --keep-float32")
  }

  @Test("what is good is imported, said, and shown")
  func good() throws {
    try stage.file("v.npy", Self.good)
    try stage.file("i.jsonl", Self.index.joined(separator: "\n"))
    let arguments = ["import", stage.store, stage.path("v.npy"), "--index", stage.path("i.jsonl"), "--encoder", "e"]
    let run = CommandStage.run(arguments)
    #expect(run.exitCode == 0 && run.output == "")
    #expect(run.error.hasSuffix("] Import 4 embeddings from v.npy\n"))
    #expect(CommandStage.run(arguments).error == "nothing to commit: the store has all 4 records already\n")
    let sql = "SELECT model, vector_json(element, vector) AS vector FROM embeddings WHERE prompt_id = 'p2'"
    #expect(
      CommandStage.run(["query", stage.store, sql, "--format", "csv"]).output
        == "model,vector\na,\"[5.0,6.0]\"\nb,\"[7.0,8.0]\"\n")
    let wrong = CommandStage.run(["query", stage.store, "SELECT vector_json(vector) FROM embeddings"])
    #expect(
      wrong.exitCode == 1 && wrong.error == "error: vector_json takes (element, vector), two columns of embeddings\n")

    try stage.file("v.npy", Self.matrix([1, 2, 3, 4, 5, 6, 7, -8]))
    try stage.expectRefused(
      arguments, exitCode: 65, error: "e's vector of b for 'p2' is there already and differs ({}/i.jsonl:4)",
      hint: "name another encoder with --encoder, or add --replace to make this its new version")
    let replaced = CommandStage.run(arguments + ["--replace"])
    #expect(replaced.error.contains("] Import 1 embedding from v.npy\n  1 rows have a new version\n"))
    try stage.file("w.npy", Self.matrix([1, 2, 3, 4]))
    try stage.expectRefused(
      arguments.map { $0.replacing("/v.npy", with: "/w.npy") }, exitCode: 65,
      error: "the store's vectors of 'e' are 2 x f16, and these would be 1 x f16 ({}/w.npy)",
      hint: "name another encoder with --encoder")
  }

  @Test(
    "a matrix or an index on a pipe",
    .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
  func pipes() throws {
    let index = Array(Self.index.joined(separator: "\n").utf8)
    let files = (try stage.file("v.npy", Self.good), try stage.file("i.jsonl", index))
    let base = ["import", stage.store, "-", "--as", "embeddings", "--index", files.1, "--encoder"]
    for (encoder, input) in [("plain", Self.good), ("gzip", try stage.compressed(Self.good, .gzip()))] {
      let run = try BuiltCommand.run(base + [encoder], input: input)
      #expect(run.exitCode == 0 && run.error.contains("Import 4 embeddings from -"), "\(run.error)")
    }
    let piped = try BuiltCommand.run(
      ["import", stage.store, files.0, "--index", "-", "--encoder", "index"], input: index)
    #expect(piped.exitCode == 0 && piped.error.contains("Import 4 embeddings from v.npy"), "\(piped.error)")
    let sql = "SELECT count(*), count(DISTINCT encoder), count(DISTINCT vector) FROM embeddings"
    #expect(CommandStage.run(["query", stage.store, sql, "--format", "tsv"]).output.hasSuffix("\n12\t3\t4\n"))

    let before = try stage.contents()
    for (input, error) in [
      (Array(Self.good.dropLast()), "error: the file is cut off in row 3 of 4 (standard input)\n"),
      (Self.good + [0], "error: something follows the last element (standard input)\n"),
      ([], "error: the file is empty (standard input)\n"),
    ] {
      let run = try BuiltCommand.run(base + ["other"], input: input)
      #expect(run.exitCode == 65 && run.error.hasPrefix(error), "\(run.error)")
      #expect(try stage.contents() == before)
    }
  }
}
