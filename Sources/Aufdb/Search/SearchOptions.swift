// What a search may be told besides the question, and what it gives.

/// Which texts are searched, and how many are shown.
public struct SearchOptions: Sendable {
  public var revision: Revision = .head
  /// nil for both.
  public var kind: SearchKind?
  /// Only responses of this model, and so no prompts.
  public var model: String?
  /// Only prompts of this source, and the responses to them.
  public var source: String?
  /// Only prompts that this SQL condition over the columns of prompts is true of, and the responses to them.
  public var condition: String?
  /// At most so many hits.
  public var limit = 20
  /// How long an excerpt is, in characters.
  public var excerptLength = 160
  /// How long searching may take; nil for as long as it needs. Making the index isn't counted.
  public var timeoutSeconds: Double?
  /// How long to wait while another search makes the index.
  public var waitSeconds = 10.0

  public init() {}
}

/// A text that was found.
public struct SearchHit: Sendable, Equatable {
  public var kind: SearchKind
  public var promptID: String
  /// nil for a prompt.
  public var model: String?
  public var sample: Int?
  /// The higher, the better: BM25, with the sign turned (https://sqlite.org/fts5.html#the_bm25_function).
  public var score: Double
  public var excerpt: SearchExcerpt
}

/// The best hits of a search.
public struct SearchResult: Sendable {
  /// The best first; of equal scores, prompts first, and then by key.
  public var hits: [SearchHit]
  /// How many there are in all.
  public var hitCount: Int
  /// What was done to the index before; nil where nothing was to be done.
  public var indexing: SearchIndexReport?
}

/// What was done to a search index.
public struct SearchIndexReport: Sendable, Equatable {
  public enum Action: Sendable, Equatable {
    case nothing, added, made
    /// Made for this search only, because it can't be kept, for the reason given.
    case madeForOnce(reason: String)
  }

  public var action: Action
  public var path: String
  /// Row versions that were added, and the bytes of their texts.
  public var textCount: Int
  public var textBytes: Int
  /// The size of the index; nil where it isn't kept.
  public var sizeBytes: Int?
  public var seconds: Double
}
