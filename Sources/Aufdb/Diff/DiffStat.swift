// A diff in numbers: what changed in each relation, and what each judge's labels became.

/// Counts of changed rows. Memory grows with the number of judges alone.
public struct DiffStat: Sendable, Equatable {
  /// The changed rows of one relation.
  public struct Rows: Sendable, Equatable {
    public var added = 0
    public var removed = 0
    public var modified = 0
  }

  /// The changed labels of one judge.
  public struct Labels: Sendable, Equatable {
    public let judge: String
    public var added = 0
    public var retracted = 0
    /// Labels for which the other response is chosen now.
    public var flipped = 0
    /// Labels that are modified without being flipped: the tie, the scores, or where they came from.
    public var modifiedOtherwise = 0
  }

  /// Nothing for a relation without a change.
  public private(set) var rows: [Relation: Rows] = [:]
  /// In order of the judges' names, byte by byte.
  public private(set) var labels: [Labels] = []

  public init() {}

  /// Counts one changed row.
  public mutating func count(_ change: RowChange) {
    switch change.kind {
    case .added: rows[change.relation, default: Rows()].added += 1
    case .removed: rows[change.relation, default: Rows()].removed += 1
    case .modified: rows[change.relation, default: Rows()].modified += 1
    }
    guard let labelChange = change.labelChange, case .text(let judge) = change.key.last else { return }
    let place = place(of: judge)
    switch labelChange {
    case .added: labels[place].added += 1
    case .retracted: labels[place].retracted += 1
    case .flipped: labels[place].flipped += 1
    case .modified: labels[place].modifiedOtherwise += 1
    }
  }

  /// Counts rows of a relation that were added.
  mutating func countAdded(_ relation: Relation, _ count: Int) {
    rows[relation, default: Rows()].added += count
  }

  /// Counts labels of a judge that were added.
  mutating func countAdded(labelsOf judge: String, _ count: Int) {
    labels[place(of: judge)].added += count
  }

  /// Where a judge stands in `labels`, from now on. Not a dictionary, whose keys would go by Unicode's equivalence,
  /// while names in a store go by bytes.
  private mutating func place(of judge: String) -> Int {
    let place = labels.firstIndex { !$0.judge.utf8.lexicographicallyPrecedes(judge.utf8) } ?? labels.endIndex
    if place == labels.endIndex || !labels[place].judge.utf8.elementsEqual(judge.utf8) {
      labels.insert(Labels(judge: judge), at: place)
    }
    return place
  }
}
