// Which stored data a selection method gets to see: its snapshot, its judge, its encoder, and what to do where there is
// none.

import AufdbAcquisition

/// What the candidates of a selection are, and where their columns come from.
struct CandidateSources {
  /// Which rows are candidates: one each.
  enum Rows: Equatable {
    case estimates, scores, embeddings, responses
  }

  /// The columns to fill.
  var columns: CandidateColumns
  /// nil where no column comes from there.
  var snapshot: String?
  var judge: String?
  var encoder: String?

  /// The rows that are scanned, of the sources that are asked. Columns of the others are looked up.
  var rows: Rows {
    if snapshot != nil { return .estimates }
    if judge != nil { return .scores }
    return encoder == nil ? .responses : .embeddings
  }

  /// Whether every response should be a candidate. A judge who scored some of them makes these the candidates.
  var shouldCoverAll: Bool { rows == .estimates || encoder != nil }

  /// What it is that responses may lack, in words.
  var coverText: String {
    var texts: [String] = []
    if let snapshot { texts.append("estimate in the snapshot '\(snapshot)'") }
    if let encoder { texts.append("embedding of the encoder '\(encoder)'") }
    return texts.joined(separator: " or ")
  }
}

extension CandidateSources {
  /// What a selection's parameters say: the method's own, and whose scores and embeddings it saw.
  func recorded(_ method: any SelectionMethod, judged: Int) -> [String: Operation.Value] {
    var recorded: [String: Operation.Value] = [:]
    for parameter in method.parameters { recorded[parameter.name] = parameter.value.recorded }
    if let judge { recorded["judge"] = .text(judge) }
    if let encoder { recorded["encoder"] = .text(encoder) }
    if judged > 2 { recorded["judged"] = .integer(Int64(judged)) }
    return recorded
  }
}

/// The data of one revision, asked on a method's behalf.
struct SelectionData {
  let connection: Connection
  /// Of the views to read.
  let prefix: String
  /// In the order of their birth.
  let snapshots: [String]
  /// The one that is seen where none is named.
  var defaultSnapshot: String?

  init(connection: Connection, prefix: String) throws {
    self.connection = connection
    self.prefix = prefix
    // Ids are in the order of birth, so the last is the newest.
    snapshots = try connection.all("SELECT snapshot FROM \(prefix)snapshots ORDER BY id") { $0.string(0) }
    defaultSnapshot = snapshots.last
  }

  /// The columns that there are at all: the defaults of some methods follow from it.
  func available(_ options: SelectOptions) throws -> CandidateColumns {
    var columns: CandidateColumns = [.textLengths, .models]
    if let name = options.snapshot ?? defaultSnapshot, !snapshots.isEmpty {
      columns.formUnion(.estimates)
      // All estimates of a snapshot have heads, or none has.
      let hasHeads = try connection.first(
        "SELECT heads IS NOT NULL FROM \(prefix)estimates WHERE snapshot = ?1 LIMIT 1", .text(name)
      ) { $0.integer(0) != 0 }
      if hasHeads == true { columns.insert(.heads) }
    }
    // Whoever has neither is told to bring scores, which come with completions.
    if try has("scores") || !columns.contains(.rewards) { columns.insert(.scores) }
    if try has("embeddings") { columns.insert(.features) }
    return columns
  }

  private func has(_ relation: String) throws -> Bool {
    try connection.first("SELECT 1 FROM \(prefix)\(relation) LIMIT 1", read: { _ in true }) != nil
  }

  private static func columns(for method: any SelectionMethod, _ options: SelectOptions) -> CandidateColumns {
    options.order == .random ? method.needs : method.needs.union(.estimates)
  }

  /// Whether `method`, or the order of its picks, has any use for a snapshot.
  static func seesEstimates(_ method: any SelectionMethod, _ options: SelectOptions) -> Bool {
    !columns(for: method, options).isDisjoint(with: [.rewards, .lower, .upper, .heads])
  }

  /// Where the columns come from that `method` and the order of its picks need.
  func sources(for method: any SelectionMethod, _ options: SelectOptions) throws -> CandidateSources {
    var sources = CandidateSources(columns: Self.columns(for: method, options))
    if Self.seesEstimates(method, options) {
      // An explanation wants all of an estimate.
      sources.columns.formUnion(.estimates)
      sources.snapshot = try snapshot(options.snapshot, method)
      if method.needs.contains(.heads) { try checkHeads(sources.snapshot ?? "", method) }
    } else {
      try refuse(options.snapshot, "--snapshot", method)
    }
    if sources.columns.contains(.scores) {
      sources.judge = try judge(options.judge, method)
    } else {
      try refuse(options.judge, "--judge", method)
    }
    if sources.columns.contains(.features) {
      sources.encoder = try encoder(options.encoder, method)
    } else {
      try refuse(options.encoder, "--encoder", method)
    }
    if let fixedPair = method as? FixedPairMethod {
      try checkModel(fixedPair.firstModel)
      try checkModel(fixedPair.secondModel)
    }
    return sources
  }

  /// A model without a single response is a slip of the pen.
  private func checkModel(_ model: String) throws {
    let isKnown = try connection.first(
      "SELECT 1 FROM \(prefix)responses WHERE model = ?1 LIMIT 1", .text(model), read: { _ in true })
    guard isKnown == nil else { return }
    let names = try connection.all("SELECT DISTINCT model FROM \(prefix)responses ORDER BY model") { $0.string(0) }
    throw AufdbError(
      .refused, "there are no responses of a model '\(model)'",
      hint: list("models", names.nearestFirst(to: model)))
  }

  private func refuse(_ value: String?, _ option: String, _ method: any SelectionMethod) throws {
    guard value != nil else { return }
    throw AufdbError(
      .usage, "\(option) means nothing to the method \(method.name), which needs \(method.needs)", hint: "leave it out")
  }

  private func snapshot(_ wanted: String?, _ method: any SelectionMethod) throws(AufdbError) -> String {
    if let wanted {
      guard snapshots.contains(wanted) else {
        throw AufdbError(.refused, "there is no snapshot '\(wanted)'", hint: list("snapshots", snapshots))
      }
      return wanted
    }
    guard let defaultSnapshot else {
      let who = method.needs.isDisjoint(with: .estimates) ? "this order" : "the method \(method.name)"
      throw AufdbError(
        .refused, "\(who) needs estimates, and there are none",
        hint: "`aufdb import STORE FILE --as estimates --snapshot NAME` brings them in")
    }
    return defaultSnapshot
  }

  private func checkHeads(_ snapshot: String, _ method: any SelectionMethod) throws {
    let lacks = try connection.first(
      "SELECT 1 FROM \(prefix)estimates WHERE snapshot = ?1 AND heads IS NULL LIMIT 1", .text(snapshot),
      read: { _ in true })
    guard lacks != nil else { return }
    throw AufdbError(
      .refused, "the method \(method.name) needs the rewards of single heads, and the snapshot '\(snapshot)' has none",
      hint: "import estimates that have \"heads\", or leave the choice to the method")
  }

  private func judge(_ wanted: String?, _ method: any SelectionMethod) throws -> String {
    let names = try connection.all("SELECT DISTINCT judge FROM \(prefix)scores ORDER BY judge") { $0.string(0) }
    return try OwnerChoice.scores.resolve(wanted, among: names, for: "the method \(method.name)")
  }

  private func encoder(_ wanted: String?, _ method: any SelectionMethod) throws -> String {
    try connection.encoder(wanted, prefix: prefix, for: "the method \(method.name)")
  }

  private func list(_ what: String, _ names: [String]) -> String {
    names.isEmpty ? "there are no \(what) here" : "\(what) here: \(names.prefix(20).joined(separator: ", "))"
  }
}

extension ParameterValue {
  /// As a commit's operation and a selection's parameters record it.
  var recorded: Operation.Value {
    switch self {
    case .real(let value): .real(value)
    case .integer(let value): .integer(Int64(value))
    case .word(let word): .text(word)
    }
  }
}
