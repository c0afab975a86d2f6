// The shell's own commands: lines that begin with a point. They may be shortened as long as they stay unambiguous.

import Aufdb
import AufdbAcquisition

enum DotCommand: String, CaseIterable {
  case at, diff, exit, format, help, log, output, param, quit, read, schema, tables, timeout, timer, with

  /// The command of a name, or of the beginning of one, without the point.
  ///
  /// - Throws: `.usage` for a word that means none, or more than one.
  init(named word: String) throws(AufdbError) {
    if let exact = Self(rawValue: word) {
      self = exact
      return
    }
    let possible = Self.allCases.filter { !word.isEmpty && $0.rawValue.hasPrefix(word) }
    if let only = possible.first, possible.count == 1 {
      self = only
      return
    }
    let names = Self.allCases.map(\.rawValue)
    guard possible.isEmpty else {
      throw AufdbError(
        .usage, ".\(word) can be more than one command",
        hint: possible.map { ".\($0.rawValue)" }.joined(separator: " or "))
    }
    throw AufdbError(
      .usage, "there is no command \(".\(word)".shortened(to: 80))",
      hint: names.nearest(to: word).map { "did you mean .\($0)?" } ?? ".help lists the commands")
  }

  /// What may follow it.
  var usage: String {
    switch self {
    case .at: "[REVISION | -]"
    case .diff: "[FROM..TO] [OPTION...]"
    case .exit, .quit, .tables: ""
    case .format: "[FORMAT]"
    case .help: "[COMMAND]"
    case .log: "[N] [OPTION...]"
    case .output: "[FILE]"
    case .param: "[NAME [VALUE]]"
    case .read: "FILE"
    case .schema: "[NAME...]"
    case .timeout: "[SECONDS]"
    case .timer: "on | off"
    case .with: "[NAME=[REVISION]]"
    }
  }

  var summary: String {
    switch self {
    case .at: "read another revision; -: the current branch's head again"
    case .diff: "count what differs, as aufdb diff --stat does (--format text: the rows)"
    case .exit, .quit: "leave; so does Ctrl-D"
    case .format: "how to write rows: \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))"
    case .help: "explain the commands, or one"
    case .log: "the newest commits, as aufdb log does: 10, or N"
    case .output: "write results to a file (.zst and .gz compress), until the next .output"
    case .param: "the parameters; fill :NAME with VALUE from now on, or forget it"
    case .read: "run the statements and commands of a file"
    case .schema: "explain tables, columns and functions, as aufdb schema does"
    case .tables: "the tables"
    case .timeout: "how long a statement may take; 0: any time"
    case .timer: "say how long each statement took"
    case .with: "further revisions: NAME_labels and so on beside labels; NAME= takes one away"
    }
  }

  /// The name with its point.
  var name: String { ".\(rawValue)" }

  /// A line for each, or for one.
  static func help(_ command: DotCommand? = nil) -> String {
    let commands = command.map { [$0] } ?? allCases
    let heads = commands.map { $0.usage.isEmpty ? $0.name : "\($0.name) \($0.usage)" }
    let width = heads.map(\.count).max() ?? 0
    return zip(commands, heads).map { command, head in
      head + String(repeating: " ", count: width - head.count) + "  " + command.summary + "\n"
    }.joined()
  }
}
