// What is to be exported, and how.

/// A wish for an export. The same commit and options give the same bytes.
public struct ExportOptions: Sendable {
  public var format: ExportFormat
  /// The folder to make. Its parent must exist.
  public var directory: String
  /// Whose labels and texts.
  public var revision: Revision
  /// Whose labels; nil where only one judge has any.
  public var judge: String?
  /// Whether a tie becomes a row too, with the response called chosen as the chosen one.
  public var keepTies: Bool
  /// Whether an export that has this name already is replaced.
  public var force: Bool
  /// How many bytes of JSON Lines go into one file, before compression; a file has at least one row.
  public var shardBytes: Int
  /// The level of zstd, 1 to 19.
  public var level: Int

  public init(
    format: ExportFormat, directory: String, revision: Revision = .head, judge: String? = nil, keepTies: Bool = false,
    force: Bool = false, shardBytes: Int = 500_000_000, level: Int = 3
  ) {
    self.format = format
    self.directory = directory
    self.revision = revision
    self.judge = judge
    self.keepTies = keepTies
    self.force = force
    self.shardBytes = shardBytes
    self.level = level
  }

  /// How many threads compress. Fixed, because with workers zstd writes other bytes than without.
  static let workerCount = 2

  func validate() throws(AufdbError) {
    guard (1...19).contains(level) else {
      throw AufdbError(.usage, "there is no zstd level \(level)", hint: "give a level from 1 to 19")
    }
    guard shardBytes > 0 else {
      throw AufdbError(.usage, "a file can't hold \(shardBytes) bytes", hint: "give a size of 1 byte or more")
    }
  }
}
