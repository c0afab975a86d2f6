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
        NAME         a model, as `aufdb model add` defined it; NAME@VERSION for an older definition

      A model is asked of the pending pairs, and its answers are kept in the store as they arrive: a run that was \
      stopped anywhere goes on when it is started again, and the same question to the same version is never asked \
      twice. A pairwise judge sees each pair in both orders; where the orders disagree, the label is a tie, and the \
      mean advantage of the first place is told. A pointwise judge rates each aspect of both responses (the expectation \
      over 1 to 5 of its first token), and the ratings are stored as scores; with --all-responses it rates every \
      response and labels nothing. Its labels and scores bear the name NAME@VERSION.

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
        aufdb annotate prefs.aufdb --judge helpful --max-cost 5
        aufdb annotate prefs.aufdb --judge helpful --all-responses --dry-run
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var judge: JudgeArguments
  @OptionGroup(title: "Asking a model") var model: ModelJudgeOptions
  @OptionGroup(title: "Asking a model") var asking: AskingOptions
  @OptionGroup var options: CommitOptions

  func validate() throws {
    guard judge.isModel || !(model.isGiven || asking.isGiven) else {
      throw ValidationError("options of asking a model mean nothing to the judge \(judge.judge)")
    }
  }

  func run(in surroundings: Surroundings) throws {
    guard judge.isModel else {
      return try ModelWork.label(by: judge.parsed(), store, options, in: surroundings)
    }
    let definition = try store.openForReading().judgingModel(
      judge.judge, at: options.branch.map { try Revision($0) } ?? .head)
    try model.work(for: definition).run(
      store, verb: "annotate", ModelAsking(asking, verb: "annotate", options.waiting, in: surroundings), options,
      in: surroundings)
  }
}
