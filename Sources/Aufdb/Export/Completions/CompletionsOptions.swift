// The export `completions`: everything in a store that has a form for import, at one revision, back out in that form.
//
// A folder holds
//   data/completions-*   prompts with their responses, and with the scores of one judge
//   data/scores-*        the scores of all other judges
//   data/labels-*, data/estimates-*
//   embeddings/E.npy     an encoder's vectors, one row each, and E.index.jsonl: what each row is the vector of
//   README.md            a card with a configuration for each kind of rows
//   manifest.json        what each file is, in the order in which they can be imported
// A kind of which there is nothing has no file.
//
// The law: imported into a new store, these files give the same prompts, responses, scores, labels, estimates and
// embeddings. What can't come back is left out and counted: relations that aren't imported (selections, reward heads,
// progress, saved queries, definitions); how snapshots were made; the details of labels; rows that speak of prompts or
// responses which the revision doesn't see; scores that say nothing; and imported fields whose names are those of the
// format's own (`model` of a response ...).
//
// The order of prompts and of all other rows is the one in which history bore them, that of a prompt's responses their
// key's: so the same commit and options give the same bytes in every store that holds the commit.

/// A wish for an export of everything.
public struct CompletionsOptions: Sendable, Equatable {
  /// The folder to make. Its parent must exist.
  public var directory: String
  public var revision: Revision
  /// Whose scores stand beside the responses; nil: the only judge's, or else those of "overall", if there are any.
  public var judge: String?
  /// Whether an export that has this name already is replaced.
  public var force: Bool
  /// Whether what was written is read again and checked before the folder gets its name.
  public var checks = false
  /// How many bytes of JSON Lines go into one file, before compression; a file has at least one row.
  public var shardBytes = 500_000_000
  public var codec = Compression.Codec.zstd
  /// The codec's level; nil: its usual one.
  public var level: Int?
  /// How many threads compress with zstd: 1 or 2, which give the same bytes.
  public var threadCount = 2

  public init(directory: String, revision: Revision = .head, judge: String? = nil, force: Bool = false) {
    self.directory = directory
    self.revision = revision
    self.judge = judge
    self.force = force
  }

  /// Takes what is asked for as of any export.
  ///
  /// - Throws: `.usage` for what chooses or changes rows.
  public init(_ options: ExportOptions) throws(AufdbError) {
    self.init(
      directory: options.directory, revision: options.revision, judge: options.judges.first, force: options.force)
    (checks, codec, level) = (options.checks, options.codec ?? .zstd, options.level)
    threadCount = options.threadCount
    if case .size(let bytes) = options.sharding { shardBytes = bytes }
    var known = ExportOptions(
      format: options.format, directory: options.directory, revision: options.revision,
      judges: Array(options.judges.prefix(1)), force: options.force)
    (known.checks, known.codec, known.level) = (options.checks, options.codec, options.level)
    known.threadCount = options.threadCount
    known.sharding = .size(bytes: shardBytes)
    guard known == options else {
      throw AufdbError(
        .usage, "completions are everything that a revision sees, and nothing can be chosen or changed",
        hint: "--judge names whose scores stand beside the responses; --compression, --level, --threads, --shard-size "
          + "and --check are for every export")
    }
  }

  var compression: Compression { codec.compression(level: level, threadCount: threadCount) }

  func validate() throws(AufdbError) {
    try codec.check(level: level, threadCount: threadCount)
    guard shardBytes > 0 else {
      throw AufdbError(.usage, "a file can't hold \(shardBytes) bytes", hint: "give a size of 1 byte or more")
    }
  }
}
