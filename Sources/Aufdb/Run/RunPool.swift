// Which prompts a run goes through, and in which order.
//
// The order is drawn from the seed and each prompt's id alone, so that it is the same whenever it is asked for. The
// prompts at its end are set aside, if any are: their labels are held out from training.

import AufdbReward

/// A run's prompts.
struct RunPool {
  /// In the order in which they are taken.
  let promptIDs: [[UInt8]]
  /// How many prompts there would be if nothing bounded the run. A run's own models answer as many prompts as it is to go
  /// through, so that `promptIDs` grows when a bound is raised, and this doesn't.
  let totalCount: Int
  /// Set aside for held-out labels.
  let heldoutIDs: [[UInt8]]
  /// Prompts with fewer than two embedded responses, of which nothing can be picked.
  let tooFewCount: Int
  /// Responses without an embedding, which was allowed.
  let missingCount: Int

  /// What the order's draws are for.
  static let orderPurpose = "order of a run"

  init(_ configuration: RunConfiguration, encoder: String, in connection: Connection) throws {
    let among = try configuration.condition.map { condition in
      Set(try PromptCondition.promptIDs(condition, prefix: "", in: connection).map { Array($0.utf8) })
    }
    let coverage = try EmbeddingCoverage(encoder: encoder, among: among, in: connection)
    if !configuration.allowsPartial {
      try coverage.requireAll(hint: "allow-partial: true passes over them; where: chooses prompts")
    }
    let order = KeyedOrder(seed: UInt64(configuration.seed), purpose: Self.orderPurpose)
    let sorted = order.sorted(coverage.promptIDs)
    guard sorted.count > configuration.heldoutCount else {
      throw AufdbError(
        .refused,
        "\(sorted.count) prompts have two embedded responses or more, of which \(configuration.heldoutCount) are to be "
          + "held out: none are left", hint: "hold fewer out, or embed more responses")
    }
    promptIDs = Array(sorted.dropLast(configuration.heldoutCount))
    heldoutIDs = sorted.suffix(configuration.heldoutCount)
    if configuration.models.isEmpty {
      totalCount = promptIDs.count
    } else {
      let count = try among?.count ?? Int(connection.integer("SELECT count(*) FROM prompts"))
      totalCount = count - configuration.heldoutCount
    }
    tooFewCount = coverage.singleCount
    missingCount = coverage.missingCount
  }
}
