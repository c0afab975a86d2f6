// One `select` at work: candidates in, pairs out, rows into the change.

import AufdbAcquisition

/// One `select` on one change.
final class SelectionRun {
  private let options: SelectOptions
  private let connection: Connection
  private let method: any SelectionMethod
  private let sources: CandidateSources
  private let prefix: String
  private let parameters: String
  private let scope: PromptScope
  private let writer: SelectionWriter
  private let randomKey: RandomKey
  private let order: KeyedOrder
  private var features: FeatureSpace?
  private var report = SelectReport()
  /// Candidates, and prompts with any, that were read, asked or not.
  private var candidateCount = 0
  private var groupCount = 0

  init(_ options: SelectOptions, in change: Change) throws {
    self.options = options
    connection = change.connection
    if let revision = options.revision {
      prefix = "source_"
      try connection.visibility(of: connection.resolve(revision)).install(
        in: connection, showsIDs: true, prefix: prefix)
    } else {
      prefix = ""
    }
    var data = try SelectionData(connection: connection, prefix: prefix)
    var method = try Self.method(options, data)
    report.batch = try connection.nextSelectionBatch()
    scope = try PromptScope(options, method: method.name, batch: report.batch, prefix: prefix, in: change)
    if options.snapshot == nil, data.snapshots.count > 1, SelectionData.seesEstimates(method, options) {
      let choice = try SnapshotChoice(scope, prefix: prefix, in: connection)
      let chosen =
        try options.allowsPartial
        ? choice.newestTouching(data.snapshots) : choice.newestCovering(data.snapshots)
      if let chosen, chosen != data.defaultSnapshot {
        data.defaultSnapshot = chosen
        // Whether its estimates have heads decides about defaults.
        method = try Self.method(options, data)
      }
    }
    self.method = method
    sources = try data.sources(for: method, options)
    parameters = Operation.object(sources.recorded(method, judged: options.judged))
    report.snapshot = sources.snapshot
    report.judge = sources.judge
    report.encoder = sources.encoder
    writer = try SelectionWriter(
      method: method.name, batch: report.batch, snapshot: report.snapshot, seed: options.seed,
      parameters: parameters, in: change)
    randomKey = method.randomKey(seed: options.seed)
    order = KeyedOrder(seed: options.seed, purpose: "order of prompts")
  }

  private static func method(
    _ options: SelectOptions, _ data: SelectionData
  ) throws -> any SelectionMethod {
    let available = try data.available(options)
    do throws(MethodError) {
      return try SelectionMethods.make(options.method, parameters: options.parameters, available: available)
    } catch {
      throw AufdbError(.usage, "\(error)", hint: error.hint)
    }
  }

  /// - Parameter isSorted: whether SQLite sorts candidates by prompt first.
  /// - Throws: `ScatteredRows` where `isSorted` is needed.
  func run(isSorted: Bool) throws -> (CommitNote, SelectReport) {
    if let encoder = sources.encoder {
      features = try FeatureSpace(for: method, encoder: encoder, sources, options, prefix: prefix, in: connection)
    }
    if let features, features.learnsFromPicks {
      try askInTurn(features)
    } else {
      try askInPlace(isSorted: isSorted)
    }
    report.selectedCount = writer.count
    try checkCoverage()
    return (note, report)
  }

  /// Asks the prompts as they lie in the store.
  private func askInPlace(isSorted: Bool) throws {
    var shortlist = PickShortlist(options)
    try connection.forEachCandidateGroup(of: sources, prefix: prefix, isSorted: isSorted) { group in
      groupCount += 1
      candidateCount += group.candidates.count
      guard try group.promptID.withUnsafeBytes({ try isAsked($0) }) else { return }
      let picks = try picks(from: group)
      guard !options.keepsSome else {
        for pick in picks { shortlist.append(pick) }
        return
      }
      for pick in picks { try writer.insert(pick) }
      if !picks.isEmpty { report.promptCount += 1 }
    }
    guard options.keepsSome else { return }
    let (kept, allowance) = shortlist.kept()
    for pick in kept { try writer.insert(pick) }
    note(allowance)
  }

  /// Asks the prompts in the order of their draws, and takes each prompt's picks into account before the next is asked.
  private func askInTurn(_ features: FeatureSpace) throws {
    guard options.order == .random else {
      throw AufdbError(
        .usage, "--order means nothing to the method \(method.name)",
        hint: "it takes prompts in random order, because each pick depends on those before it")
    }
    let lookup = try CandidateLookup(sources, prefix: prefix, in: connection)
    let all = try lookup.promptIDs()
    groupCount = all.count
    let asked = order.sorted(try all.filter { id in try id.withUnsafeBytes { try isAsked($0) } })
    var allowance = Allowance(options)
    for id in asked where !allowance.isSpent {
      let group = try lookup.group(id)
      candidateCount += group.candidates.count
      let picks = try picks(from: group).filter { allowance.admit($0) }
      for pick in picks { try writer.insert(pick) }
      try features.learn(picks.map(\.pair), of: group)
    }
    note(allowance)
  }

  private func note(_ allowance: Allowance) {
    report.promptCount = allowance.promptCount
    if options.judgeBudget != nil { report.judgedCount = allowance.judgedCount }
  }

  private func isAsked(_ promptID: Bytes) throws -> Bool {
    switch try scope.exclusion(of: promptID) {
    case nil: return true
    case .otherPrompt: groupCount -= 1
    case .labelled: report.labelledCount += 1
    case .selectedBefore: report.alreadySelectedCount += 1
    }
    return false
  }

  /// What the method picks from one prompt, with all that decides what is kept.
  private func picks(from group: CandidateGroup) throws -> [Pick] {
    let settled = try group.promptID.withUnsafeBytes { try scope.settled($0) }
    let excluded = settled.pairs.compactMap { pair in
      group.index(of: pair.0).flatMap { first in group.index(of: pair.1).map { Pair(first: first, second: $0) } }
    }
    guard let demand = PairDemand(options, settledCount: settled.pairs.count) else {
      report.exhaustedCount += 1
      return []
    }
    try features?.place(group)
    let random = group.promptID.withUnsafeBytes { randomKey.prompt($0) }
    return try group.withCandidates { candidates throws(CandidatesError) in
      report.rewardsOutsideBoundsCount += candidates.rewardsOutsideBoundsCount
      switch try method.pairs(demand, excluding: excluded, candidates, random: random) {
      case .skipped(let reason): report.skipped[reason, default: 0] += 1
      case .pairs(let pairs) where pairs.isEmpty: report.exhaustedCount += 1
      case .pairs(let pairs):
        return pairs.enumerated().map { place, pair in
          pick(pair, place: place, of: pairs, in: group, candidates, random, judged: settled.judged)
        }
      }
      return []
    }
  }

  private func pick(
    _ pair: Pair, place: Int, of pairs: [Pair], in group: CandidateGroup, _ candidates: Candidates,
    _ random: KeyedRandom, judged: [ResponseKey]
  ) -> Pick {
    var pick = Pick(
      promptID: group.promptID, pair: pair, first: group.response(pair.first), second: group.response(pair.second))
    if options.explains { pick.explanation = method.explain(pair, candidates, random: random).json(of: group) }
    guard options.keepsSome else { return pick }
    pick.firstIsJudged = judged.contains(pick.first)
    pick.secondIsJudged = judged.contains(pick.second)
    pick.place = place
    // Pairs among several judged responses stay together.
    let isUnit = options.judged > 2
    if options.order == .random {
      pick.draw = order.draw(of: group.promptID)
      pick.round = isUnit ? 0 : place
    } else {
      pick.value = options.order.value(of: isUnit ? pairs[0] : pair, candidates)
    }
    return pick
  }

  /// Every response of a prompt that is asked should have what the method sees, unless a part is allowed.
  private func checkCoverage() throws {
    report.withoutCandidatesCount = max(0, scope.promptCount - groupCount)
    guard sources.shouldCoverAll else { return }
    // As many candidates as there are responses: of any revision, which SQLite counts without looking at rows; or of
    // this one.
    let table = "main.\(Relation.responses.table)"
    guard try candidateCount != connection.integer("SELECT count(*) FROM \(table)") else { return }
    guard try candidateCount != connection.integer("SELECT count(*) FROM \(prefix)responses") else { return }
    let gaps = try CoverageGaps(sources, prefix: prefix, scope: scope, in: connection)
    report.uncoveredCount = gaps.responseCount
    guard gaps.responseCount > 0, !options.allowsPartial else { return }
    let choice = try SnapshotChoice(scope, prefix: prefix, in: connection)
    throw gaps.error(widerSnapshot: try sources.snapshot.flatMap { try choice.widest(than: $0) })
  }

  private var note: CommitNote {
    var saw: [String] = []
    if let snapshot = report.snapshot { saw.append("snapshot \(snapshot)") }
    if let judge = report.judge { saw.append("scores of \(judge)") }
    if let encoder = report.encoder { saw.append("embeddings of \(encoder)") }
    saw.append("seed \(options.seed)")
    let count = report.selectedCount
    return CommitNote(
      message: "Select \(count) \(count == 1 ? "pair" : "pairs") by \(method.name) (\(saw.joined(separator: ", ")))",
      operation: Operation("select", options.recorded(method: method.name, parameters: parameters, report)))
  }
}
