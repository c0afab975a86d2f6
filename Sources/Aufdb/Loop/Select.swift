// Select: a method picks pairs of responses out of stored data, and the picks become one commit.
//
// Three steps, each with a file of its own: which prompts are asked (PromptScope), what the method sees of them
// (SelectionData, CandidateGroups), and which of the picks are kept where not all can be (PickShortlist). SelectionRun
// takes them in turn.

extension Store {
  /// Picks pairs by a method and commits the selections.
  ///
  /// A prompt's pair depends on its own numbers, the method's parameters and the seed, and on nothing else.
  ///
  /// - Returns: the commit, or nil where nothing was selected.
  /// - Throws: `.usage`: an unknown method or parameter, options that don't go together; `.refused`: no such snapshot,
  ///   judge or encoder, nothing to see, or a snapshot that covers only part of the responses; `.badData`: numbers that
  ///   aren't finite, or a lower bound above its upper one.
  /// - Complexity: one scan of the method's data; memory: a few bytes a prompt, and some hundred a pair that is
  ///   compared with others because not all are kept.
  @discardableResult
  public func select(
    _ options: SelectOptions, context: CommitContext
  ) throws -> (commit: Commit?, report: SelectReport) {
    try options.check()
    func run(isSorted: Bool) throws -> (Commit?, SelectReport) {
      try commit(context) { change in
        let selection = try SelectionRun(options, in: change)
        return try selection.run(isSorted: isSorted)
      }
    }
    do {
      return try run(isSorted: false)
    } catch is ScatteredRows {
      return try run(isSorted: true)
    }
  }
}
