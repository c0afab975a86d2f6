// The commands of the shell that show or change what holds for the statements that follow.

import Aufdb
import AufdbAcquisition

extension ShellSession {
  func change(_ command: DotCommand, _ words: [String]) throws(AufdbError) -> ShellAction {
    var settings = settings
    switch command {
    case .at:
      guard let word = words.first else {
        return .say("\(settings.revision?.description ?? "the current branch's head")\n")
      }
      let revision = word == "-" ? nil : try Revision(word)
      settings.revision = revision
      return .adopt(settings, checking: revision ?? .head)
    case .with: return try withRevision(words.first)
    case .param: return parameter(words)
    case .format:
      guard let word = words.first else { return .say("\(settings.format.rawValue)\n") }
      guard let format = OutputFormat(rawValue: word) else {
        let names = OutputFormat.allCases.map(\.rawValue)
        throw AufdbError(
          .usage, "there is no format \(word.quoted)",
          hint: names.nearest(to: word).map { "did you mean \($0)?" }
            ?? "the formats are \(names.joined(separator: ", "))")
      }
      settings.format = format
    case .timeout:
      guard let word = words.first else {
        return .say(settings.timeoutSeconds.map { "\($0) s\n" } ?? "any time\n")
      }
      guard let seconds = Double(word), seconds >= 0, seconds.isFinite else {
        throw AufdbError(.usage, ".timeout takes a number of seconds, not \(word.quoted)", hint: "0: any time")
      }
      settings.timeoutSeconds = seconds == 0 ? nil : seconds
    case .timer:
      guard ["on", "off"].contains(words[0]) else {
        throw AufdbError(.usage, ".timer is on or off, not \(words[0].quoted)")
      }
      settings.isTimed = words[0] == "on"
    default: break
    }
    return .adopt(settings, checking: nil)
  }

  private func withRevision(_ word: String?) throws(AufdbError) -> ShellAction {
    guard let word else {
      return .say(settings.others.map { "\($0.name)=\($0.revision)\n" }.joined())
    }
    guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
      throw AufdbError(.usage, ".with takes NAME=REVISION, not \(word.quoted)", hint: "for example .with past=main~5")
    }
    let name = String(word[..<sign])
    let text = String(word[word.index(after: sign)...])
    var settings = settings
    settings.others.removeAll { $0.name.lowercased() == name.lowercased() }
    guard !text.isEmpty else {
      guard settings.others.count < self.settings.others.count else {
        throw AufdbError(.usage, "there is no revision of the name \(name.quoted)", hint: ".with lists them")
      }
      return .adopt(settings, checking: nil)
    }
    let other = try OtherRevision(name, Revision(text))
    settings.others.append(other)
    return .adopt(settings, checking: other.revision)
  }

  private func parameter(_ words: [String]) -> ShellAction {
    guard let word = words.first else {
      let lines = settings.parameters.sorted { $0.key < $1.key }.map { ":\($0.key) \(Self.text(of: $0.value))\n" }
      return .say(lines.joined())
    }
    var settings = settings
    let name = ParameterArguments.bareName(word[...])
    let value = words.dropFirst().joined(separator: " ")
    settings.parameters[name] = words.count == 1 ? nil : ParameterArguments.value(value)
    return .adopt(settings, checking: nil)
  }

  /// A parameter's value as SQL writes it.
  private static func text(of value: SQLValue) -> String {
    switch value {
    case .integer(let integer): "\(integer)"
    case .real(let real): "\(real)"
    case .text(let text): "'\(VisibleText.of(text.replacing("'", with: "''")))'"
    // None of the others can be typed.
    case .null, .blob: "NULL"
    }
  }
}
