// What the shell does: the actions of ShellSession, on one store that stays open.
//
// Each statement is read in a transaction of its own, so that it sees what others have committed until then. Nothing
// here can change the store: statements run under the guard of `aufdb query`, and the only verbs are ones that read.

import ArgumentParser
import Aufdb

/// A store, the settings, and where results go.
final class Shell {
  private(set) var session: ShellSession
  let store: Store
  let surroundings: Surroundings
  /// Says whether somebody wants the running statement to end.
  private let isInterrupted: () -> Bool
  private var file: OutputFile?
  /// How many files are being read, each by a line of the one before.
  private var depth = 0
  /// Whether a statement that nobody typed has written its rows: the next one's are told apart from them.
  private var hasWritten = false

  private static let depthLimit = 20
  private static let verbs = AufdbCommand.configuration.subcommands.compactMap { $0.configuration.commandName }

  init(
    _ store: Store, _ settings: ShellSettings, isInterrupted: @escaping () -> Bool = { false },
    in surroundings: Surroundings
  ) throws {
    self.store = store
    self.isInterrupted = isInterrupted
    self.surroundings = surroundings
    session = ShellSession(settings, verbs: Self.verbs)
    try check(settings.revision ?? .head)
  }

  private static let interruption = StreamError(kind: .inputOutput, path: "output", reason: "interrupted")

  /// Takes a line, without its end, and does what it asks for.
  ///
  /// - Parameter file: where it is from, for messages; nil for a person.
  /// - Returns: false if it asks for the end.
  func take(_ line: String, from file: String? = nil, columns: Int? = nil) throws -> Bool {
    try session.take(line).map { try perform($0, from: file, columns: columns) } ?? true
  }

  /// Takes the end of the input.
  func takeEnd(from file: String? = nil) throws {
    if let action = session.takeEnd() { _ = try perform(action, from: file, columns: nil) }
  }

  /// Forgets a statement that has begun.
  func drop() { session.drop() }

  /// Gives the file of `.output` its name.
  func finish() throws {
    let file = file
    self.file = nil
    try file?.publish()
  }

  private func perform(_ action: ShellAction, from file: String?, columns: Int?) throws -> Bool {
    switch action {
    case .quit: return false
    case .say(let text): try write(columns) { try $0.output.write(text) }
    case .adopt(let settings, let revision):
      if let revision { try check(revision, says: file == nil) }
      session.settings = settings
    case .output(let path):
      try finish()
      if let path { self.file = try OutputFile(path) }
    case .read(let path): return try read(path)
    case .listTables:
      let names = RelationPage.all.map(\.name)
      try write(columns) { try $0.output.write(NameColumns.text(names, columns: $0.terminalColumns ?? 80)) }
    case .verb(let verb, let words):
      try write(columns) { try Self.run(verb, [store.path] + words, in: $0) }
    case .run(let sql, let line): try run(sql, at: line, from: file, columns: columns)
    case .runSaved(let name):
      let saved = try store.savedQuery(name, at: session.settings.revision ?? .head)
      try run(saved.sql, at: 1, from: "@" + name, columns: columns)
    }
    return true
  }

  /// Hands surroundings to `body` whose output is where results go now, and flushes them.
  private func write(_ columns: Int?, _ body: (Surroundings) throws -> Void) throws {
    var inner = surroundings
    inner.terminalColumns = file == nil ? columns : nil
    let (output, isInterrupted) = (file?.output ?? surroundings.output, isInterrupted)
    // One for each action: what an interrupted one hasn't handed on yet goes with it.
    inner.output = StandardOutput(isUnread: output.isUnread) { bytes throws(StreamError) in
      if isInterrupted() { throw Self.interruption }
      try output.write(bytes)
      try output.flush()
    }
    try body(inner)
    try inner.output.flush()
  }

  private static func run(_ verb: String, _ arguments: [String], in surroundings: Surroundings) throws {
    do {
      var command = try AufdbCommand.parseAsRoot([verb] + arguments)
      guard let verb = command as? any Verb else { return try command.run() }
      try verb.run(in: surroundings)
    } catch {
      // --help is a command of the parser's, and its text an error.
      let rendering = ErrorRendering(error)
      guard rendering.exitCode == 0, !rendering.standardOutput.isEmpty else { throw error }
      try surroundings.output.write(rendering.standardOutput)
    }
  }

  private func run(_ sql: String, at line: Int, from source: String?, columns: Int?) throws {
    let format = file?.format ?? session.settings.format
    let start = surroundings.now()
    // Lines are counted from the beginning of the text.
    let text = source == nil ? sql : String(repeating: "\n", count: line - 1) + sql
    try write(columns) { surroundings in
      let handOn = surroundings.handingOn()
      do {
        try store.queryScript(
          text, session.settings.options(for: sql, file: source),
          while: { [isInterrupted] in !isInterrupted() && handOn() }
        ) { rows in
          if source != nil, hasWritten, rows.statementIndex == 0, format != .json, format != .jsonl {
            try surroundings.output.write("\n")
          }
          hasWritten = true
          try QueryResult.write(rows, as: format, in: surroundings)
        }
      } catch {
        // The rows so far come before the error.
        if !isInterrupted() { try surroundings.output.flush() }
        throw error
      }
    }
    if session.settings.isTimed { surroundings.writeError("\(surroundings.now() - start) ms\n") }
  }

  /// Makes sure that a revision is there.
  private func check(_ revision: Revision, says: Bool = false) throws {
    try store.log(LogOptions(revision: revision, limit: 1)) { entry in
      guard says else { return }
      let name = revision == .head ? try store.currentBranch() : revision.description
      let message = VisibleText.of(entry.commit.message)
      surroundings.writeError("\(VisibleText.of(name)) is at \(entry.commit.id.short) \(message)\n")
    }
  }

  /// Does what the lines of a file ask for; its settings stay.
  private func read(_ path: String) throws -> Bool {
    guard depth < Self.depthLimit else {
      throw AufdbError(
        .usage, "\(path): \(Self.depthLimit) files are being read already", hint: "does one read itself?")
    }
    let text = try QueryFile.text(of: path)
    depth += 1
    let outer = session
    session = ShellSession(outer.settings, verbs: Self.verbs)
    defer {
      depth -= 1
      let settings = session.settings
      session = outer
      session.settings = settings
    }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if isInterrupted() { throw Self.interruption }
      guard try take(String(line), from: path) else { return false }
    }
    try takeEnd(from: path)
    return true
  }
}
