// Making a store, and making a commit in it.

/// What a verb says about the commit it makes.
struct CommitNote {
  var message: String
  var operation: Operation
}

extension Store {
  /// Makes a store with one commit, the root of its history, on the branch `main`.
  ///
  /// - Throws: `.refused` where the path exists, `.cannotCreateOutput` where the file can't be made.
  @discardableResult
  public static func create(at path: String, context: CommitContext) throws -> Commit {
    var root: Commit?
    do {
      try StoreFile.create(path) { connection in
        root = try connection.insertCommit(
          1, parents: [], branch: "main", author: context.author, milliseconds: context.milliseconds,
          message: context.message ?? "Create the store", operation: Operation("init").json,
          changeDigest: RelationDigest.changeDigest([]))
      }
    } catch {
      throw AufdbError.from(error)
    }
    guard let root else { throw AufdbError(.internalDefect, "a store without a commit") }
    return root
  }

  /// Lets `body` change what a branch's tip sees, and commits it.
  ///
  /// - Returns: the commit, and what `body` gave; no commit where nothing was changed.
  func commit<Result>(
    _ context: CommitContext, _ body: (Change) throws -> (CommitNote, Result)
  ) throws -> (Commit?, Result) {
    func isMade(_ made: (Commit?, Result)) -> Bool { made.0 != nil }
    return try commit(keep: isMade) { connection -> (Commit?, Result) in
      let change = try Change(branch: context.branch, in: connection)
      let (note, result) = try body(change)
      guard !change.isEmpty else { return (nil, result) }
      let commit = try change.finish(
        message: context.message ?? note.message, operation: note.operation.json, author: context.author,
        milliseconds: context.milliseconds)
      return (commit, result)
    }
  }

  /// Lends the connection inside one write transaction, which is kept if `keep` says so of the result: then history has
  /// gone on.
  func commit<T>(keep: (T) -> Bool, _ body: (Connection) throws -> T) throws -> T {
    let result = try write(body, keep: keep)
    if keep(result) {
      // From the first data on; see the top of Store.swift. On a store in WAL mode already, this does nothing. The
      // commit stands whether it works or not: where a reader is in the way, the next commit tries again.
      try? withConnection { connection in
        defer { try? connection.executeScript("PRAGMA busy_timeout = \(Store.busyMilliseconds)") }
        try connection.executeScript("PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL")
      }
    }
    return result
  }
}
