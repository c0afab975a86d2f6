// All that reads the rows of a store, one after the other, so that each meets what a store may hold.

@testable import Aufdb

enum FuzzReaders {
  /// Lets everything read a store. Whatever is refused is refused by an error of ours.
  static func readEverywhere(_ path: String) throws {
    let store = try Store(path, for: .reading)
    _ = try store.verify()
    for sql in queries {
      try allow { try store.queryScript(sql, QueryOptions(timeoutSeconds: 2)) { rows in while try rows.next() {} } }
    }
    try allow { _ = try store.stats() }
    try allow { try store.log(LogOptions()) { _ in } }
    try allow { try store.diff(DiffRange("HEAD~1")) { _ in } }
    try allow { _ = try store.definitionFile(of: []).yaml }
    try allow { for query in try store.savedQueries() { _ = try store.savedQuery(query.name) } }
    try allow { _ = try store.search("why") }
    try FuzzFile.withFolder { folder in
      for format in ExportFormat.training {
        try allow {
          _ = try store.export(ExportOptions(format: format, directory: "\(folder)/\(format.rawValue)", keepTies: true))
        }
      }
      try allow { _ = try store.exportCompletions(CompletionsOptions(directory: folder + "/completions")) }
    }
    try change(path)
  }

  /// Lets reward heads and methods of selection use it.
  private static func change(_ path: String) throws {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "fuzz"))
    let context = CommitContext(author: "fuzz", milliseconds: 4_000_000)
    try allow {
      try store.score(ScoreOptions(head: "h", snapshot: "s2", allowsPartial: true), threadCount: 1, context: context)
    }
    for kind in [HeadKind.linear, .pairwisePrior, .pointwisePrior] {
      try allow {
        let options = TrainOptions(
          head: "h2", kind: kind, encoder: "mini", judge: "overall", epochCount: 1, allowsPartial: true)
        try store.train(options, threadCount: 1, context: context)
      }
    }
    for method in ["random", "drts", "maxmin"] {
      try allow {
        let options = SelectOptions(
          method: method, snapshot: method == "random" ? nil : "s1", prompts: .all, allowsPartial: true)
        try store.select(options, context: context)
      }
    }
  }

  private static func allow(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      try FuzzTarget.checkError(error)
    }
  }

  private static let queries =
    Relation.allCases.map { "SELECT * FROM \($0.name)" } + [
      "SELECT * FROM pairs", "SELECT * FROM coverage", "SELECT * FROM judge_agreement", "SELECT * FROM length_bias",
      "SELECT * FROM leaderboard",
    ]
}
