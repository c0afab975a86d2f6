// A diff for programs: JSON, CSV, names and counts, to the letter, and any values read back.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Diff as data")
struct DiffDataTests {
  private static let changes = [
    RowChange(.prompts, old: nil, new: Rows.prompt("p1", "a \"b\",\nc", metadata: "{\"x\":1}")),
    RowChange(.embeddings, old: Rows.embedding("p1", nil, [0, 255]), new: Rows.embedding("p1", nil, [1, 2])),
    RowChange(.scores, old: Rows.score("p1", "a", 8), new: nil),
    RowChange(.labels, old: Rows.label("p1", "b", "a"), new: Rows.label("p1", "a", "b", scores: (2, nil))),
    RowChange(.labels, old: nil, new: Rows.label("p2", "a", "b", judge: "o, p")),
  ]

  private static let objects = [
    #"{"table":"prompts","key":{"prompt_id":"p1"},"change":"added","old":null,"#
      + #""new":{"prompt_id":"p1","source":null,"prompt":"a \"b\",\nc","format":"text","metadata":"{\"x\":1}"}}"#,
    #"{"table":"embeddings","key":{"encoder":"mini","prompt_id":"p1","model":null,"sample":0},"change":"modified","#
      + #""columns":["vector"],"old":{"encoder":"mini","prompt_id":"p1","model":null,"sample":0,"element":"f16","#
      + #""vector":{"$blob":"00ff"}},"new":{"encoder":"mini","prompt_id":"p1","model":null,"sample":0,"#
      + #""element":"f16","vector":{"$blob":"0102"}}}"#,
    #"{"table":"scores","key":{"prompt_id":"p1","model":"a","sample":0,"judge":"overall"},"change":"removed","#
      + #""old":{"prompt_id":"p1","model":"a","sample":0,"judge":"overall","score":8.0,"aspects":null,"#
      + #""critique":null},"new":null}"#,
    #"{"table":"labels","key":{"prompt_id":"p1","model_1":"a","sample_1":0,"model_2":"b","sample_2":0,"#
      + #""judge":"overall"},"change":"modified","columns":["chosen_model","rejected_model","chosen_score"],"#
      + #""old":{"prompt_id":"p1","chosen_model":"b","chosen_sample":0,"rejected_model":"a","rejected_sample":0,"#
      + #""judge":"overall","tie":0,"chosen_score":null,"rejected_score":null,"method":null,"batch":null,"details":null},"#
      + #""new":{"prompt_id":"p1","chosen_model":"a","chosen_sample":0,"rejected_model":"b","rejected_sample":0,"#
      + #""judge":"overall","tie":0,"chosen_score":2.0,"rejected_score":null,"method":null,"batch":null,"details":null}}"#,
  ]

  @Test("JSON, one object a line or an array of them") func json() throws {
    let changes = Array(Self.changes.prefix(4))
    #expect(try TestSurroundings.diff(changes, .jsonl) == Self.objects.map { $0 + "\n" }.joined())
    #expect(try TestSurroundings.diff(changes, .json) == "[" + Self.objects.joined(separator: ",\n") + "]\n")
  }

  @Test("CSV, a line a changed column") func csv() throws {
    #expect(
      try TestSurroundings.diff(Self.changes, .csv) == """
        table,change,key,column,old,new
        prompts,added,p1,prompt_id,,p1
        prompts,added,p1,prompt,,"a ""b"",
        c"
        prompts,added,p1,format,,text
        prompts,added,p1,metadata,,"{""x"":1}"
        embeddings,modified,p1  (mini),vector,x'00ff',x'0102'
        scores,removed,p1  a  (overall),prompt_id,p1,
        scores,removed,p1  a  (overall),model,a,
        scores,removed,p1  a  (overall),sample,0,
        scores,removed,p1  a  (overall),judge,overall,
        scores,removed,p1  a  (overall),score,8.0,
        labels,modified,p1  a vs b  (overall),chosen_model,b,a
        labels,modified,p1  a vs b  (overall),rejected_model,a,b
        labels,modified,p1  a vs b  (overall),chosen_score,,2.0
        labels,added,"p2  a vs b  (o, p)",prompt_id,,p2
        labels,added,"p2  a vs b  (o, p)",chosen_model,,a
        labels,added,"p2  a vs b  (o, p)",chosen_sample,,0
        labels,added,"p2  a vs b  (o, p)",rejected_model,,b
        labels,added,"p2  a vs b  (o, p)",rejected_sample,,0
        labels,added,"p2  a vs b  (o, p)",judge,,"o, p"
        labels,added,"p2  a vs b  (o, p)",tie,,0

        """)
  }

  @Test("Names only") func names() throws {
    let changes = [Self.changes[1], Self.changes[4], RowChange(.prompts, old: nil, new: Rows.prompt("a\nb", "q"))]
    #expect(
      try TestSurroundings.diff(changes, .text, .names) == """
        embeddings  p1  (mini)
        labels  p2  a vs b  (o, p)
        prompts  a\\nb

        """)
    #expect(
      try TestSurroundings.diff(changes, .csv, .names) == """
        table,key
        embeddings,p1  (mini)
        labels,"p2  a vs b  (o, p)"
        prompts,"a
        b"

        """)
    let objects = [
      #"{"table":"embeddings","key":{"encoder":"mini","prompt_id":"p1","model":null,"sample":0}}"#,
      #"{"table":"labels","key":{"prompt_id":"p2","model_1":"a","sample_1":0,"model_2":"b","sample_2":0,"#
        + #""judge":"o, p"}}"#,
      #"{"table":"prompts","key":{"prompt_id":"a\nb"}}"#,
    ]
    #expect(try TestSurroundings.diff(changes, .jsonl, .names) == objects.map { $0 + "\n" }.joined())
    #expect(try TestSurroundings.diff(changes, .json, .names) == "[" + objects.joined(separator: ",\n") + "]\n")
  }

  @Test("Counts") func counts() throws {
    #expect(
      try TestSurroundings.stat(Self.changes, .text) == """
        table       added  removed  modified
        ----------  -----  -------  --------
        prompts         1        0         0
        embeddings      0        0         1
        scores          0        1         0
        labels          1        0         1

        labels of  added  retracted  flipped  modified otherwise
        ---------  -----  ---------  -------  ------------------
        o, p           1          0        0                   0
        overall        0          0        1                   0

        """)
    let labels = Array(Self.changes.suffix(2))
    #expect(
      try TestSurroundings.stat(labels + [Self.changes[0]], .csv) == """
        table,judge,added,removed,modified,flipped
        prompts,,1,0,0,
        labels,,1,0,1,1
        labels,"o, p",1,0,0,0
        labels,overall,0,0,1,1

        """)
    let objects = [
      #"{"table":"labels","judge":null,"added":0,"removed":0,"modified":1,"flipped":1}"#,
      #"{"table":"labels","judge":"overall","added":0,"removed":0,"modified":1,"flipped":1}"#,
    ]
    #expect(try TestSurroundings.stat([labels[0]], .jsonl) == objects.map { $0 + "\n" }.joined())
    #expect(try TestSurroundings.stat([labels[0]], .json) == "[" + objects.joined(separator: ",\n") + "]\n")
    #expect(try !TestSurroundings.stat([Self.changes[0]], .text).contains("labels of"))
  }

  @Test("No change is an empty list", arguments: [DiffDetail.wholeRows, .names, nil])
  func empty(_ detail: DiffDetail?) throws {
    func written(_ format: DiffFormat) throws -> String {
      try detail.map { try TestSurroundings.diff([], format, $0) } ?? TestSurroundings.stat([], format)
    }
    #expect(try written(.text) == "")
    #expect(try written(.jsonl) == "")
    #expect(try written(.json) == "[]\n")
    let header = try written(.csv)
    #expect(header.hasPrefix("table,") && header.hasSuffix("\n") && header.split(separator: "\n").count == 1)
  }

  @Test("Nothing is written before there is something to say", arguments: DiffFormat.allCases)
  func lazily(_ format: DiffFormat) throws {
    for detail in [DiffDetail.wholeRows, .names] {
      let test = TestSurroundings()
      let surroundings = test.surroundings
      _ = format.renderer(detail, in: surroundings)
      try surroundings.output.flush()
      #expect(test.output == "")
    }
  }

  @Test("Any values read back", arguments: 1...3 as ClosedRange<UInt64>)
  func readBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let changes = (0..<100).map { _ in
      func row() -> [SQLValue] { Relation.scores.columns.map { _ in SQLValue.random(using: &generator) } }
      return RowChange(.scores, old: row(), new: row())
    }
    let rows = CSVFields.rows(Array(try TestSurroundings.diff(changes, .csv).utf8)).dropFirst()
    let expected = changes.flatMap { change in
      change.changedColumns.map { column in
        [.text(Relation.scores.columns[column]), change.old?[column] ?? .null, change.new?[column] ?? .null]
          .map(CSVFields.expected)
      }
    }
    #expect(rows.map { Array($0.suffix(3)) } == expected, "seed \(seed)")

    let array = try JSONSerialization.jsonObject(with: Data(TestSurroundings.diff(changes, .json).utf8))
    let objects = try #require(array as? [[String: Any]])
    #expect(objects.count == changes.count, "seed \(seed)")
    for (object, change) in zip(objects, changes) {
      let columns = change.changedColumns.map { Relation.scores.columns[$0] }
      #expect(object["columns"] as? [String] == columns, "seed \(seed)")
      for (name, row) in [("old", change.old), ("new", change.new)] {
        let values = try #require(object[name] as? [String: Any])
        #expect(values.count == Relation.scores.columns.count, "seed \(seed)")
        for (column, value) in zip(Relation.scores.columns, row ?? []) {
          if case .text(let text) = value {
            #expect((values[column] as? String)?.utf8.elementsEqual(text.utf8) == true, "seed \(seed)")
          }
        }
      }
    }
    let lines = try TestSurroundings.diff(changes, .jsonl).split(separator: "\n")
    #expect(lines.count == changes.count, "seed \(seed)")
  }
}
