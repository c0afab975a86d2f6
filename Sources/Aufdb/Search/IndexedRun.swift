// Which texts an index has, compared with those of the store.

/// The row versions of prompts or responses that one commit bore.
struct IndexedRun: Hashable {
  let commitID: [UInt8]
  let kind: SearchKind
  let firstID: Int64
  let lastID: Int64
  /// What the commit's digest of these rows has become since some of them were pruned; nil while all are there.
  let keptDigest: [UInt8]?

  /// How many there are, at most.
  var count: Int { Int(clamping: lastID &- firstID &+ 1) }

  /// Reads (commit id, relation, first id, last id, kept digest) from the current row.
  init(_ row: SQLStatement) {
    commitID = [UInt8](row.bytes(0))
    kind = row.integer(1) == Relation.prompts.rawValue ? .prompts : .responses
    (firstID, lastID) = (row.integer(2), row.integer(3))
    keptDigest = row.isNull(4) ? nil : [UInt8](row.bytes(4))
  }

  /// Those of the store, by relation and id.
  static func all(in store: Connection) throws -> [IndexedRun] {
    try store.all(
      """
      SELECT l.id, c.relation, c.first_id, c.last_id, c.kept_digest
      FROM main.commit_change AS c CROSS JOIN main.commit_log AS l ON l.seq = c.commit_seq
      WHERE c.relation IN (\(Relation.prompts.rawValue), \(Relation.responses.rawValue)) AND c.first_id IS NOT NULL
      ORDER BY c.relation, c.first_id
      """
    ) { IndexedRun($0) }
  }
}

/// What has to be done to an index so that it has the store's runs.
enum IndexPlan: Equatable {
  case nothing
  case add([IndexedRun])
  case makeAnew

  /// - Parameter known: the index's runs; nil where there is no index that could be read.
  init(store: [IndexedRun], known: Set<IndexedRun>?) {
    guard let known, known.isSubset(of: store) else {
      self = .makeAnew
      return
    }
    let missing = store.filter { !known.contains($0) }
    func count(_ runs: some Sequence<IndexedRun>) -> Int { runs.reduce(0) { $0 &+ $1.count } }
    // What more than doubles an index costs no more if all of it is made anew, without a journal, and keeps nobody from
    // searching meanwhile.
    self = missing.isEmpty ? .nothing : count(missing) > count(known) ? .makeAnew : .add(missing)
  }
}
