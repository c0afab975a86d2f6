// What the rows and files of an export look like.

import ArgumentParser
import Aufdb

struct ExportFileOptions: ParsableArguments {
  @Flag(
    help: "Add a column margin, the difference of the scores; pairs without scores are left out, as without a margin.")
  var margin = false

  @Option(
    help: ArgumentHelp("Put this system message before prompts that have none of their own.", valueName: "text"))
  var system: String?

  @Option(help: ArgumentHelp("For llama-factory: sharegpt or alpaca. (default: sharegpt)", valueName: "style"))
  var style: LlamaFactoryStyle?

  @Option(
    help: ArgumentHelp(
      "Share the prompts out by their text, such as train=0.95,test=0.05: no prompt is in two splits. (default: "
        + "train=1)", valueName: "shares"))
  var split: String?

  @Option(help: ArgumentHelp("Another seed splits otherwise.", valueName: "number"))
  var splitSeed: Int64 = 0

  @Option(
    help: ArgumentHelp(
      "So many files in each split, with evenly many rows; fewer where there are fewer rows. All is read twice.",
      valueName: "number"))
  var shards: Int?

  @Option(
    help: ArgumentHelp(
      "Begin another file before one has more than so many bytes of rows, before compression: 500MB, 1GiB ... "
        + "(default: 500MB)", valueName: "size"))
  var shardSize: ByteSize?

  @Option(
    help: ArgumentHelp("zstd, gzip or none. (default: what the format's readers take)", valueName: "codec"))
  var compression: Compression.Codec?

  @Option(
    help: ArgumentHelp("1 to 19 for zstd (default: 3), 1 to 9 for gzip (default: 6).", valueName: "number"))
  var level: Int?

  @Option(
    help: ArgumentHelp(
      "How many threads compress with zstd, 1 or 2: both give the same bytes. gzip takes one.", valueName: "number"))
  var threads = 2

  func validate() throws {
    if shards != nil, shardSize != nil {
      throw ValidationError("--shards and --shard-size say different things: give one of them")
    }
  }

  func apply(to options: inout ExportOptions) throws(AufdbError) {
    options.hasMargin = margin
    options.system = system
    options.style = style
    if let split { options.splits = try ExportSplit.list(split) }
    options.splitSeed = splitSeed
    if let shards { options.sharding = .count(shards) }
    if let shardSize { options.sharding = .size(bytes: shardSize.bytes) }
    options.codec = compression
    options.level = level
    options.threadCount = threads
  }
}

extension LlamaFactoryStyle: ExpressibleByArgument {}
extension Compression.Codec: ExpressibleByArgument {}
