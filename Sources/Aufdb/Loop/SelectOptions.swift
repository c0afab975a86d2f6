// What to select, from what, and how much of it.

/// The options of a selection; the defaults pick one pair of each prompt that nobody has labelled yet.
public struct SelectOptions: Sendable {
  /// Which prompts are selected from.
  public enum Prompts: String, Sendable, Hashable, CaseIterable {
    /// Those without a label, from which the method has not selected before.
    case unlabelled
    /// Every prompt; a pair that is labelled, or that the method has selected before, isn't picked again.
    case all
    /// Every prompt, as if nothing had been labelled or selected.
    case again
  }

  /// Which come first where not all are kept.
  public enum Order: String, Sendable, Hashable, CaseIterable {
    /// By a draw keyed by the seed and the prompt.
    case random
    /// By the half widths of the pair's bounds, the largest sum first.
    case uncertainty
    /// By how much the reward of the first exceeds that of the second, the most first.
    case gap
  }

  /// The method's name; `SelectionMethods.names` lists them.
  public var method: String
  /// The method's own parameters, as text; those left out take their defaults.
  public var parameters: [String: String]
  /// The snapshot whose estimates the method sees; nil: the newest that has them for all responses of the prompts that
  /// are asked, or, where a part is allowed, for any.
  public var snapshot: String?
  /// The judge whose scores the method sees; nil: the only one there is.
  public var judge: String?
  /// The encoder whose embeddings the method sees; nil: the only one there is.
  public var encoder: String?
  /// 0 is a seed like any other.
  public var seed: UInt64
  /// The data that the method sees; nil: the tip of the branch that is committed to.
  public var revision: Revision?
  public var prompts: Prompts
  /// Only this judge's labels count as labels; nil: anybody's.
  public var labelsBy: String?
  /// SQL over the columns of the view prompts: which prompts are selected from.
  public var condition: String?
  /// At most so many prompts.
  public var limit: Int?
  /// At most so many pairs.
  public var budget: Int?
  /// At most so many responses that no label speaks of yet.
  public var judgeBudget: Int?
  public var order: Order
  /// How many responses of a prompt may be judged; all pairs among them are selected.
  public var judged: Int
  /// At most so many pairs of a prompt, those included that are labelled or selected already; nil: one, or all among
  /// those judged.
  public var maxPerPrompt: Int?
  /// Whether responses may lack what the method needs; they are no candidates then.
  public var allowsPartial: Bool
  /// Whether the reasons are stored with each selection.
  public var explains: Bool

  public init(
    method: String, parameters: [String: String] = [:], snapshot: String? = nil, judge: String? = nil,
    encoder: String? = nil, seed: UInt64 = 0, revision: Revision? = nil, prompts: Prompts = .unlabelled,
    labelsBy: String? = nil, condition: String? = nil, limit: Int? = nil, budget: Int? = nil,
    judgeBudget: Int? = nil, order: Order = .random, judged: Int = 2, maxPerPrompt: Int? = nil,
    allowsPartial: Bool = false, explains: Bool = false
  ) {
    self.method = method
    self.parameters = parameters
    self.snapshot = snapshot
    self.judge = judge
    self.encoder = encoder
    self.seed = seed
    self.revision = revision
    self.prompts = prompts
    self.labelsBy = labelsBy
    self.condition = condition
    self.limit = limit
    self.budget = budget
    self.judgeBudget = judgeBudget
    self.order = order
    self.judged = judged
    self.maxPerPrompt = maxPerPrompt
    self.allowsPartial = allowsPartial
    self.explains = explains
  }

  /// Whether only some of the picks are kept, so that they must be compared first.
  var keepsSome: Bool { limit != nil || budget != nil || judgeBudget != nil }

  /// - Throws: `.usage` for a number out of range, or an option that would mean nothing.
  func check() throws(AufdbError) {
    guard seed <= UInt64(Int64.max) else { throw AufdbError(.usage, "a seed is at most \(Int64.max)") }
    for (name, value) in [
      ("limit", limit), ("budget", budget), ("judge-budget", judgeBudget), ("max-per-prompt", maxPerPrompt),
    ] {
      if let value, value < 1 { throw AufdbError(.usage, "--\(name) is at least 1, not \(value)") }
    }
    guard (2...1000).contains(judged) else {
      throw AufdbError(.usage, "--judged is a number of responses from 2 to 1000, not \(judged)")
    }
    if order != .random, !keepsSome {
      throw AufdbError(
        .usage, "--order means nothing where every prompt is taken",
        hint: "give --limit, --budget or --judge-budget as well")
    }
  }

  /// All of it, as a commit records it.
  func recorded(method: String, parameters: String, _ report: SelectReport) -> [String: Operation.Value] {
    func text(_ value: String?) -> Operation.Value { value.map { .text($0) } ?? .null }
    func integer(_ value: Int?) -> Operation.Value { value.map { .integer(Int64($0)) } ?? .null }
    return [
      "method": .text(method), "parameters": .json(parameters), "seed": .integer(Int64(seed)),
      "snapshot": text(report.snapshot), "batch": integer(report.batch), "at": text(revision?.description),
      "prompts": .text(prompts.rawValue), "labels-by": text(labelsBy), "where": text(condition),
      "limit": integer(limit), "budget": integer(budget), "judge-budget": integer(judgeBudget),
      "order": .text(order.rawValue), "judged": integer(judged), "max-per-prompt": integer(maxPerPrompt),
      "allow-partial": .flag(allowsPartial), "explain": .flag(explains),
    ]
  }
}
