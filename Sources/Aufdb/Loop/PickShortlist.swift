// Which picks are kept, where there is a limit of prompts or a budget of labels or judged responses.
//
// Picks are put in order: by a keyed draw of the prompt, or by what the snapshot believed of the pair. Then they are
// taken one after the other as long as there is room; one that would cost more judged responses than are left is passed
// over, and a cheaper one after it may still fit. Where a prompt has several pairs of its own, a random order takes
// every prompt's first pair before any second one; pairs among several judged responses stay together.

import AufdbAcquisition

/// A pair that was picked, and what decides whether it is kept.
struct Pick {
  var promptID: [UInt8]
  /// Among the candidates.
  var pair: Pair
  var first: ResponseKey
  var second: ResponseKey
  var explanation: String?
  /// Which of the pair's responses a label speaks of already.
  var firstIsJudged = false
  var secondIsJudged = false

  /// Smaller comes first, of each part in turn.
  var round = 0
  var value = 0.0
  var draw: UInt64 = 0
  var place = 0

  func isBefore(_ other: Pick) -> Bool {
    if round != other.round { return round < other.round }
    // The larger value first.
    if value != other.value { return value > other.value }
    if draw != other.draw { return draw < other.draw }
    // Prompts of one draw are told apart by their ids, so that the choice is the same everywhere.
    if promptID != other.promptID { return promptID.lexicographicallyPrecedes(other.promptID) }
    return place < other.place
  }
}

/// Gathers picks and keeps those that there is room for.
struct PickShortlist {
  private let options: SelectOptions
  private var picks: [Pick] = []
  /// Picks after so many in order can't be kept, whatever comes; nil where that isn't known.
  private let mostKept: Int?

  init(_ options: SelectOptions) {
    self.options = options
    // With a limit a prompt's later pairs may still be kept, and a pair that costs no judged response always is.
    let isOnePair = options.judged == 2 && options.maxPerPrompt == nil
    mostKept =
      options.judgeBudget != nil
      ? nil
      : [isOnePair ? options.limit : nil, options.limit == nil || isOnePair ? options.budget : nil]
        .compactMap(\.self).min()
  }

  mutating func append(_ pick: Pick) {
    picks.append(pick)
    // Sorted now and then, so that there are never many more than can be kept.
    guard let mostKept, picks.count >= 2 * mostKept + 1024 else { return }
    picks.sort { $0.isBefore($1) }
    picks.removeSubrange(mostKept...)
  }

  /// The picks to keep, in order, and what they leave.
  consuming func kept() -> (picks: [Pick], allowance: Allowance) {
    picks.sort { $0.isBefore($1) }
    var allowance = Allowance(options)
    let kept = picks.filter { allowance.admit($0) }
    return (kept, allowance)
  }
}

/// What may still be spent, as picks are taken in order.
struct Allowance {
  private let options: SelectOptions
  /// The responses of each prompt that is in, which are judged by then.
  private var judged: [[UInt8]: Set<ResponseKey>] = [:]
  private var pairCount = 0
  private(set) var judgedCount = 0
  var promptCount: Int { judged.count }

  init(_ options: SelectOptions) { self.options = options }

  /// Whether no further prompt can get in.
  var isSpent: Bool {
    pairCount == options.budget || judged.count == options.limit || judgedCount == options.judgeBudget
  }

  /// Takes a pick if there is room for it.
  mutating func admit(_ pick: Pick) -> Bool {
    guard pairCount != options.budget else { return false }
    let prompt = judged[pick.promptID]
    guard prompt != nil || judged.count != options.limit else { return false }
    let new = [(pick.first, pick.firstIsJudged), (pick.second, pick.secondIsJudged)]
      .filter { !$0.1 && prompt?.contains($0.0) != true }.map(\.0)
    if let budget = options.judgeBudget, judgedCount + new.count > budget { return false }
    judgedCount += new.count
    pairCount += 1
    judged[pick.promptID, default: []].formUnion(new)
    return true
  }
}

extension PairDemand {
  /// What is asked of a prompt of which so many pairs are settled; nil where nothing is.
  init?(_ options: SelectOptions, settledCount: Int) {
    self.init(responseCount: options.judged)
    guard let most = options.maxPerPrompt else { return }
    guard most > settledCount else { return nil }
    pairCount = options.judged > 2 ? min(pairCount, most - settledCount) : most - settledCount
  }
}

extension SelectOptions.Order {
  /// What it compares: a sum or difference of the estimates of a pair's responses, in doubles; 0 where it is random.
  func value(of pair: Pair, _ candidates: Candidates) -> Double {
    func halfWidth(_ index: Int) -> Double { (Double(candidates.upper[index]) - Double(candidates.lower[index])) / 2 }
    return switch self {
    case .random: 0
    case .uncertainty: halfWidth(pair.first) + halfWidth(pair.second)
    case .gap: Double(candidates.rewards[pair.first]) - Double(candidates.rewards[pair.second])
    }
  }
}
