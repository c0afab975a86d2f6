// Where the labels of an export come from: whose they are, and the selections that asked for them.

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

  /// Whose labels they are, in the order of bytes.
  let judges: [String]
  /// How many labels the revision sees, of these judges and others.
  let labelCount: Int
  /// By method, then number.
  let batches: [Batch]

  var methods: [String] { Self.distinct(batches.map(\.method)) }
  var snapshots: [String] { Self.distinct(batches.compactMap(\.snapshot)) }

  /// - Throws: `.refused` where there are no labels, or several judges and neither one was asked for nor how to join
  ///   them, or no such judge or method.
  init(_ options: ExportOptions, in connection: Connection) throws {
    let labelled = try connection.all("SELECT DISTINCT judge FROM labels ORDER BY judge") { $0.string(0) }
    let judges = try Self.choose(options, among: labelled)
    self.judges = judges
    labelCount = Int(try connection.integer("SELECT count(*) FROM labels"))
    try Self.check(options.methods, in: connection)
    // One `select` is one batch with one snapshot, so method and number lead from a label to its selection; a lookup of
    // each label's own selection would cost as much as reading the texts.
    var values = judges.map { SQLValue.text($0) }
    var condition = "judge IN (\(Self.marks(1, judges.count)))"
    if !options.methods.isEmpty {
      condition += " AND method IN (\(Self.marks(judges.count + 1, options.methods.count)))"
      values += options.methods.map { SQLValue.text($0) }
    }
    var batches: [Batch] = []
    try connection.statement(
      """
      SELECT DISTINCT s.method, s.batch, s.snapshot, s.seed, s.parameters FROM selections AS s
      WHERE (s.method, s.batch) IN (SELECT DISTINCT method, batch FROM labels WHERE \(condition))
      ORDER BY 1, 2, 3, 4, 5
      """
    ).forEach(values) { row in
      batches.append(
        Batch(
          method: row.string(0), batch: row.integer(1), snapshot: row.optionalString(2), seed: row.integer(3),
          parameters: row.string(4)))
    }
    self.batches = batches
  }

  private static func choose(_ options: ExportOptions, among judges: [String]) throws(AufdbError) -> [String] {
    guard !judges.isEmpty else {
      throw AufdbError(
        .refused, "there are no labels to export",
        hint: "`aufdb select` picks pairs and `aufdb annotate` labels them")
    }
    let list = judges.prefix(20).joined(separator: ", ")
    // By bytes: Swift takes different writings of a letter for equal.
    let isAmong = { (names: [String], name: String) in names.contains { $0.utf8.elementsEqual(name.utf8) } }
    if let unknown = options.judges.first(where: { !isAmong(judges, $0) }) {
      throw AufdbError(.refused, "the judge '\(unknown)' has no labels", hint: "judges with labels: \(list)")
    }
    // As many as one statement can have parameters, less those for methods.
    guard judges.count <= 30_000 else {
      throw AufdbError(.refused, "\(judges.count) judges are more than one export takes", hint: "30,000 at most")
    }
    if !options.judges.isEmpty { return judges.filter { isAmong(options.judges, $0) } }
    guard judges.count == 1 || options.aggregation != nil else {
      throw AufdbError(
        .refused, "labels of \(judges.count) judges: \(list)",
        hint: "choose one with --judge NAME, or join them with --aggregate majority")
    }
    return judges
  }

  private static func check(_ methods: [String], in connection: Connection) throws(AufdbError) {
    guard !methods.isEmpty else { return }
    let known = try connection.all("SELECT DISTINCT method FROM labels WHERE method IS NOT NULL ORDER BY method") {
      $0.string(0)
    }
    guard let unknown = methods.first(where: { !known.contains($0) }) else { return }
    throw AufdbError(
      .refused, "no label was asked for by the method \(unknown.quoted)",
      hint: known.isEmpty
        ? "no label was asked for by a selection" : "methods of labels: \(known.joined(separator: ", "))")
  }

  /// "?3, ?4, ?5"
  private static func marks(_ first: Int, _ count: Int) -> String {
    (first..<first + count).map { "?\($0)" }.joined(separator: ", ")
  }

  private static func distinct(_ names: [String]) -> [String] {
    // By bytes, as SQLite sorts: Swift's order of strings is not the same.
    Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
