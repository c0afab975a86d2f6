// `aufdb batch`: questions to models as a file, for servers that answer in their own time and for less.

import ArgumentParser
import Aufdb

struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Write questions to models as a batch file, and read the answers.",
    discussion: """
      The file is that of OpenAI's Batch API, which `vllm run-batch` reads, too: a request a line, with a custom_id. \
      `batch write` asks what generate, annotate or embed would ask, and `batch read`, with the same options, makes the \
      rows that these would make. Results may come in any order, some of them later, and more than once; what was \
      refused is marked, and what wasn't answered can be written again.

      Examples:
        aufdb batch write prefs.aufdb --judge helpful --output questions.jsonl
        aufdb batch read prefs.aufdb --judge helpful answers.jsonl
        aufdb batch write prefs.aufdb --model ember --samples 2 --output questions.jsonl
      """,
    subcommands: [Write.self, Read.self])

  struct Write: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Write the questions that have no answer as a batch file.",
      discussion: """
        Examples:
          aufdb batch write prefs.aufdb --judge helpful --all-responses --output questions.jsonl
          aufdb batch write prefs.aufdb --encoder minilm > questions.jsonl
          aufdb batch write prefs.aufdb --model ember --split --output questions.jsonl
        """)
    @OptionGroup var store: StoreArgument
    @OptionGroup var task: BatchTaskOptions
    @Option(help: "The branch whose tip tells what is missing. (default: the current branch)", completion: .revision)
    var branch: String?
    @Flag(
      help: "Write files as OpenAI takes them, of 50000 lines and 200 MB at most: FILE-0001.jsonl, FILE-0002.jsonl ...")
    var split = false
    @OptionGroup var file: OutputFileOption

    func validate() throws {
      guard !split || file.path.map({ $0 != "-" }) ?? false else {
        throw ValidationError("--split needs the name of a file: --output questions.jsonl")
      }
    }

    func run(in surroundings: Surroundings) throws {
      let store = try store.openForReading()
      let work = try task.work(in: store, at: branch.map { try Revision($0) } ?? .head)
      let job = try work.job(store, self.store, verb: "batch write", branch: branch)
      let (count, fileCount) = try write(job, in: surroundings)
      let files = split ? " in \(fileCount) \(fileCount == 1 ? "file" : "files")" : ""
      surroundings.writeError(
        "\(count) \(count == 1 ? "question" : "questions") for \(VisibleText.of(work.name))\(files)\n")
      if job.keptBeforeCount > 0 { surroundings.writeError("  \(job.keptBeforeCount) have an answer already\n") }
    }

    /// - Returns: how many questions were written, and how many files.
    private func write(_ job: ModelJob, in surroundings: Surroundings) throws -> (Int, Int) {
      var (count, fileCount) = (0, 0)
      while true {
        var lineCount = 0
        let file = split ? file.numbered(fileCount + 1) : file
        try file.write(in: surroundings) { surroundings in
          lineCount = try job.writeBatch(within: split ? .openAI : .none) { try surroundings.output.write($0) }
        }
        count += lineCount
        fileCount += 1
        if try !split || job.isAtEnd { return (count, fileCount) }
      }
    }
  }

  struct Read: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Read the answers to a batch file, and make rows of them, with one commit.",
      discussion: """
        Examples:
          aufdb batch read prefs.aufdb --judge helpful --all-responses answers.jsonl
          aufdb batch read prefs.aufdb --encoder minilm answers.jsonl.zst
        """)
    @OptionGroup var store: StoreArgument
    @Argument(help: "A file of results, compressed or not; - for standard input.", completion: .file())
    var file: String
    @OptionGroup var task: BatchTaskOptions
    @OptionGroup var options: CommitOptions

    func run(in surroundings: Surroundings) throws {
      let store = try store.openForReading()
      let work = try task.work(in: store, at: options.branch.map { try Revision($0) } ?? .head)
      let job = try work.job(store, self.store, verb: "batch read", branch: options.branch)
      let report = try job.readBatch(file)
      surroundings.writeError("\(report.keptCount) answers read\n")
      surroundings.writeError(CommitLine.note(report.failedCount, "say why there is none, and are marked"))
      surroundings.writeError(
        CommitLine.note(
          report.unansweredCount,
          "were not answered (\(VisibleText.of(report.firstUnanswered ?? ""))); `batch write` asks them again"))
      try work.settle(job, self.store, verb: "batch read", options, in: surroundings)
      if let bad = report.firstBadLine {
        surroundings.writeError(CommitLine.note(report.badLineCount, "lines are no results; the first:"))
        throw bad
      }
    }
  }
}

/// Whose questions they are.
struct BatchTaskOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A defined model: responses, as `aufdb generate` asks for them.", valueName: "name"))
  var model: String?
  @Option(
    help: ArgumentHelp("A defined judge: labels or ratings, as `aufdb annotate` asks for them.", valueName: "name"))
  var judge: String?
  @Option(help: ArgumentHelp("A defined encoder: vectors, as `aufdb embed` asks for them.", valueName: "name"))
  var encoder: String?
  @Flag(help: "With --judge: ratings of every response instead of labels of the selected pairs.")
  var allResponses = false
  @OptionGroup(title: "With --model") var generation: GenerationOptions

  func validate() throws {
    guard [model, judge, encoder].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("one of --model, --judge and --encoder is needed")
    }
    guard !allResponses || judge != nil else { throw ValidationError("--all-responses is for --judge") }
    guard generation.isOfModels == false || model != nil else {
      throw ValidationError("--samples, --principles and --seed are for --model")
    }
    guard generation.where == nil || judge == nil || allResponses else {
      throw ValidationError("--where is for --model, --encoder and --all-responses")
    }
  }

  func work(in store: Store, at revision: Revision) throws -> ModelWork {
    if let model { return .generation(try store.modelDefinition(model, at: revision), try generation.options()) }
    if let encoder { return .embedding(try store.encoderDefinition(encoder, at: revision), generation.scope) }
    return .judging(
      try store.judgeDefinition(judge ?? "", at: revision), allResponses: allResponses, generation.scope)
  }
}
