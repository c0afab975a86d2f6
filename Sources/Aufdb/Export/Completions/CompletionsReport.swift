// What an export of everything wrote and what it couldn't.

/// One file of an export of everything.
public struct CompletionsFile: Sendable, Equatable {
  /// What a file holds.
  public enum Kind: String, CaseIterable, Sendable {
    case completions, scores, labels, estimates
    /// A matrix.
    case embeddings
    /// What the rows of a matrix are the vectors of.
    case index = "embeddings-index"
  }

  public var kind: Kind
  /// Its path in the folder, its size, its rows (of a matrix, too) and its hash. Its split is the kind's name.
  public var file: ExportFile
  /// Whose vectors those are of a matrix or an index.
  public var encoder: String?
  /// The matrix's shape.
  public var shape: EmbeddingShape?
  /// The path of the matrix's index.
  public var index: String?
}

/// What an export of everything made.
public struct CompletionsReport: Sendable, Equatable {
  /// What could not come out.
  public enum LeftOut: String, CaseIterable, Sendable {
    case responses, scores, labels, estimates, embeddings
    /// Imported fields with the name of one of the format's own.
    case fields
    case selections
    case rewardHeads = "reward_heads"
    case progress
    case queries, definitions
    /// What judges said of labels beyond the labels themselves.
    case labelDetails = "label_details"
    /// Snapshots that have no estimates.
    case snapshots
    /// What is known of how snapshots were made.
    case snapshotDetails = "snapshot_details"

    /// A count of them, in words.
    public func phrase(_ count: Int) -> String {
      let isOne = count == 1
      return switch self {
      case .responses: Relation.responses.phrase(count) + " without a prompt"
      case .scores: Relation.scores.phrase(count) + " that can't be imported"
      case .labels: Relation.labels.phrase(count) + " of responses that aren't there"
      case .estimates: Relation.estimates.phrase(count) + " of responses that aren't there"
      case .embeddings: Relation.embeddings.phrase(count) + " of what isn't there"
      case .fields: "\(count) imported \(isOne ? "field" : "fields") with names of the format's own"
      case .selections: Relation.selections.phrase(count)
      case .rewardHeads: Relation.rewardHeads.phrase(count)
      case .progress: Relation.progress.phrase(count) + " of runs"
      case .queries: Relation.queries.phrase(count)
      case .definitions: Relation.definitions.phrase(count)
      case .labelDetails: "the details of \(Relation.labels.phrase(count))"
      case .snapshots: Relation.snapshots.phrase(count) + " without estimates"
      case .snapshotDetails: "how \(Relation.snapshots.phrase(count)) \(isOne ? "was" : "were") made"
      }
    }
  }

  /// The commit that the revision names.
  public var commit: CommitID
  /// Whose scores stand beside the responses.
  public var judge: String?
  /// How many rows of each relation came out.
  public var counts: [Relation: Int] = [:]
  public var leftOut: [LeftOut: Int] = [:]
  /// The names of the fields that prompts have beside the format's own; nil where they are too many to be named.
  public var fields: [String]? = []
  /// In the order in which they can be imported.
  public var files: [CompletionsFile] = []

  /// What came out, in words: "3 prompts, 6 responses"; in the order of relations.
  public var contents: String {
    Relation.allCases.compactMap { relation in
      counts[relation].flatMap { $0 > 0 ? relation.phrase($0) : nil }
    }.joined(separator: ", ")
  }

  /// What was left out, in words; nil where nothing was.
  public var omissions: String? {
    let phrases = LeftOut.allCases.compactMap { reason in
      leftOut[reason].flatMap { $0 > 0 ? reason.phrase($0) : nil }
    }
    return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
  }
}
