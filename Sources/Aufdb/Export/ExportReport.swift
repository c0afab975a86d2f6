// What an export made, and what it left out.

/// One data file of an export.
public struct ExportFile: Sendable, Equatable {
  /// Relative to the export's folder, with `/`.
  public var path: String
  /// The split that it belongs to.
  public var split: String
  public var rowCount: Int
  /// The size of the rows before compression.
  public var contentBytes: Int
  /// The size of the file.
  public var sizeBytes: Int
  /// The SHA-256 of the file: 64 hexadecimal digits, lower case.
  public var sha256: String
}

/// What an export made.
public struct ExportReport: Sendable, Equatable {
  /// One split and what came into it.
  public struct Split: Sendable, Equatable {
    public var name: String
    /// The share of prompts that it was to get.
    public var share: Double
    public var pairCount = 0
    /// 0: there is no file of it.
    public var rowCount = 0
  }

  /// The commit that the revision names.
  public var commit: CommitID
  /// Whose labels they are, in the order of bytes.
  public var judges: [String]
  /// How many labels there are at the commit.
  public var labelCount = 0
  /// How many labels count for a pair that stands at another one.
  public var joinedCount = 0
  public var files: [ExportFile] = []
  /// In the order of the options; those without rows too.
  public var splits: [Split]
  /// How many labels or pairs were left out, by reason; a reason that never applied counts 0.
  public var omitted: [OmissionReason: Int]
  /// For each file of evaluation prompts, in the order of the options.
  public var contaminations: [ContaminationReport] = []
  /// nil where there is one judge only.
  public var agreement: AgreementReport?
  public var statistics: ExportStatistics

  public var rowCount: Int { splits.reduce(0) { $0 + $1.rowCount } }

  /// How many pairs were written: as many as rows, but where a format has several rows a pair.
  public var pairCount: Int { splits.reduce(0) { $0 + $1.pairCount } }

  /// What was left out, in words: "3 ties, 1 with an empty response"; nil where nothing was.
  public var omissions: String? { OmissionReason.summary(omitted) }
}

/// How far an export has come.
public struct ExportProgress: Sendable, Equatable {
  public var labelsRead: Int
  /// How many will be read: all of the commit's, twice if the rows must be counted first.
  public var labelCount: Int
}
