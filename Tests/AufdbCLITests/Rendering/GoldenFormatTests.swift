// Rows with everything in them, in each format to the letter.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct GoldenFormatTests {
  private static let columns = ["id", "n", "real", "text", "element", "vector", "blob"]
  private static let rows: [[SQLValue]] = [
    [
      .text("p1"), .integer(7), .real(0.5), .text("a, \"b\"\n| c"), .text("f16"), .blob([0, 0x3C, 0, 0xC0]),
      .blob([0, 255]),
    ],
    [.text("漢字👍🏽"), .null, .real(-12), .text(""), .null, .null, .blob([])],
  ]

  @Test(arguments: [
    (
      OutputFormat.table,
      """
      id         n   real  text         element  vector           blob
      ------  ----  -----  -----------  -------  ---------------  -----------------
      p1         7    0.5  a, "b"\\n| c  f16      [1.0, -2.0] f16  x'00ff' (2 bytes)
      漢字👍🏽  NULL  -12.0               NULL     NULL             x'' (0 bytes)

      """
    ),
    (
      .vertical,
      """
      --- row 1 ---
           id: p1
            n: 7
         real: 0.5
         text: a, "b"
               | c
      element: f16
       vector: [1.0, -2.0] f16
         blob: x'00ff' (2 bytes)
      --- row 2 ---
           id: 漢字👍🏽
            n: NULL
         real: -12.0
         text:
      element: NULL
       vector: NULL
         blob: x'' (0 bytes)

      """
    ),
    (
      .csv,
      """
      id,n,real,text,element,vector,blob
      p1,7,0.5,"a, ""b""
      | c",f16,x'003c00c0',x'00ff'
      漢字👍🏽,,-12.0,"",,,x''

      """
    ),
    (
      .tsv,
      """
      id\tn\treal\ttext\telement\tvector\tblob
      p1\t7\t0.5\ta, "b"\\n| c\tf16\tx'003c00c0'\tx'00ff'
      漢字👍🏽\t\\N\t-12.0\t\t\\N\t\\N\tx''

      """
    ),
    (
      .json,
      """
      [{"id":"p1","n":7,"real":0.5,"text":"a, \\"b\\"\\n| c","element":"f16","vector":{"$blob":"003c00c0"},"blob":{"$blob":"00ff"}},
      {"id":"漢字👍🏽","n":null,"real":-12.0,"text":"","element":null,"vector":null,"blob":{"$blob":""}}]

      """
    ),
    (
      .jsonl,
      """
      {"id":"p1","n":7,"real":0.5,"text":"a, \\"b\\"\\n| c","element":"f16","vector":{"$blob":"003c00c0"},"blob":{"$blob":"00ff"}}
      {"id":"漢字👍🏽","n":null,"real":-12.0,"text":"","element":null,"vector":null,"blob":{"$blob":""}}

      """
    ),
    (
      .markdown,
      """
      | id | n | real | text | element | vector | blob |
      | --- | --- | --- | --- | --- | --- | --- |
      | p1 | 7 | 0.5 | a, "b"<br>\\| c | f16 | [1.0, -2.0] f16 | x'00ff' (2 bytes) |
      | 漢字👍🏽 | NULL | -12.0 |  | NULL | NULL | x'' (0 bytes) |

      """
    ),
  ])
  func toTheLetter(_ format: OutputFormat, _ expected: String) throws {
    #expect(try TestSurroundings.rendering(format, Self.columns, Self.rows) == expected)
  }
}
