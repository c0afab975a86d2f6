// The shell's core: what follows from each line that a person types. It touches neither a terminal nor a store.
//
// A line that begins with a point is a command of the shell's own, unless a statement has begun. All others are SQL,
// gathered until the semicolon that ends a statement (SQLTyping.isComplete), and @NAME stands for a saved query. What a
// line asks for is an action; Shell.swift does it, and has the settings changed only once what they name is there.

import Aufdb
import AufdbAcquisition

/// What a line asks for.
enum ShellAction: Equatable {
  /// Run SQL, which begins at the given line of the input.
  case run(sql: String, line: Int)
  /// Run what is saved under a name.
  case runSaved(name: String)
  /// Run a verb of the command line; its name and all that follows the store.
  case verb(String, [String])
  /// Change the settings, if the revision is one.
  case adopt(ShellSettings, checking: Revision?)
  case say(String)
  case listTables
  case read(path: String)
  /// Write to a file; nil: no longer.
  case output(path: String?)
  case quit
}

/// What has been said so far.
struct ShellSession {
  var settings: ShellSettings
  /// The lines of the statement that has begun, with their ends.
  private(set) var pending = ""
  /// How many lines there were, and the first one of the statement.
  private var lineCount = 0
  private var firstLine = 1
  private let verbs: [String]

  /// - Parameter verbs: the command line's, for hints.
  init(_ settings: ShellSettings = ShellSettings(), verbs: [String] = []) {
    self.settings = settings
    self.verbs = verbs
  }

  /// Whether a statement has begun.
  var isContinuing: Bool { !pending.isEmpty }

  /// Forgets the statement that has begun.
  mutating func drop() { pending = "" }

  /// Takes the next line, without its end.
  ///
  /// - Returns: what it asks for; nil for nothing yet.
  /// - Throws: `.usage` and `.refused` for a command that makes no sense.
  mutating func take(_ line: String) throws(AufdbError) -> ShellAction? {
    lineCount += 1
    if !isContinuing {
      if line.hasPrefix(".") { return try command(line.dropFirst()) }
      if SQLTyping.isBlank(line), !line.utf8.contains(UInt8(ascii: "*")) { return nil }
      if line.hasPrefix("@") {
        // A semicolon does no harm.
        return .runSaved(name: String(line.dropFirst().prefix { $0 != ";" && $0 != " " }))
      }
      if let action = try withoutPoint(line) { return action }
      firstLine = lineCount
    }
    pending += line + "\n"
    // Only a semicolon can complete it, or the end of a comment behind one: the whole text is looked through for no
    // other line.
    guard line.utf8.contains(UInt8(ascii: ";")) || line.contains("*/"), SQLTyping.isComplete(pending) else {
      return nil
    }
    return takeEnd()
  }

  /// Takes the end of the input: a last statement needs no semicolon.
  mutating func takeEnd() -> ShellAction? {
    defer { pending = "" }
    return SQLTyping.isBlank(pending) ? nil : .run(sql: pending, line: firstLine)
  }

  /// A word that is a command or a verb and no SQL, at the beginning of a statement.
  private func withoutPoint(_ line: String) throws(AufdbError) -> ShellAction? {
    let words = line.split { " \t;".contains($0) }
    guard let word = words.first?.lowercased(), !["select", "with", "values", "explain"].contains(word) else {
      return nil
    }
    if words.count == 1, let command = DotCommand(rawValue: word), [.quit, .exit, .help].contains(command) {
      return try self.command(word[...])
    }
    if let command = DotCommand(rawValue: word) {
      throw AufdbError(.usage, "'\(word)' is not SQL", hint: "the shell's command is \(command.name)")
    }
    guard verbs.contains(word) else { return nil }
    // SHOW TABLES is what other programs have.
    let also = word == "show" ? ".tables lists the tables; " : ""
    throw AufdbError(
      .usage, "'\(word)' is not SQL",
      hint: "\(also)outside of the shell there is `aufdb \(word)`; .help lists what is here")
  }

  private func command(_ text: Substring) throws(AufdbError) -> ShellAction {
    var words = try ShellWords.split(text)
    let command = try DotCommand(named: words.isEmpty ? "" : words.removeFirst())
    try check(words, of: command)
    switch command {
    case .quit, .exit: return .quit
    case .help:
      return try .say(
        DotCommand.help(
          words.first.map { word throws(AufdbError) in
            try DotCommand(named: String(word.hasPrefix(".") ? word.dropFirst() : word[...]))
          }))
    case .tables: return .listTables
    case .read: return .read(path: words[0])
    case .output: return .output(path: words.first)
    case .schema: return .verb("schema", words)
    case .log: return logged(words)
    case .diff: return difference(words)
    case .at, .format, .param, .timeout, .timer, .with: return try change(command, words)
    }
  }

  private func check(_ words: [String], of command: DotCommand) throws(AufdbError) {
    let counts: ClosedRange<Int> =
      switch command {
      case .exit, .quit, .tables: 0...0
      case .at, .format, .help, .output, .timeout, .with: 0...1
      case .read, .timer: 1...1
      case .param, .diff, .log, .schema: 0...Int.max
      }
    guard counts.contains(words.count) else {
      throw AufdbError(
        .usage, words.count < counts.lowerBound ? "\(command.name) needs more" : "\(command.name) takes less",
        hint: "usage: \(command.name) \(command.usage)")
    }
  }

  private func logged(_ words: [String]) -> ShellAction {
    let count = words.first.flatMap { Int($0) }
    let revision = settings.revision.map { ["--at", $0.description] } ?? []
    return .verb(
      "log",
      ["--format", "oneline", "-n", "\(count ?? 10)"] + revision + (count == nil ? words : Array(words.dropFirst())))
  }

  /// Counts, unless the options ask for something else than counts.
  private func difference(_ words: [String]) -> ShellAction {
    let revision = settings.revision?.description ?? "HEAD"
    let asksForRows = words.contains {
      ["--format", "--name-only", "--stat"].contains($0) || $0.hasPrefix("--format=")
    }
    let end = asksForRows ? [] : ["--stat"]
    // Revisions come before options, whose values look like revisions.
    let revisions = words.prefix { !$0.hasPrefix("-") }
    let range: [String] =
      switch revisions.count {
      case 0: ["\(revision)~1", revision]
      // One is compared with the revision that the shell reads.
      case 1 where !revisions[0].contains(".."): [revisions[0], revision]
      default: Array(revisions)
      }
    return .verb("diff", range + words.dropFirst(revisions.count) + end)
  }
}
