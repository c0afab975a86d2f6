// `--table`: the tables that a verb is about.

import ArgumentParser
import Aufdb
import AufdbAcquisition

/// Some of the versioned tables; all of them if none is named.
struct TableOption: ParsableArguments {
  @Option(
    name: .customLong("table"), help: ArgumentHelp("Only this table. Repeatable. (default: all)", valueName: "table"))
  var names: [String] = []

  /// Those that were named; nil where none was.
  ///
  /// - Throws: `.refused` for a table that doesn't exist.
  func relations() throws(AufdbError) -> Set<Relation>? {
    var relations: Set<Relation> = []
    for name in names {
      guard let relation = Relation(name: name) else {
        let known = Relation.allCases.map(\.name)
        throw AufdbError(
          .refused, "there is no table '\(name)'",
          hint: known.nearest(to: name).map { "did you mean \($0)?" }
            ?? "the tables are \(known.joined(separator: ", "))")
      }
      relations.insert(relation)
    }
    return names.isEmpty ? nil : relations
  }
}
