// Verbs that don't exist, of which the argument parser would say that they are unexpected arguments, or, behind `help`,
// nothing at all.

import ArgumentParser
import Aufdb
import AufdbAcquisition

enum WrongVerb {
  /// Refuses a verb, or what stands in the place of a verb's own verb, that doesn't exist: by its name, with the nearest
  /// one that does.
  ///
  /// - Parameter arguments: the command line, without the program's name.
  static func check(_ arguments: [String]) throws(AufdbError) {
    var isHelp = false
    var path: [String] = []
    var known = AufdbCommand.configuration.subcommands
    for word in arguments {
      // Behind an option, anything can come.
      guard !word.hasPrefix("-"), !known.isEmpty else { return }
      if path.isEmpty, !isHelp, word == "help" {
        isHelp = true
        continue
      }
      guard let verb = known.first(where: { $0.verbName == word }) else {
        throw unknown(path + [word], among: known.map { $0.verbName } + (path.isEmpty ? ["help"] : []))
      }
      path.append(word)
      known = verb.configuration.subcommands
    }
  }

  private static func unknown(_ path: [String], among names: [String]) -> AufdbError {
    let verb = path.joined(separator: " ")
    if path.count == 1, StoreArgument.isFile(verb) {
      // As the shell of SQLite is called.
      return AufdbError(
        .usage, "there is no verb \(verb.quoted), but there is a file",
        hint: "`aufdb query \(verb) SQL`, or `aufdb shell \(verb)`")
    }
    return AufdbError(
      .usage, "there is no verb \(verb.quoted)",
      hint: path.last.flatMap { names.nearest(to: $0) }.map { "did you mean \($0)?" }
        ?? "verbs: \(names.joined(separator: ", "))")
  }
}
