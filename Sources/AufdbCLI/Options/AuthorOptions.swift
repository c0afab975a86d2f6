// Who commits, when, and with which message.

import ArgumentParser
import Aufdb

/// In whose name a commit is made, and with which message.
struct AuthorOptions: ParsableArguments {
  @Option(
    name: [.short, .long], help: ArgumentHelp("The commit's message, instead of the usual one.", valueName: "text"))
  var message: String?

  @Option(help: ArgumentHelp("The commit's author. (default: $AUFDB_AUTHOR, or the login name)", valueName: "name"))
  var author: String?

  /// The context of the commit to make.
  ///
  /// The time is now, or SOURCE_DATE_EPOCH for whoever wants the same commit ids again: seconds since 1970 UTC
  /// (https://reproducible-builds.org/specs/source-date-epoch/).
  ///
  /// - Throws: `.usage` for an author without a name, or a SOURCE_DATE_EPOCH that is no whole number of seconds.
  func context(branch: String? = nil, in surroundings: Surroundings) throws(AufdbError) -> CommitContext {
    try Self.context(author: author, message: message, branch: branch, in: surroundings)
  }

  /// The same for a verb whose commits have messages of their own.
  static func context(
    author: String?, message: String? = nil, branch: String? = nil, in surroundings: Surroundings
  ) throws(AufdbError) -> CommitContext {
    let author = author ?? surroundings.environment("AUFDB_AUTHOR") ?? surroundings.loginName() ?? "unknown"
    guard author.contains(where: { !$0.isWhitespace }) else {
      throw AufdbError(.usage, "the author has no name", hint: "set it with --author or AUFDB_AUTHOR")
    }
    return CommitContext(
      branch: branch, author: author, milliseconds: try milliseconds(in: surroundings), message: message)
  }

  private static func milliseconds(in surroundings: Surroundings) throws(AufdbError) -> Int64 {
    guard let text = surroundings.environment("SOURCE_DATE_EPOCH") else { return surroundings.now() }
    // 10^12 seconds are 31,000 years: far enough from the end of an Int64, in milliseconds too.
    guard let seconds = Int64(text), (0...1_000_000_000_000).contains(seconds) else {
      throw AufdbError(
        .usage, "SOURCE_DATE_EPOCH is '\(text)', not a number of seconds since 1970",
        hint: "for example SOURCE_DATE_EPOCH=1700000000, or unset it")
    }
    return seconds * 1000
  }
}
