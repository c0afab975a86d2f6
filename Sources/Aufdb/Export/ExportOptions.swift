// What is to be exported, and how.

/// A wish for an export. The same commit and options give the same bytes, with one thread or two.
public struct ExportOptions: Sendable, Equatable {
  /// Where one data file of a split ends and the next begins.
  public enum Sharding: Sendable, Equatable {
    /// A file holds so many bytes of rows before compression, and at least one row.
    case size(bytes: Int)
    /// So many files, in which the rows are spread evenly; fewer where there are fewer rows.
    case count(Int)
  }

  // What is exported, and where to.

  public var format: ExportFormat
  /// The folder to make. Its parent must exist.
  public var directory: String
  /// Whose labels and texts.
  public var revision: Revision
  /// Whether an export that has this name already is replaced.
  public var force = false
  /// Whether what was written is read again and checked before the folder gets its name.
  public var checks = false

  // Which labels count, and what becomes of several on one pair.

  /// Whose labels; where none is named, the only judge's, or everybody's if they are aggregated.
  public var judges: [String]
  /// How the labels of several judges on one pair become one; nil where there is one judge only.
  public var aggregation: Aggregation?
  /// Only labels that a selection by one of these methods asked for; empty: all.
  public var methods: [String] = []
  /// Only labels of which this is true: SQL on the columns of labels and prompts.
  public var condition: String?

  // Which pairs become rows.

  /// Whether a tie becomes a row too, with the response called chosen as the chosen one.
  public var keepTies: Bool
  /// The least that the chosen response's score must be above the rejected one's.
  public var minMargin: Double?
  /// The most Unicode scalars that a prompt and the longer response may have together.
  public var maxCharacters: Int?
  /// Whether, of prompts with the same folded text, only the first one's pairs stay.
  public var dedupes = false
  /// Files of evaluation prompts, whose words no prompt may share.
  public var decontamination: [String] = []
  /// How many words in a row count as shared.
  public var gramLength = Self.defaultGramLength

  // What rows and files look like.

  /// Whether rows have a margin; pairs without one are left out then.
  public var hasMargin = false
  /// A system message for prompts that have none.
  public var system: String?
  /// LLaMA-Factory's style; for that format only.
  public var style: LlamaFactoryStyle?
  public var splits = [ExportSplit.everything]
  /// Other seeds split otherwise.
  public var splitSeed: Int64 = 0
  public var sharding = Self.usualSharding
  /// nil: what the format's trainers read best.
  public var codec: Compression.Codec?
  /// The codec's level; nil: its usual one.
  public var level: Int?
  /// How many threads compress with zstd: 1 or 2, which give the same bytes.
  public var threadCount = 2

  public static let usualSharding = Sharding.size(bytes: 500_000_000)

  /// GPT-3's: T. Brown et al., "Language Models are Few-Shot Learners" (arXiv 2005.14165), appendix C.
  public static let defaultGramLength = 13

  public init(
    format: ExportFormat, directory: String, revision: Revision = .head, judges: [String] = [], keepTies: Bool = false,
    force: Bool = false
  ) {
    self.format = format
    self.directory = directory
    self.revision = revision
    self.judges = judges
    self.keepTies = keepTies
    self.force = force
  }

  /// What each row looks like.
  var layout: RowLayout { RowLayout(format: format, style: style, hasMargin: hasMargin, system: system) }

  /// Where files end: nowhere, where the format has one file a split.
  var usedSharding: Sharding { format.isOneFilePerSplit ? .size(bytes: .max) : sharding }

  /// How much of a file a thread compresses at a time: less where several splits are open at once, so that their
  /// compressors need no more memory than one.
  private var jobBytes: Int {
    splits.count == 1 ? 0 : max(512 << 10, (8 << 20) / splits.count.nextPowerOfTwo)
  }

  /// How the files are compressed.
  var compression: Compression {
    (codec ?? format.defaultCompression).compression(level: level, threadCount: threadCount, jobBytes: jobBytes)
  }
}

extension Int {
  /// The smallest power of two that isn't less.
  fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
