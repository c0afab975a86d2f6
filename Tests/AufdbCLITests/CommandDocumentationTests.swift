// Every verb explains itself, stands in the README, and covers what the library offers.

import AufdbAcquisition
import FoundationEssentials
import Testing

@testable import AufdbCLI

@Suite struct CommandDocumentationTests {
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let verbs = AufdbCommand.configuration.subcommands

  @Test func theReadmeHasALineForEveryVerb() throws {
    let readme = try String(contentsOf: Self.repository.appending(path: "README.md"), encoding: .utf8)
    for verb in Self.verbs {
      let name = verb.configuration.commandName ?? ""
      #expect(readme.contains("\n| `\(name)` |"), "README.md has no line for \(name)")
    }
  }

  @Test func everyVerbHasAnAbstractAndTwoExamples() {
    for verb in Self.verbs {
      let name = verb.configuration.commandName ?? ""
      #expect(verb.configuration.abstract.hasSuffix("."), "\(name) has no abstract")
      let examples = verb.configuration.discussion.components(separatedBy: "\n").filter {
        $0.contains("aufdb \(name) ")
      }
      #expect(examples.count >= 2, "\(name) has \(examples.count) examples")
    }
  }

  @Test func everyExampleIsAccepted() throws {
    for verb in Self.verbs {
      let name = verb.configuration.commandName ?? ""
      for line in verb.configuration.discussion.components(separatedBy: "\n") where line.contains("aufdb \(name) ") {
        let command = line.components(separatedBy: "aufdb ").dropFirst().joined(separator: "aufdb ")
        // What the shell makes of a command isn't the command's.
        let words = Self.words(command).prefix { !["|", "&", "&&", ">", "<"].contains($0) }
        #expect(throws: Never.self, "\(line)") { try AufdbCommand.parseAsRoot(Array(words)) }
      }
    }
  }

  @Test func everyMethodAndItsParametersCanBeAskedFor() throws {
    let help = AufdbCommand.helpMessage(for: SelectCommand.self, columns: 500)
    for method in SelectionMethods.all {
      #expect(help.contains("  \(method.name) (needs "))
      for parameter in method.parameterDefinitions {
        #expect(help.contains("--\(parameter.name) <"), "select has no option --\(parameter.name)")
      }
    }
  }

  /// Splits a command line at blanks, outside single quotes.
  private static func words(_ line: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "'": isQuoted.toggle()
      case " " where !isQuoted: words.append("")
      default: words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }
}
