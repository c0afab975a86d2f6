// Writing a bundle from a store: BundleFormat.swift is the specification.

/// Writes what a plan names. Memory grows with the number of rows that one commit retired, by 8 bytes each.
struct BundleEncoder: ~Copyable {
  private let connection: Connection
  private let sink: BundleSink
  private var statements: [String: SQLStatement] = [:]

  /// Writes the whole bundle.
  ///
  /// - Parameter progress: called with the commits done, and all of them.
  /// - Returns: how many bytes it has.
  static func write(
    _ plan: BundlePlan, in connection: Connection, progress: ((Int, Int) -> Void)? = nil,
    to drain: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    let sink = try BundleSink(drain: drain)
    var encoder = BundleEncoder(connection: connection, sink: sink)
    try encoder.write(plan.header)
    try sink.count(plan.commits.count)
    for sequence in plan.commits { try encoder.write(connection.commit(sequence)) }
    for (index, sequence) in plan.commits.enumerated() {
      try encoder.writeChange(of: sequence)
      progress?(index + 1, plan.commits.count)
    }
    try sink.finish()
    return sink.sizeBytes
  }

  private init(connection: Connection, sink: BundleSink) {
    self.connection = connection
    self.sink = sink
  }

  private func write(_ header: BundleHeader) throws {
    try sink.string(header.currentBranch)
    try sink.count(header.prerequisites.count)
    for id in header.prerequisites { try sink.raw(id.bytes) }
    try sink.count(header.refs.count)
    for ref in header.refs {
      try sink.byte(BundleRef.code(of: ref.kind))
      try sink.string(ref.name)
      try sink.raw(ref.commit.bytes)
    }
  }

  private func write(_ commit: Commit) throws {
    try sink.raw(commit.id.bytes)
    try sink.count(commit.parents.count)
    for parent in commit.parents { try sink.raw(parent.bytes) }
    try sink.string(commit.author)
    try sink.number(UInt64(bitPattern: commit.milliseconds))
    try sink.string(commit.message)
    try sink.string(commit.operation)
    try sink.raw(commit.changeDigest)
  }

  private mutating func writeChange(of sequence: Int64) throws {
    let changes = try connection.commitRows(sequence)
    try sink.count(changes.count)
    for rows in changes {
      // Of a commit whose parent was pruned only a digest of what it retired may be left.
      guard rows.retiredDigest == nil else { throw BundlePlan.prunedRefusal(try connection.commit(sequence).id) }
      try sink.byte(UInt8(rows.relation.rawValue))
      try writeBorn(rows)
      try writeRetired(rows)
    }
  }

  private mutating func writeBorn(_ rows: CommitRows) throws {
    try sink.count(rows.addedCount)
    guard rows.born != nil else { return }
    let born = try statement(CommitRows.bornSQL(rows.relation))
    defer { born.reset() }
    rows.bind(born: born)
    var count = 0
    while try born.step() {
      try sink.row(rows.relation, born, from: 1)
      count += 1
    }
    guard count == rows.addedCount else { throw missing(rows) }
  }

  private mutating func writeRetired(_ rows: CommitRows) throws {
    let groups = try retired(rows)
    try sink.count(groups.count)
    for group in groups {
      try sink.raw(group.bearer.bytes)
      try sink.count(group.places.count)
      for place in group.places { try sink.number(UInt64(place)) }
    }
  }

  /// The rows that a commit retired, by the commit that bore them and their places there.
  private mutating func retired(_ rows: CommitRows) throws -> [(bearer: CommitID, places: [Int64])] {
    guard rows.retiredCount > 0 else { return [] }
    let relation = rows.relation
    let retired = try statement(
      """
      SELECT past_id FROM main.\(relation.table) WHERE place BETWEEN ?2 AND ?3 AND retired_by = ?1
      UNION ALL SELECT row_id FROM main.retirement WHERE commit_seq = ?1 AND relation = \(relation.rawValue) ORDER BY 1
      """)
    defer { retired.reset() }
    rows.bind(retired: retired)
    let bearer = try statement(
      """
      SELECT c.first_id, c.last_id, l.id FROM main.commit_change AS c JOIN main.commit_log AS l ON l.seq = c.commit_seq
      WHERE c.relation = \(relation.rawValue) AND c.first_id <= ?1 ORDER BY c.first_id DESC LIMIT 1
      """)
    var groups: [(bearer: CommitID, places: [Int64])] = []
    var run: ClosedRange<Int64>?
    var count = 0
    while try retired.step() {
      let id = retired.integer(0)
      count += 1
      if run?.contains(id) != true {
        bearer.bind(1, id)
        defer { bearer.reset() }
        guard try bearer.step(), bearer.integer(1) >= id else { throw missing(rows) }
        run = bearer.integer(0)...bearer.integer(1)
        groups.append((CommitID(bearer.bytes(2)), []))
      }
      groups[groups.count - 1].places.append(id - (run?.lowerBound ?? id))
    }
    guard count == rows.retiredCount else { throw missing(rows) }
    return groups
  }

  private func missing(_ rows: CommitRows) -> AufdbError {
    AufdbError(
      .badData, "the store is damaged: rows of \(rows.relation.name) are missing",
      hint: "`aufdb verify STORE` says where")
  }

  private mutating func statement(_ sql: String) throws -> SQLStatement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.statement(sql)
    statements[sql] = statement
    return statement
  }
}
