// `--at`: the revision that a verb reads.

import ArgumentParser
import Aufdb

/// The revision to read; the current branch's head if none is given.
struct RevisionOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      The revision to read: a branch, a tag, a commit id, one of these with ~N, or a branch as it was at a time: \
      main@{2026-11-01}. (default: the current branch)
      """,
      valueName: "revision"), completion: .revision)
  var at: String?

  /// - Throws: `.refused` where the text can't be a revision.
  func revision() throws(AufdbError) -> Revision {
    guard let at else { return .head }
    return try Revision(at)
  }
}
