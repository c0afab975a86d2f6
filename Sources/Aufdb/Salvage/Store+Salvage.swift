// Salvage: a new store of all that can be read of a damaged one.
//
// In three steps. Every row that can be read is taken out of the file's pages, without SQLite and whatever is broken
// (Pages/), and put into a database for the time being (SalvageScratch). Then history is computed anew from these rows,
// which tells what is whole (SalvagePlan). At last a new store is written: what is whole as it was, and of the rest what
// is left (SalvageWriter, SalvageCleaning). The damaged store is only read.

import Glibc

/// How to salvage.
public struct SalvageOptions: Sendable {
  /// Whether rows are left out that no commit's digest proves.
  public var onlyProven: Bool
  /// Whether a write-ahead log or a journal beside the store is taken for a part of it.
  public var withLog: Bool
  /// Who makes the commits that put the rest in order, and when.
  public var context: CommitContext

  public init(onlyProven: Bool = false, withLog: Bool = true, context: CommitContext) {
    (self.onlyProven, self.withLog, self.context) = (onlyProven, withLog, context)
  }
}

extension Store {
  /// Makes a store of what can be read of a damaged one.
  ///
  /// - Parameters:
  ///   - path: the damaged store, which is only read.
  ///   - new: where the new store is made; nothing may be there.
  ///   - progress: called with commits done, of all, for each of the two passes over them.
  /// - Throws: `.cannotOpenInput` where there is no such file; `.badData` for what isn't a store, or of which nothing is
  ///   left; `.refused` where `new` exists; `.busy` where somebody is writing to the store.
  /// - Complexity: reads every page once and every row three times. Memory grows with the number of pages (1 byte each),
  ///   of commits, and of runs of rows that lost their neighbours. Disk: room for all rows twice.
  public static func salvage(
    _ path: String, to new: String, options: SalvageOptions, progress: ((_ commits: Int, _ of: Int) -> Void)? = nil
  ) throws -> SalvageReport {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw AufdbError(.cannotOpenInput, "there is no store at \(path)")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw AufdbError(.cannotOpenInput, "\(path) is not a file") }
    let lock = try SharedLock(storePath: path)
    var report = SalvageReport()
    do {
      try StoreFile.create(new) { connection in
        report = try salvage(DatabaseFile(path, withLog: options.withLog), to: new, connection, options, progress)
      }
    } catch {
      throw AufdbError.from(error)
    }
    withExtendedLifetime(lock) {}
    return report
  }

  private static func salvage(
    _ file: DatabaseFile, to new: String, _ connection: Connection, _ options: SalvageOptions,
    _ progress: ((Int, Int) -> Void)?
  ) throws -> SalvageReport {
    try connection.executeScript("PRAGMA cache_size = -32768")
    let scratch = try SalvageScratch(beside: new)
    let pages = try scratch.fill(from: file)
    var plan = try SalvagePlan(scratch.connection, damagedTables: pages.damagedTables)
    try plan.check { progress?($0, 2 * $1) }
    let writer = SalvageWriter(plan, from: scratch.connection, to: connection, options)
    try writer.write { progress?($1 + $0, 2 * $1) }
    let cleaning = SalvageCleaning(scratch.connection, connection, options, writer.maps)
    if try !plan.isExact || writer.copiedCount != scratch.rowCount() {
      try cleaning.run(knownCommits: Set(plan.commits.map(\.sequence)))
    }
    var report = writer.report
    report.added = cleaning.added
    for (relation, count) in cleaning.counts { report.add(relation, unproven: count.added, lost: count.lost) }
    (report.answerCount, report.badAnswerCount) = try copyAnswers(from: scratch.connection, to: connection)
    guard try !plan.commits.isEmpty || report.answerCount > 0 || scratch.rowCount() > 0 else {
      throw AufdbError(.badData, "nothing of the store is left: no commit, no row, no answer")
    }
    (report.badPageCount, report.badRowCount) = (pages.badPageCount, pages.badCellCount)
    try connection.refreshHeadViews()
    var verification = Verification(connection: connection)
    try verification.run(progress: nil)
    report.problems = verification.report.problems
    return report
  }

  /// - Returns: how many answers there are, and how many are left out because they aren't what was kept.
  private static func copyAnswers(from scratch: Connection, to connection: Connection) throws -> (Int, Int) {
    let answers = try scratch.statement("SELECT question, answer FROM answer")
    let insert = try connection.statement("INSERT INTO main.answer VALUES (?1, ?2)")
    var (count, badCount) = (0, 0)
    while try answers.step() {
      let question = Array(answers.bytes(0))
      guard QuestionID(bytes: question) != nil, (try? KeptAnswer(sealed: answers.bytes(1), for: question)) != nil else {
        badCount += 1
        continue
      }
      insert.bind(1, unownedBlob: answers.bytes(0))
      insert.bind(2, unownedBlob: answers.bytes(1))
      _ = try insert.step()
      insert.reset()
      count += 1
    }
    return (count, badCount)
  }
}

/// Keeps writers away from a store as long as it lives, where one has left a lock's file; makes none itself, because a
/// damaged store's folder may be all that is left of it.
private final class SharedLock {
  private let descriptor: Int32

  init(storePath: String) throws(AufdbError) {
    descriptor = open(storePath + "-lock", O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 || flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
      throw AufdbError(.busy, "somebody is writing to the store", hint: "wait until they are done, or end them")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
