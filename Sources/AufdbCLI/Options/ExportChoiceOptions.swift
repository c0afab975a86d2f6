// Which labels an export takes, and which pairs it leaves out.

import ArgumentParser
import Aufdb

/// Whose labels count, and how several on one pair become one.
struct ExportLabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whose labels; repeatable with --aggregate. (default: the only judge, or all with --aggregate)",
      valueName: "name"))
  var judge: [String] = []

  @Option(
    help: ArgumentHelp(
      "Make one preference of several judges' labels on a pair: majority (equal votes are a tie), mean-score (the "
        + "higher mean of the judges' scores), unanimous (otherwise the pair is left out) or latest (the last label "
        + "decides). Agreement is reported.", valueName: "rule"))
  var aggregate: Aggregation?

  @Option(
    help: ArgumentHelp("Only labels that a selection by this method asked for. Repeatable.", valueName: "method"))
  var method: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only labels of which this is true, in SQL on the columns of labels and prompts.", valueName: "sql"))
  var `where`: String?

  func validate() throws {
    if judge.count > 1, aggregate == nil {
      throw ValidationError(
        "several --judge need --aggregate, which says how their labels on one pair become one")
    }
  }

  func apply(to options: inout ExportOptions) {
    options.judges = judge
    options.aggregation = aggregate
    options.methods = method
    options.condition = `where`
  }
}

/// Which pairs become rows.
struct ExportPairOptions: ParsableArguments {
  @Flag(help: "Keep ties, with the first response of the selection as the chosen one.")
  var keepTies = false

  @Option(
    help: ArgumentHelp(
      "Only pairs whose chosen response's score is so much above the rejected one's; those without scores are left out.",
      valueName: "number"))
  var minMargin: Double?

  @Option(
    help: ArgumentHelp(
      "Only pairs whose prompt and longer response have so many Unicode characters or fewer. Longer ones are left out, "
        + "never cut. Characters only: aufdb has no tokenizer, and a token is about four of them in English.",
      valueName: "number"))
  var maxChars: Int?

  @Flag(
    help: "Of prompts whose texts differ in nothing but case and white space, only the first one's pairs.")
  var dedupe = false

  @Option(
    help: ArgumentHelp(
      "Leave out pairs whose prompt shares --ngram words in a row with a prompt of this file, or is a shorter one of "
        + "them word for word; case and punctuation don't count. JSON Lines or a JSON array (prompt, question, "
        + "instruction or text), or plain lines; .zst and .gz, too. Repeatable.", valueName: "file"))
  var decontaminate: [String] = []

  @Option(help: ArgumentHelp("How many words in a row count as shared. (default: 13)", valueName: "number"))
  var ngram: Int?

  func validate() throws {
    if ngram != nil, decontaminate.isEmpty { throw ValidationError("--ngram goes with --decontaminate") }
  }

  func apply(to options: inout ExportOptions) {
    options.keepTies = keepTies
    options.minMargin = minMargin
    options.maxCharacters = maxChars
    options.dedupes = dedupe
    options.decontamination = decontaminate
    if let ngram { options.gramLength = ngram }
  }
}

extension Aggregation: ExpressibleByArgument {}
