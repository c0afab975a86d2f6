// `aufdb history`: what commits did to a row.

import ArgumentParser
import Aufdb

struct HistoryCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show what commits did to the rows of a key, the newest first.",
    discussion: """
      KEY is the natural key of a row, part by part, or the first parts of it, for all rows that have these:

        prompts       PROMPT_ID
        responses     PROMPT_ID MODEL SAMPLE
        embeddings    ENCODER PROMPT_ID MODEL SAMPLE             (MODEL is '' for the prompt's own)
        scores        PROMPT_ID MODEL SAMPLE JUDGE
        snapshots     SNAPSHOT
        estimates     SNAPSHOT PROMPT_ID MODEL SAMPLE
        selections    PROMPT_ID MODEL SAMPLE MODEL SAMPLE METHOD BATCH     (the pair in either order)
        labels        PROMPT_ID MODEL SAMPLE MODEL SAMPLE JUDGE            (the pair in either order)
        reward_heads  HEAD
        progress      RUN ITERATION
        queries       NAME
        definitions   KIND NAME VERSION                          (KIND is model, judge or encoder)

      Formats:
        text   each commit, with the rows that it added (+), removed (-) or modified (~)
        json   an array of {commit, time, author, message, table, key, change, columns, old, new}
        jsonl  the same, an object a line
        csv    commit,time,author,table,change,key,column,old,new: a line a changed column

      In JSON, old and new are whole rows, or null, and modified rows have columns, the names of those that differ. A \
      merge that keeps one of two versions of a row modifies the other one.

      Examples:
        aufdb history prefs.aufdb labels p1
        aufdb history prefs.aufdb responses p1 atlas-70b 0 --format jsonl
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("One of the tables above.", valueName: "table"))
  var table: String

  @Argument(help: ArgumentHelp("The key's parts, at least the first.", valueName: "key"))
  var key: [String]

  @OptionGroup var revision: RevisionOption

  @Flag(help: "What all commits did, those of other branches, too.")
  var all = false

  @Option(help: ArgumentHelp("At most so many changes. (default: all)", valueName: "number"))
  var limit: Int?

  @Option(help: ArgumentHelp("How to write them.", valueName: "format"))
  var format: HistoryFormat = .text

  func validate() throws {
    if all, revision.at != nil { throw ValidationError("--all and --at can't be given together") }
    if let limit, limit < 0 { throw ValidationError("--limit takes a number that is not negative") }
  }

  func run(in surroundings: Surroundings) throws {
    let relation = try Relation.named(table)
    let renderer = format.renderer(in: surroundings)
    let prunedCount = try store.openForReading().rowEvents(
      of: relation, key: relation.key(reading: key), in: all ? .everywhere : .revision(revision.revision()),
      limit: limit, renderer.event)
    try renderer.finish()
    if prunedCount > 0 {
      let commits = prunedCount == 1 ? "commit was" : "commits were"
      surroundings.writeError("note: \(prunedCount) \(commits) pruned, so older versions may be missing\n")
    }
  }
}

extension HistoryFormat: ExpressibleByArgument {}
