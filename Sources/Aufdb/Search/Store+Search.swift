// Searching a store, and keeping its index.

extension Store {
  /// Finds prompts and responses by the words in them, as `revision` sees them.
  ///
  /// The index is made or brought up to date first, if need be (SearchIndex.swift): a file beside the store, which
  /// itself is never changed. Where the folder can't be written, the index is made for this one search.
  ///
  /// - Parameters:
  ///   - question: words, "phrases", AND, OR, NOT, brackets, prefix*, prompt: and response: (SearchQuestion.swift).
  ///   - progress: is told how far making the index has come.
  /// - Throws: `.usage` for a question that makes no sense, with a caret; `.refused` for an unknown revision, model or
  ///   source, a condition that can't be run, a search that takes too long, and a file in the index's place that is
  ///   something else; `.busy` while another search makes the index.
  /// - Complexity: linear in the number of texts that match, of all versions; a microsecond each, or a few with
  ///   conditions on rows.
  public func search(
    _ question: String, _ options: SearchOptions = SearchOptions(), progress: (SearchProgress) -> Void = { _ in }
  ) throws -> SearchResult {
    let desk = try SearchDesk()
    let question = try SearchQuestion(question, hasWords: desk.hasWords)
    func run(_ connection: Connection, _ index: SearchIndex) throws -> SearchResult {
      let visibility = try connection.visibility(of: connection.resolve(options.revision))
      try visibility.install(in: connection)
      return try connection.searching(for: options.timeoutSeconds, index.connection) {
        try SearchRun(question, options, desk, in: connection, index).result(visibility)
      }
    }
    let keeper = IndexKeeper(self, waitSeconds: options.waitSeconds)
    if let result = try keeper.withCurrentIndex(run) { return result }
    func search(makingAnew: Bool) throws -> SearchResult {
      var (result, report) = try keeper.withKeptIndex(forOnce: true, makingAnew: makingAnew, progress, run)
      result.indexing = report
      return result
    }
    do {
      return try search(makingAnew: false)
    } catch is SearchIndex.Unfit {
      do {
        return try search(makingAnew: true)
      } catch is SearchIndex.Unfit {
        throw AufdbError(.badData, "the store is damaged: a text isn't where its commit says")
      }
    }
  }

  /// Makes the search index, or brings it up to date.
  ///
  /// - Throws: `.cannotCreateOutput` where it can't be kept; and as `search` does.
  public func updateSearchIndex(
    waitSeconds: Double = 10, progress: (SearchProgress) -> Void = { _ in }
  ) throws -> SearchIndexReport {
    try IndexKeeper(self, waitSeconds: waitSeconds).withKeptIndex(forOnce: false, makingAnew: false, progress) { _, _ in
      ()
    }.1
  }
}

extension Connection {
  /// Lets `body` use two connections until the time is over.
  fileprivate func searching<T>(for seconds: Double?, _ index: Connection, _ body: () throws -> T) throws -> T {
    guard let seconds else { return try body() }
    let deadline = ContinuousClock.now + .milliseconds(Int64(max(0, min(seconds, 1e9)) * 1000))
    let isInTime = { ContinuousClock.now < deadline }
    do {
      return try interrupting(unless: isInTime) { try index.interrupting(unless: isInTime, body) }
    } catch let error as AufdbError where error.isInterruption {
      throw AufdbError(
        .refused, "the search took longer than \(seconds) s", hint: "ask for words that are rarer, or give it more time"
      )
    }
  }
}
