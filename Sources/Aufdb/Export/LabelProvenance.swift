// Where the labels of one judge come from: which judges there are, and the selections that asked for the labels.

/// What the manifest says of the labels' origin.
struct LabelProvenance {
  /// One batch of a selection method, with all that is needed to select it again.
  struct Batch {
    var method: String
    var batch: Int64
    var snapshot: String?
    var seed: Int64
    /// JSON object.
    var parameters: String
  }

  /// Whose labels they are.
  let judge: String
  let labelCount: Int
  /// By method, then number.
  let batches: [Batch]

  var methods: [String] { Self.distinct(batches.map(\.method)) }
  var snapshots: [String] { Self.distinct(batches.compactMap(\.snapshot)) }

  /// - Parameter wished: the judge that was asked for; nil for the only one.
  /// - Throws: `.refused` where there are no labels, or several judges and none was asked for, or no such judge.
  init(judge wished: String?, in connection: Connection) throws(AufdbError) {
    let judges = try connection.all("SELECT DISTINCT judge FROM labels ORDER BY judge") { $0.string(0) }
    let judge = try Self.choose(wished, among: judges)
    self.judge = judge
    labelCount = Int(try connection.integer("SELECT count(*) FROM labels WHERE judge = ?1", .text(judge)))
    // One `select` is one batch with one snapshot, so method and number lead from a label to its selection; a lookup of
    // each label's own selection would cost as much as reading the texts.
    batches = try connection.all(
      """
      SELECT DISTINCT s.method, s.batch, s.snapshot, s.seed, s.parameters FROM selections AS s
      WHERE (s.method, s.batch) IN (SELECT DISTINCT method, batch FROM labels WHERE judge = ?1)
      ORDER BY 1, 2, 3, 4, 5
      """, .text(judge)
    ) { row in
      Batch(
        method: row.string(0), batch: row.integer(1), snapshot: row.optionalString(2), seed: row.integer(3),
        parameters: row.string(4))
    }
  }

  private static func choose(_ wished: String?, among judges: [String]) throws(AufdbError) -> String {
    guard !judges.isEmpty else {
      throw AufdbError(
        .refused, "there are no labels to export",
        hint: "`aufdb select` picks pairs and `aufdb annotate` labels them")
    }
    let list = judges.joined(separator: ", ")
    if let wished {
      guard judges.contains(wished) else {
        throw AufdbError(.refused, "the judge '\(wished)' has no labels", hint: "judges with labels: \(list)")
      }
      return wished
    }
    guard judges.count == 1 else {
      throw AufdbError(.refused, "labels of \(judges.count) judges: \(list)", hint: "choose one with --judge NAME")
    }
    return judges[0]
  }

  private static func distinct(_ names: [String]) -> [String] {
    // By bytes, as SQLite sorts: Swift's order of strings is not the same.
    Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
