// `aufdb annotate`: a judge labels the pending selections.

import ArgumentParser
import Aufdb

struct AnnotateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Label the selections that a judge has not labelled yet.",
    discussion: """
      Judges:
        scores:NAME  the response that NAME scored higher is chosen; equal scores are a tie, and stored as one
        random       either of the two, by the seed: a baseline
        command:CMD  a program that /bin/sh runs: it reads pairs and answers
        file:PATH    people: where PATH doesn't exist, the pending pairs are written there, and nothing is committed;
                     where it does, its answers are read

      A command reads requests, one JSON object a line, and writes answers, one a line, in any order:
        {"id": 0, "prompt_id": "p1", "prompt": "Why?", "first": {"model": "a", "sample": 0, "response": "..."},
         "second": {"model": "b", "sample": 0, "response": "..."}}
        {"id": 0, "choice": "first", "first_score": 8, "second_score": 5.5}
      prompt is a text or a list of messages. choice is first, second or tie; null leaves the pair pending. The scores
      may be missing. The command must write each answer out at once (python3 -u, jq --unbuffered): it gets up to 256
      pairs, and more when these are answered. It is started again where it died or hung. If it fails for good, what it
      had answered is committed, the rest stays pending, and the exit code is 1. An answer that makes no sense (not
      JSON, an unknown id, the same id twice) stops everything, and nothing is committed. The commit records the
      command: give it secrets by the environment.

      The lines of a file are such requests without an id, but with "choice": null, to be replaced by first, second or
      tie. They can come back in any order, some or all of them, and more than once. A line may have first_score and
      second_score, and "annotator": who answered it, if not the judge that --judge-name or the file's name tells.

      Examples:
        aufdb annotate prefs.aufdb --judge scores:overall
        aufdb annotate prefs.aufdb --judge random --seed 7
        aufdb annotate prefs.aufdb --judge 'command:python3 -u judge.py --model large' --judge-timeout 60
        aufdb annotate prefs.aufdb --judge file:pairs.jsonl --judge-name ada
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var judge: JudgeArguments
  @OptionGroup var options: CommitOptions

  func run(in surroundings: Surroundings) throws {
    let judge = try judge.parsed()
    let store = try store.openForWriting("annotate", options.waiting)
    let (commit, report) = try store.annotate(judge, context: options.context(in: surroundings))
    try surroundings.writeError(
      CommitLine.text(
        commit, branch: options.branch ?? store.currentBranch(), nothing: AnnotateNotes.nothing(report, judge)))
    for line in AnnotateNotes.lines(report, judge, isNothing: commit == nil) { surroundings.writeError(line) }
    if let failure = report.failure { throw failure }
  }
}
