// The versioned relations: their columns and natural keys, as schema.sql lays them out. A test holds the two together.

/// A kind of data that a store keeps under version control.
public enum Relation: Int, CaseIterable, Sendable, Codable {
  // Raw values are relation.code in the file, and fix the order of relations in a change digest: never renumber.
  case prompts = 1
  case responses, embeddings, scores, snapshots, estimates, selections, labels, rewardHeads, progress, queries,
    definitions

  /// The name of the view that shows it.
  public var name: String { self == .rewardHeads ? "reward_heads" : String(describing: self) }

  /// A count of its rows in words: "1 snapshot", "500 prompts", "3 iterations".
  func phrase(_ count: Int) -> String {
    let (one, many) =
      switch self {
      case .rewardHeads: ("reward head", "reward heads")
      case .progress: ("iteration", "iterations")
      case .queries: ("saved query", "saved queries")
      default: (String(name.dropLast()), name)
      }
    return "\(count) \(count == 1 ? one : many)"
  }

  /// Finds a relation by its name.
  public init?(name: String) {
    guard let relation = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = relation
  }

  /// The columns in the order in which they are stored and digested, without those that say where a row stands: the
  /// first ones, then the late ones.
  public var columns: [String] { lateColumns.isEmpty ? firstColumns : firstColumns + lateColumns }

  /// The columns that it has had from the beginning.
  var firstColumns: [String] {
    switch self {
    case .prompts: ["prompt_id", "source", "prompt", "format", "metadata"]
    case .responses: ["prompt_id", "model", "sample", "response", "system_prompt", "principle", "metadata"]
    case .embeddings: ["encoder", "prompt_id", "model", "sample", "element", "vector"]
    case .scores: ["prompt_id", "model", "sample", "judge", "score", "aspects", "critique"]
    case .snapshots: ["snapshot", "origin", "details"]
    case .estimates: ["snapshot", "prompt_id", "model", "sample", "reward", "lower", "upper"]
    case .selections:
      [
        "prompt_id", "first_model", "first_sample", "second_model", "second_sample", "method", "batch", "snapshot",
        "seed", "parameters",
      ]
    case .labels:
      [
        "prompt_id", "chosen_model", "chosen_sample", "rejected_model", "rejected_sample", "judge", "tie",
        "chosen_score", "rejected_score", "method", "batch",
      ]
    case .rewardHeads: ["head", "kind", "encoder", "configuration", "state"]
    case .progress:
      [
        "run", "iteration", "method", "batch", "snapshot", "head", "prompt_count", "label_count", "tie_count",
        "mean_reward", "mean_uncertainty", "chosen_reward", "chosen_uncertainty", "rejected_reward",
        "rejected_uncertainty", "reward_gap", "chosen_score", "rejected_score", "score_gap", "step_count", "loss",
        "loss_base", "loss_regularisation", "loss_centre", "win_rate", "margin", "regularisation", "heldout_count",
        "heldout_accuracy",
      ]
    case .queries: ["name", "sql", "description"]
    case .definitions: ["kind", "name", "version", "definition", "access"]
    }
  }

  /// The columns that came later, which may be NULL. Their places are digested (CommitBytes.swift): only append.
  var lateColumns: [String] {
    switch self {
    case .estimates: ["heads"]
    case .selections: ["explanation"]
    case .labels: ["details"]
    default: []
    }
  }

  /// SQL expressions over the columns that give equal values for equal natural keys, and only for those; to be grouped
  /// by, or compared with IS, because the model of a prompt's own embedding is NULL.
  ///
  /// A pair is unordered in the keys of selections and labels, so its two responses stand in sorted order there.
  public var keyExpressions: [String] {
    switch self {
    case .selections: ["prompt_id"] + Self.unordered("first", "second") + ["method", "batch"]
    case .labels: ["prompt_id"] + Self.unordered("chosen", "rejected") + ["judge"]
    default: keyColumns
    }
  }

  private static func unordered(_ one: String, _ other: String) -> [String] {
    let (a, b) = ("\(one)_model, \(one)_sample", "\(other)_model, \(other)_sample")
    let swapped = "(\(b)) < (\(a))"
    return [
      "iif(\(swapped), \(other)_model, \(one)_model)", "iif(\(swapped), \(other)_sample, \(one)_sample)",
      "iif(\(swapped), \(one)_model, \(other)_model)", "iif(\(swapped), \(one)_sample, \(other)_sample)",
    ]
  }

  /// What a row's id can be. Far from the ends of Int64, so that arithmetic on a damaged store can't overflow.
  static let idRange: ClosedRange<Int64> = 1...(1 << 62)

  /// Where past rows begin, which grow from here towards 0: `relation.next_past` of a new store.
  static let firstPast: Int64 = -(1 << 47)

  /// The table of all its row versions, live and past.
  var table: String { name + "_all" }
  var columnList: String { columns.joined(separator: ", ") }
  var firstColumnList: String { firstColumns.joined(separator: ", ") }
}
