// `aufdb search`: prompts and responses by the words in them.

import ArgumentParser
import Aufdb

struct SearchCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find prompts and responses by the words in them.",
    discussion: """
      All words must occur in the same text, in any order, whatever their case and accents. The question can have

        "a phrase"        these words in this order
        a OR b, a NOT b   either; the first without the second (in capitals; AND may be left out)
        (a OR b) c        brackets
        pre*              words that begin so
        prompt:word       in prompts only; response:word in responses only; also before a phrase or a bracket

      Anything else in a word means what it means in the text: don't, C++ and foo-bar can be searched for as they are \
      (a word that begins with a dash comes after --). Signs and emoji are no words, and are passed over. Chinese and \
      Japanese are found character by character, without blanks; in Thai, Lao, Khmer and Burmese, only the beginning of \
      what stands between two blanks is found, with *. Words that nearly all texts have are slow: each text that matches \
      takes a microsecond to rank.

      The words of all texts stand in an index, a file beside the store (STORE-search), which the first search makes, and \
      later ones keep up to date. It can be deleted at any time. Where it can't be written, it is made for this one \
      search. Hits come by BM25, for which all texts in the store count, those of other branches, too.

      Formats:
        text      for each hit its key, its score, and an excerpt with what was found in bold, or between ** and **
        others    columns kind, prompt_id, model, sample, rank, score, snippet

      Examples:
        aufdb search prefs.aufdb merge conflict
        aufdb search prefs.aufdb '"as a language model" OR sorry' --in responses --model atlas-70b
        aufdb search prefs.aufdb 'haiku NOT spring*' --at main~3 --limit 5 --format jsonl
        aufdb search prefs.aufdb --build
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("What to search for. Quotation marks must get past the shell: '\"a phrase\"'."))
  var words: [String] = []

  @Option(name: .customLong("in"), help: ArgumentHelp("Only prompts, or only responses.", valueName: "kind"))
  var kind: SearchKind?

  @Option(help: ArgumentHelp("Only responses of this model.", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Only prompts of this source, and the responses to them.", valueName: "name"))
  var source: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only prompts that this SQL condition over the columns of prompts is true of, and the responses to them.",
      valueName: "condition"))
  var condition: String?

  @OptionGroup var revision: RevisionOption

  @Option(help: ArgumentHelp("Show the best so many.", valueName: "number"))
  var limit = 20

  @Option(help: ArgumentHelp("How to write them. (default: text)", valueName: "format"))
  var format: SearchFormat?

  @OptionGroup var output: OutputFileOption

  @Option(
    help: ArgumentHelp(
      "How long searching may take, apart from making the index; 0 for as long as it needs.", valueName: "seconds"))
  var timeout = 60.0

  @Flag(help: "Make the index, or bring it up to date, and search for nothing.")
  var build = false

  @OptionGroup var waiting: WaitOption

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit takes a number that is not negative") }
    guard timeout >= 0, timeout.isFinite else {
      throw ValidationError("--timeout takes a number of seconds that is not negative")
    }
    if build, !words.isEmpty { throw ValidationError("--build searches for nothing") }
  }

  func run(in surroundings: Surroundings) throws {
    guard build || !words.isEmpty else {
      throw AufdbError(
        .usage, "what is to be searched for?", hint: "`aufdb search STORE WORDS...`; --build only makes the index")
    }
    let format = try output.named(beside: format?.name).map(SearchFormat.rows) ?? format ?? .text
    let store = try store.openForReading(before: words.last, "words")
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    func show(_ progress: SearchProgress) {
      let fraction = Double(progress.doneCount) / Double(max(1, progress.count))
      bar.update(fraction, "search index: \(bar.pace("\(progress.doneCount) texts", progress.textBytes, fraction))")
    }
    if build {
      let report = try store.updateSearchIndex(waitSeconds: waiting.seconds, progress: show)
      bar.finish()
      return surroundings.writeError(IndexingNote.of(report))
    }
    var options = SearchOptions()
    options.revision = try revision.revision()
    (options.kind, options.model, options.source, options.condition) = (kind, model, source, condition)
    options.limit = limit
    options.excerptLength = format.excerptLength(in: surroundings, isFile: output.path != nil)
    options.timeoutSeconds = timeout == 0 ? nil : timeout
    options.waitSeconds = waiting.seconds
    let result = try store.search(words.joined(separator: " "), options, progress: show)
    bar.finish()
    if let report = result.indexing { surroundings.writeError(IndexingNote.of(report)) }
    try output.write(in: surroundings) { try format.write(result.hits, in: $0) }
    // The hits come out before what is said of them.
    try surroundings.output.flush()
    surroundings.writeError(Self.summary(result))
  }

  /// How many there are, where what was written doesn't tell.
  private static func summary(_ result: SearchResult) -> String {
    if result.hitCount == 0 { return "nothing was found\n" }
    guard result.hitCount > result.hits.count else { return "" }
    return "\(result.hitCount) texts match; these are the best \(result.hits.count) (--limit)\n"
  }
}

extension SearchKind: ExpressibleByArgument {}
