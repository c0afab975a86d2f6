// What people and their files say: revisions and ranges, dates, fields, questions, YAML.

@testable import Aufdb

extension FuzzTarget {
  static let words = [
    text("revision", revisions) { text in
      let revision = try Revision(text)
      try require(try Revision(revision.description) == revision, "a revision that is read otherwise")
      _ = try? RefName(text)
      _ = try? RevisionDate(text)
      _ = try FuzzStore.withOpenStore { try $0.commit(revision) }
    },
    text("range", revisions + ["main~1..main", "main...v1", "..", "a..b...c", "main..main@{2026-11-01T12:30}"]) {
      _ = try DiffRange($0)
    },
    text("date", ["2026-11-01", "2026-11-01T12:30:05.250+01:00", "0000-01-01 00:00Z", "9999-12-31T23:59:59.999-23:59"])
    {
      text in
      let date = try RevisionDate(text)
      try require(date.first <= date.last, "a date that ends before it begins")
    },
    text("field", ["response=data.answer", "prompt=turns[0].text", #"completions[].model="a \"b".c[12]"#]) {
      _ = try FieldMap($0)
    },
    text("search", [#""a phrase" OR (a NOT b*)"#, "prompt:why AND response:(so OR because)", "((a)) -b", "\"\"\""]) {
      _ = try SearchQuestion($0) { $0.contains(where: \.isLetter) }
    },
    text("definitions", [models]) { text in
      let yaml = try DefinitionFile(yaml: text, path: "input").yaml
      try require(try DefinitionFile(yaml: yaml, path: "input").yaml == yaml, "definitions that are read otherwise")
    },
    text(
      "run",
      ["version: 1\nname: s\nmethod: drts\nmethod-parameters: {beta: 1}\nseed: 7\nheads: 20\nlearning-rate: 0.003"]
    ) {
      _ = try RunConfiguration(yaml: $0, file: "input")
    },
    text("rubric", ["name: a\nversion: \"1\"\nmode: pairwise\nquestion: |\n  {prompt} {first} {second}\nsystem: s\n"]) {
      text in
      let rubric = try Rubric(yaml: text, file: "input")
      var writer = JSONWriter()
      rubric.write(to: &writer)
      let again = try writer.withBytes { try Rubric(json: $0) }
      try require(again == rubric, "a rubric that is read otherwise")
    },
    text("principles", ["version: 1\nprinciples:\n  honesty:\n    - Be honest.\n    - text\n"]) {
      _ = try Principles(yaml: $0, file: "input")
    },
  ]

  private static let revisions = ["main~3^2", "HEAD", "@~1^0", "main@{2026-11-01}~2", "3f2a91c0", "main~99999999999"]
  private static let models = """
    models:
      ember: {url: "http://localhost:1/v1", model: ember-3b, parameters: {temperature: 0.5}, key: {env: KEY}}
    judges:
      critic: {endpoint: ember, rubric: ultrafeedback}
    encoders:
      mini: {url: "http://localhost:1/v1", model: m, dimensions: 3, element: f16, limits: {concurrency: 2}}
    """

  /// A parser of text; what isn't UTF-8 comes as a person's terminal would give it, mended.
  private static func text(
    _ name: String, _ seeds: [String], _ read: @escaping @Sendable (String) throws -> Void
  ) -> FuzzTarget {
    FuzzTarget(name, seeds: seeds.map { Array($0.utf8) }) { try read(String(decoding: $0, as: UTF8.self)) }
  }
}
