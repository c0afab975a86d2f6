// A snapshot that estimates of an import belong to.

/// A snapshot: in the store already, or with its first estimate.
final class ImportedSnapshot {
  let name: String
  let nameBytes: HeldBytes
  /// Whether the store has it.
  private(set) var isThere: Bool
  /// How many heads its estimates have; nil as long as nothing is known of any.
  private var headCount: Int?
  /// Counts the heads that it has in the store already; nil for a new one, and once that is done.
  private var headCounter: SQLStatement?

  init(_ name: String, in connection: Connection) throws {
    self.name = name
    nameBytes = HeldBytes(name)
    let known = try connection.first("SELECT 1 FROM snapshots WHERE snapshot = ?1", .text(name)) { _ in true }
    isThere = known != nil
    if isThere {
      headCounter = try connection.statement(
        "SELECT length(heads) / 4 FROM estimates WHERE snapshot = ?1 AND heads IS NOT NULL LIMIT 1")
      headCounter?.bind(1, .text(name))
    }
  }

  /// Adds it to the store, if it isn't there.
  func insert(into change: Change) throws {
    guard !isThere else { return }
    let snapshots = try change.writer(.snapshots)
    snapshots.text(name)
    snapshots.text("import")
    snapshots.null()
    try snapshots.insert()
    isThere = true
  }

  /// Holds a record's heads to those of the snapshot's other responses.
  func checkHeadCount(_ count: Int) throws {
    if headCount == nil, let counter = headCounter {
      // Once for an import, and only where it matters: it may read all estimates.
      headCount = try counter.step() ? Int(counter.integer(0)) : nil
      counter.reset()
      headCounter = nil
    }
    guard let headCount, headCount != count else { return }
    throw AufdbError(
      .badData, "heads has \(count) numbers, and those before it in the snapshot '\(name)' have \(headCount)",
      hint: "all responses of a snapshot have the same heads; name another one with --snapshot")
  }

  /// Notes the heads of an estimate that is in the store now.
  func noteHeadCount(_ count: Int) { headCount = count }
}
