// How an error looks and what the process exits with: the only place that knows.
//
//   error: what is wrong (file:line)
//   hint: what to do
//     what the hint lists, if anything, one a line
//
//   0 done   1 refused or not found   64 wrong usage   65 bad data   66 an input can't be opened   70 our defect
//   73 an output can't be made   74 input or output failed   75 busy, try again
//
// A closed pipe says nothing and exits with 0: `aufdb query ... | head` has done all that was asked of it.

import ArgumentParser
import Aufdb

/// What to print and to exit with because of an error. Help and version, which the parser throws, count as one.
struct ErrorRendering: Equatable {
  var standardOutput: String
  var standardError: String
  var exitCode: Int32

  init(_ error: any Error) {
    switch error {
    case let error as AufdbError:
      self.init(error.description, hint: error.hint, exitCode: Self.exitCode(of: error.kind))
    case let error as StreamError where error.kind == .closedPipe:
      self.init(exitCode: 0)
    case let error as StreamError:
      let message = error.line == nil ? error.description : "\(error.reason) (\(error.path):\(error.line ?? 0))"
      self.init(message, hint: error.hint, exitCode: Self.exitCode(of: error.kind))
    case let code as ExitCode:
      // What a verb exits with after it has written all that there is to say.
      self.init(exitCode: code.rawValue)
    default:
      self.init(parsing: error)
    }
  }

  private init(standardOutput: String = "", standardError: String = "", exitCode: Int32) {
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.exitCode = exitCode
  }

  private init(_ message: String, hint: String?, exitCode: Int32) {
    // A hint may be a list: its further lines are indented, so that none of them can pass for another message.
    let hintLines = hint.map { hint in
      let lines = hint.split(separator: "\n", omittingEmptySubsequences: false).map { VisibleText.of(String($0)) }
      return "hint: \(lines.joined(separator: "\n  "))\n"
    }
    self.init(standardError: "error: \(VisibleText.of(message))\n" + (hintLines ?? ""), exitCode: exitCode)
  }

  /// What the argument parser throws: help and version, or a complaint with the usage behind it.
  private init(parsing error: any Error) {
    let text = AufdbCommand.fullMessage(for: error)
    switch AufdbCommand.exitCode(for: error) {
    case .success:
      self.init(standardOutput: text.isEmpty || text.hasSuffix("\n") ? text : text + "\n", exitCode: 0)
    case .validationFailure:
      let complaint = ParserComplaint(AufdbCommand.message(for: error))
      let suggestion = complaint.suggestion.map { "did you mean \($0)? " } ?? ""
      self.init(
        complaint.message, hint: suggestion + Self.usageHint(in: text, isShort: !suggestion.isEmpty), exitCode: 64)
    default:
      self.init("\(error)", hint: "this is a defect of aufdb: please report it", exitCode: 70)
    }
  }

  /// The usage line that the parser puts below its complaint, unless the hint is to be short, and whose help says more.
  private static func usageHint(in text: String, isShort: Bool) -> String {
    let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
    let usage = isShort ? "" : lines.first { $0.hasPrefix("Usage: ") }.map { "usage: \($0.dropFirst(7)); " } ?? ""
    let verb = lines.first { $0.hasPrefix("See '") }.map { $0.dropFirst(5).prefix { $0 != "'" } } ?? "aufdb --help"
    return "\(usage)`\(verb)` says more"
  }

  private static func exitCode(of kind: AufdbError.Kind) -> Int32 {
    switch kind {
    case .refused: 1
    case .usage: 64
    case .badData: 65
    case .cannotOpenInput: 66
    case .internalDefect: 70
    case .cannotCreateOutput: 73
    case .inputOutput: 74
    case .busy: 75
    }
  }

  private static func exitCode(of kind: StreamError.Kind) -> Int32 {
    switch kind {
    case .closedPipe: 0
    case .badData: 65
    case .cannotOpen: 66
    case .cannotCreate: 73
    case .inputOutput: 74
    }
  }
}
