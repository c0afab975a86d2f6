// What a selection did, and what it passed over.

import AufdbAcquisition

/// The counts of one selection.
public struct SelectReport: Sendable, Equatable {
  /// Pairs that were selected, and the prompts that they are of.
  public var selectedCount = 0
  public var promptCount = 0
  /// Responses of these pairs that no label speaks of yet; counted where there is a judge budget.
  public var judgedCount: Int?
  /// Prompts that a method can pick nothing from, by the reason.
  public var skipped: [SkipReason: Int] = [:]
  /// Prompts that have a label.
  public var labelledCount = 0
  /// Prompts that this method has selected from before.
  public var alreadySelectedCount = 0
  /// Prompts of which every pair that could be picked is labelled or selected already, or as many as are wanted.
  public var exhaustedCount = 0
  /// Prompts without a single candidate: no response, no estimate in the snapshot, no score of the judge.
  public var withoutCandidatesCount = 0
  /// Responses that lack what the method needs, which was allowed.
  public var uncoveredCount = 0
  /// Estimates whose reward lies outside their own bounds: allowed, but odd.
  public var rewardsOutsideBoundsCount = 0
  /// What the method saw; nil where it saw none.
  public var snapshot: String?
  public var judge: String?
  public var encoder: String?
  public var batch = 0

  /// Prompts with fewer than two candidates.
  public var tooFewCount: Int { skipped[.tooFewResponses] ?? 0 }
}
