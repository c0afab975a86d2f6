// `aufdb score`: a reward head's estimates of the stored responses.

import ArgumentParser
import Aufdb

struct ScoreCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Estimate all responses by a reward head: a snapshot for select.",
    discussion: """
      The snapshot records which head made it, and the head's state. `aufdb select` then sees the newest snapshot that \
      covers the prompts.

      Examples:
        aufdb score prefs.aufdb --head base
        aufdb score prefs.aufdb --head base --snapshot monday --missing
        aufdb score prefs.aufdb --head base --at main~3 --snapshot base-again
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("The reward head: `aufdb train` makes one, and `aufdb run`.", valueName: "name"))
  var head: String

  @Option(help: ArgumentHelp("The snapshot's name. (default: the head's)", valueName: "name"))
  var snapshot: String?

  @Flag(help: "Add to a snapshot that this head made what it lacks.")
  var missing = false

  @Flag(help: "Store the rewards of an ensemble's single heads, too, which bald can use.")
  var heads = false

  @Flag(help: "Pass over responses without an embedding.")
  var allowPartial = false

  @Option(
    help: ArgumentHelp(
      "Where the head and the embeddings are taken from, to make an old snapshot again. (default: the branch's tip)",
      valueName: "revision"))
  var at: String?

  @OptionGroup var threads: ThreadsOption
  @OptionGroup var options: CommitOptions

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForWriting("score", options.waiting)
    // Before the commit: what fails after it would be taken for its failure.
    let branch = try options.branch ?? store.currentBranch()
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let (commit, report) = try store.score(
      ScoreOptions(
        head: head, snapshot: snapshot, revision: at.map { try Revision($0) }, onlyMissing: missing, keepsHeads: heads,
        allowsPartial: allowPartial),
      threadCount: threads.count, context: options.context(in: surroundings)
    ) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done) of \(all) prompts")
    }
    bar.finish()
    surroundings.writeError(
      CommitLine.text(
        commit, branch: branch,
        nothing: "the snapshot \(report.snapshot) has all \(report.presentCount) responses already"))
    surroundings.writeError(CommitLine.note(report.missingCount, "responses lack an embedding"))
    if commit != nil {
      surroundings.writeError(CommitLine.note(report.presentCount, "responses were estimated before"))
    }
    if report.labelCount == 0, commit != nil {
      surroundings.writeError("  \(head) has seen no labels: its estimates tell nothing but how unsure it is\n")
    }
  }
}
