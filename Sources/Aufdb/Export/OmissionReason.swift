// Why a label, or the pair that it speaks of, did not become a row. The order is that in which they are looked at: each
// is counted at the first reason that applies.
//
//   labels   another judge's, another method's, the condition is not true of it
//   pairs    no scores, disagreement, a tie (one label is a pair, unless labels are aggregated); then what needs the
//            scores alone, then the texts; at last, what the format can't say

/// Why something was left out.
public enum OmissionReason: String, CaseIterable, Sendable {
  /// The label is of a judge who wasn't asked for.
  case otherJudge = "other_judge"
  /// No selection by one of the methods asked for the label.
  case otherMethod = "other_method"
  /// The condition is not true of the label.
  case condition
  /// No judge gave scores to both responses, whose means were to decide.
  case unscored
  /// The judges aren't unanimous.
  case disagreement
  /// Neither response is better.
  case tie
  /// One of the responses has no score, so there is no margin.
  case noMargin = "no_margin"
  /// The margin is below the least that was asked for.
  case smallMargin = "small_margin"
  /// The revision does not see the label's prompt.
  case missingPrompt = "missing_prompt"
  /// The revision does not see one of the two responses.
  case missingResponse = "missing_response"
  /// One of the two responses is empty.
  case emptyResponse = "empty_response"
  /// The two responses are the same text.
  case identicalResponses = "identical_responses"
  /// Prompt and longer response have more characters than were asked for.
  case tooLong = "too_long"
  /// Another prompt with the same folded text came before.
  case duplicatePrompt = "duplicate_prompt"
  /// The prompt shares its words with an evaluation prompt.
  case contaminated
  /// The prompt has a role that the format doesn't know.
  case unknownRole = "unknown_role"
  /// The prompt's turns come in an order that the format can't express.
  case turnOrder = "turn_order"
  /// The prompt has several turns, and the format has one text for it.
  case severalTurns = "several_turns"

  /// Whether it is labels that are counted, not pairs.
  var concernsLabels: Bool {
    switch self {
    case .otherJudge, .otherMethod, .condition: true
    default: false
    }
  }

  /// What was left out, as a sentence counts it: "3 ties".
  public func phrase(_ count: Int) -> String {
    let isOne = count == 1
    return switch self {
    case .otherJudge: "\(count) of other judges"
    case .otherMethod: "\(count) that other methods asked for"
    case .condition: "\(count) by the condition"
    case .unscored: "\(count) without scores"
    case .disagreement: isOne ? "1 disagreement" : "\(count) disagreements"
    case .tie: isOne ? "1 tie" : "\(count) ties"
    case .noMargin: "\(count) without a margin"
    case .smallMargin: "\(count) with too small a margin"
    case .missingPrompt: "\(count) whose prompt is missing"
    case .missingResponse: "\(count) with a missing response"
    case .emptyResponse: "\(count) with an empty response"
    case .identicalResponses: "\(count) with identical responses"
    case .tooLong: isOne ? "1 that is too long" : "\(count) that are too long"
    case .duplicatePrompt: "\(count) of a prompt that came before"
    case .contaminated: isOne ? "1 that is contaminated" : "\(count) that are contaminated"
    case .unknownRole: "\(count) whose prompt has a role that the format doesn't know"
    case .turnOrder: "\(count) whose prompt's turns the format can't express"
    case .severalTurns: "\(count) whose prompt has several turns"
    }
  }

  /// What is wrong with what was left out.
  var words: String {
    switch self {
    case .otherJudge: "of another judge"
    case .otherMethod: "asked for by another method, or by none"
    case .condition: "the condition isn't true of it"
    case .unscored: "no judge gave scores to both responses"
    case .disagreement: "the judges differ"
    case .tie: "a tie"
    case .noMargin: "a response has no score, so there is no margin"
    case .smallMargin: "the margin is too small"
    case .missingPrompt: "its prompt is missing"
    case .missingResponse: "a response is missing"
    case .emptyResponse: "a response is empty"
    case .identicalResponses: "both responses are the same text"
    case .tooLong: "prompt and longer response are too long"
    case .duplicatePrompt: "another prompt with the same text came before"
    case .contaminated: "its prompt is in an evaluation"
    case .unknownRole: "its prompt has a role that the format doesn't know"
    case .turnOrder: "its prompt's turns come in an order that the format can't express"
    case .severalTurns: "its prompt has several turns, for which the format has one text"
    }
  }

  /// All counts above 0, in words and in order; nil where nothing was left out.
  static func summary(_ counts: [OmissionReason: Int]) -> String? {
    let phrases = allCases.compactMap { reason in
      counts[reason].flatMap { $0 > 0 ? reason.phrase($0) : nil }
    }
    return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
  }
}
