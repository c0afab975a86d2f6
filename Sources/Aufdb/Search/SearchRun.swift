// One search: every text that matches is looked at once, and the best are kept.
//
// FTS5 gives the matching rows by number, with their scores. For each, SeenRows tells whether the revision sees it, and
// what is asked of the row itself (its model, its prompt) only where something is asked. So a hit costs about a
// microsecond, nearly all of it FTS5's, and words that many texts have are slow: that is what ranking costs.

import GRDBSQLite

/// Searches one index for what one revision sees.
struct SearchRun {
  let store: Connection
  let index: SearchIndex
  let desk: SearchDesk
  let question: SearchQuestion
  let options: SearchOptions
  private let filter: SearchFilter

  /// What is known of a text that matches.
  private struct Candidate {
    var kind: SearchKind
    var place: Int64
    var score: Double
    var key: Key?
  }

  private struct Key: Comparable {
    var isResponse: Bool
    var promptID: [UInt8]
    var model: [UInt8]
    var sample: Int64

    static func < (one: Key, other: Key) -> Bool {
      if one.isResponse != other.isResponse { return other.isResponse }
      if one.promptID != other.promptID { return one.promptID.lexicographicallyPrecedes(other.promptID) }
      if one.model != other.model { return one.model.lexicographicallyPrecedes(other.model) }
      return one.sample < other.sample
    }
  }

  /// - Parameter store: shows the revision, and will until the search is over.
  init(
    _ question: SearchQuestion, _ options: SearchOptions, _ desk: SearchDesk, in store: Connection,
    _ index: SearchIndex
  ) throws {
    self.store = store
    self.index = index
    self.desk = desk
    self.question = question
    self.options = options
    filter = try SearchFilter(options, in: store)
  }

  func result(_ visibility: Visibility) throws -> SearchResult {
    let (best, count) = try scan(visibility)
    if count == 0 { try filter.checkNames() }
    let hits = try best.map(hit)
    return SearchResult(hits: hits, hitCount: count, indexing: nil)
  }

  /// The candidates for the limit, in order, and how many hits there are.
  private func scan(_ visibility: Visibility) throws -> ([Candidate], Int) {
    var seen = try Dictionary(
      uniqueKeysWithValues: SearchKind.allCases.map { ($0, try SeenRows($0.relation, visibility, in: store)) })
    let rows = try index.using { try index.connection.statement(sql) }
    rows.bind(1, .text(question.match))
    defer { rows.reset() }
    var (kept, count): ([Candidate], Int) = ([], 0)
    var worst = Double.infinity
    let room = max(1_000, 2 * min(options.limit, 1 << 30))
    while try index.using({ try rows.step() }) {
      let (kind, id) = SearchKind.read(rows.integer(0))
      guard let place = try seen[kind]?.place(of: id), try filter.accepts(kind, place) else { continue }
      count += 1
      // FTS5's scores are the better, the smaller.
      let score = rows.real(1)
      guard options.limit > 0, score <= worst else { continue }
      kept.append(Candidate(kind: kind, place: place, score: score))
      guard kept.count >= room else { continue }
      try cut(&kept)
      worst = kept.last?.score ?? worst
    }
    try cut(&kept)
    return (kept, count)
  }

  private var sql: String {
    let kind = options.kind.map { " AND rowid & 1 = \($0.number(ofID: 0))" } ?? ""
    return "SELECT rowid, bm25(word) FROM word WHERE word MATCH ?1\(kind)"
  }

  /// Sorts them and leaves the best. Keys are read only of those that have the same score as another one.
  private func cut(_ kept: inout [Candidate]) throws {
    kept.sort { $0.score < $1.score }
    var start = 0
    while start < min(kept.count, options.limit) {
      let end = kept[start...].firstIndex { $0.score > kept[start].score } ?? kept.count
      if end - start > 1 {
        for place in start..<end where kept[place].key == nil { kept[place].key = try key(kept[place]) }
        try kept[start..<end].sort { one, other in
          guard let one = one.key, let other = other.key else { throw SearchIndex.Unfit() }
          return one < other
        }
      }
      start = end
    }
    if kept.count > options.limit { kept.removeSubrange(options.limit...) }
  }

  // The rows themselves.

  private func key(_ candidate: Candidate) throws -> Key {
    let isResponse = candidate.kind == .responses
    let columns = isResponse ? "prompt_id, model, sample" : "prompt_id, '', 0"
    let key = try store.first(
      "SELECT \(columns) FROM main.\(candidate.kind.relation.table) WHERE place = ?1", .integer(candidate.place)
    ) {
      Key(isResponse: isResponse, promptID: [UInt8]($0.text(0)), model: [UInt8]($0.text(1)), sample: $0.integer(2))
    }
    guard let key else { throw SearchIndex.Unfit() }
    return key
  }

  private func hit(_ candidate: Candidate) throws -> SearchHit {
    let isResponse = candidate.kind == .responses
    let columns = isResponse ? "prompt_id, response, 0, model, sample" : "prompt_id, prompt, format = 'messages'"
    let row = try store.statement(
      "SELECT \(columns) FROM main.\(candidate.kind.relation.table) WHERE place = ?1")
    row.bind(1, candidate.place)
    guard try row.step() else { throw SearchIndex.Unfit() }
    var text = SearchableText()
    let excerpt = try text.withText(row.text(1), isMessages: row.integer(2) != 0) { text in
      SearchExcerpt(
        text, matches: try desk.matches(question.highlights, in: text, candidate.kind), length: options.excerptLength)
    }
    return SearchHit(
      kind: candidate.kind, promptID: row.string(0), model: isResponse ? row.string(3) : nil,
      sample: isResponse ? Int(row.integer(4)) : nil, score: -candidate.score, excerpt: excerpt)
  }
}
