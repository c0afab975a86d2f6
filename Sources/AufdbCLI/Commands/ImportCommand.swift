// `aufdb import`: files into a commit.

import ArgumentParser
import Aufdb

struct ImportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import files of prompts, responses, scores, estimates, labels and embeddings.",
    discussion: """
      Reads JSON Lines or a JSON array, plain or compressed (.zst, .gz), from files, patterns ('data/*.jsonl') or - \
      for standard input, and commits what is new; importing a file twice changes nothing. A bad record stops the \
      import with its line, and then nothing is changed. A folder that `export completions` wrote comes in whole.

      Kinds, told by the first line unless --as says so:
        completions    {"prompt_id", "prompt", "completions": [{"model", ...}]}
        ultrafeedback  {"instruction", "completions": [{"model", "response", ...}]}
        responses      {"prompt_id", "prompt", "model", "response", "sample"}
        scores         {"prompt_id", "model", "judge", "score", "aspects"}
        estimates      {"prompt_id", "model", "reward", "lower", "upper", "heads"}
        labels         {"prompt_id", "chosen_model", "rejected_model", "judge"}
        preferences    {"prompt", "chosen", "rejected", "chosen_model", ...}
        embeddings     a matrix with a vector in each row, .npy or .safetensors (float16, bfloat16, float32), and an \
      index: JSON Lines of {"row", "prompt_id", "model"}, where a null model means the prompt itself. Vectors are \
      stored as float16 unless --keep-float32 is given.

      A completion is {"model", "response_text", "overall_score", ...}. Preferences are sets made for training: chosen \
      and rejected are answers, as texts or messages, or whole conversations. Where a record has no prompt_id, its \
      prompt's SHA-256 is its id, and another text of a model is another sample.

      Other names: --map FIELD=PATH says where records have a field: response=data.answer, prompt=turns[0].text, \
      prompt_id='"a key with blanks".id'; completions[].response_text=output in the objects of a list. What was taken whole is \
      gone under its old name.

      Examples:
        aufdb import prefs.aufdb completions.jsonl.zst --judge gpt-4
        zcat estimates.jsonl.gz | aufdb import prefs.aufdb - --snapshot base
        aufdb import prefs.aufdb labels.jsonl --as labels --judge ada --replace
        aufdb import prefs.aufdb theirs.jsonl --map prompt=question --map response=data.answer --skip-bad bad.jsonl
        aufdb import prefs.aufdb vectors.npy --index vectors.index.jsonl --encoder minilm
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp("Files or patterns to read; - is standard input.", valueName: "file"), completion: .file())
  var files: [String]

  @Option(name: .customLong("as"), help: ArgumentHelp("What the files are.", valueName: "kind"))
  var kind: ImportKind?

  @Option(
    help: ArgumentHelp(
      "Whose the scores and labels are that name no judge. (default: overall in completions and preferences)",
      valueName: "name"))
  var judge: String?

  @Option(help: ArgumentHelp("The snapshot that estimates belong to. (default: the file's name)", valueName: "name"))
  var snapshot: String?

  @Option(
    help: ArgumentHelp(
      "The index of embeddings: what each row of the matrix belongs to; - is standard input.", valueName: "file"),
    completion: .file())
  var index: String?

  @Option(help: ArgumentHelp("The name of what made the embeddings.", valueName: "name"))
  var encoder: String?

  @Option(help: ArgumentHelp("Which tensor of a .safetensors file. (default: its only one)", valueName: "name"))
  var tensor: String?

  @Flag(help: "Store float32 and bfloat16 embeddings as float32, instead of rounding them to float16.")
  var keepFloat32 = false

  @Flag(help: "Let a row that differs from the store's become its new version, instead of refusing it.")
  var replace = false

  @Flag(help: "Make a prompt one with another whose text is the same but for case and white space.")
  var dedupe = false

  @Flag(help: "Make 1 of UltraFeedback's overall scores of 10 where all aspects say that 1 was meant.")
  var repairOverallScore = false

  @Option(
    name: .customLong("map"),
    help: ArgumentHelp(
      "Where records have a field that they have under another name; repeatable.", valueName: "field=path"))
  var maps: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write bad records with what is wrong with them to a new file, and go on without them.", valueName: "file"))
  var skipBad: String?

  @OptionGroup var options: CommitOptions

  func validate() throws {
    guard (index == nil) == (encoder == nil) else {
      throw ValidationError("--index and --encoder go together: embeddings need both")
    }
    if index == nil, tensor != nil || keepFloat32 {
      throw ValidationError("\(tensor == nil ? "--keep-float32" : "--tensor") goes with --index and --encoder only")
    }
    guard let kind else { return }
    if kind == .embeddings, index == nil { throw ValidationError("embeddings need --index FILE and --encoder NAME") }
    if kind != .embeddings, index != nil {
      throw ValidationError("--index and --encoder are for embeddings, not for \(kind.rawValue)")
    }
  }

  func run(in surroundings: Surroundings) throws {
    let fieldMaps = try maps.map(FieldMap.init)
    let store = try store.openForWriting("import", options.waiting)
    // Before the commit: what fails after it would be taken for its failure.
    let branch = try options.branch ?? store.currentBranch()
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let (commit, report) = try store.importFiles(
      ImportOptions(
        files: files, kind: kind, judge: judge, snapshot: snapshot, replaces: replace, dedupes: dedupe,
        repairsOverallScore: repairOverallScore, embeddings: embeddings, maps: fieldMaps, badRecords: skipBad),
      context: options.context(in: surroundings)
    ) { progress in
      let fraction = progress.sizeBytes.map { Double(progress.readBytes) / Double(max(1, $0)) }
      bar.update(fraction, bar.pace("\(progress.recordCount) records", progress.readBytes, fraction))
    }
    bar.finish()
    surroundings.writeError(
      CommitLine.text(
        commit, branch: branch,
        nothing: report.skippedCount > 0 && report.skippedCount == report.recordCount
          ? "no record is good" : "the store has all \(report.recordCount - report.skippedCount) records already"))
    surroundings.writeError(CommitLine.note(report.retired.values.reduce(0, +), "rows have a new version"))
    if commit != nil {
      surroundings.writeError(CommitLine.note(report.unchangedCount, "rows were there already"))
    }
    for (count, text) in notes(on: report) { surroundings.writeError(CommitLine.note(count, text)) }
    if let skipBad { surroundings.writeError(Self.note(onSkipped: report, in: skipBad)) }
  }
}

extension ImportCommand {
  /// What a user should know of what came in.
  private func notes(on report: ImportReport) -> [(count: Int, text: String)] {
    [
      (report.rewardsOutsideBoundsCount, "estimates have a reward outside their own bounds"),
      (
        report.suspectScoreCount,
        repairOverallScore
          ? "overall scores of 10 were meant as 1, and are 1 now"
          : "overall scores of 10 look like a 1 gone wrong; --repair-overall-score makes them 1"
      ),
      (report.oneResponseCount, "pairs are one and the same response, and have no label"),
      (report.alikePromptCount, "prompts have the text of another one; --dedupe makes them one"),
      (report.foldedPromptCount, "prompts have the text of another one, and became that one"),
      (report.leftOutCount, "rows of such prompts were left out, because the other one's differ"),
    ]
  }

  /// How many records were skipped, and why: the most frequent reasons first.
  private static func note(onSkipped report: ImportReport, in file: String) -> String {
    let reasons = report.skippedReasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = reasons.prefix(3).map { "\($0.value) \($0.key)" } + (reasons.count > 3 ? ["..."] : [])
    return CommitLine.note(
      report.skippedCount,
      VisibleText.of("bad records were skipped (see \(file)): \(shown.joined(separator: ", "))"))
  }

  private var embeddings: EmbeddingOptions? {
    guard let index, let encoder else { return nil }
    return EmbeddingOptions(index: index, encoder: encoder, tensor: tensor, keepsFloat32: keepFloat32)
  }
}

extension ImportKind: ExpressibleByArgument {}
