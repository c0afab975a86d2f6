// `--with name=revision`: further revisions that a query reads.

import Aufdb

enum OtherRevisionArguments {
  /// Reads the arguments: the name ends at the first "=", and all that follows is the revision.
  ///
  /// - Throws: `.usage` for one without a name or "=", and for a name that can't stand in SQL; `.refused` for a text
  ///   that can't be a revision.
  static func revisions(_ arguments: [String]) throws(AufdbError) -> [OtherRevision] {
    var revisions: [OtherRevision] = []
    for argument in arguments {
      guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
        throw AufdbError(
          .usage, "--with takes name=revision, not '\(argument)'", hint: "for example --with past=main~5")
      }
      let revision = try Revision(String(argument[argument.index(after: sign)...]))
      revisions.append(try OtherRevision(String(argument[..<sign]), revision))
    }
    return revisions
  }
}
