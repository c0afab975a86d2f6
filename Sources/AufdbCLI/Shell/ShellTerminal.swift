// The shell for a person at a terminal: prompts, history, completion, Ctrl-C.

import Aufdb
import Glibc

final class ShellTerminal {
  private let shell: Shell
  private let surroundings: Surroundings
  private let editor: LineEditor
  private var history: ShellHistory?
  /// The lines of the statement that has begun.
  private var lines: [String] = []
  private var functions: [String]?

  /// - Throws: `.refused` for an unknown revision; `.inputOutput` where there is no editor for the terminal.
  init(_ store: Store, _ settings: ShellSettings, in surroundings: Surroundings) throws {
    let isOutputTerminal = isatty(STDOUT_FILENO) == 1
    guard let editor = LineEditor(writingTo: isOutputTerminal ? STDOUT_FILENO : STDERR_FILENO) else {
      throw AufdbError(.inputOutput, "the line editor can't use this terminal", hint: "`aufdb query` needs none")
    }
    self.editor = editor
    self.surroundings = surroundings
    shell = try Shell(store, settings, isInterrupted: { Interruption.isRaised }, in: surroundings)
    editor.complete = { [unowned self] line in completion(of: line) }
    Interruption.watch()
    openHistory()
  }

  /// Takes lines until the end.
  func run() throws {
    surroundings.writeError("aufdb \(AufdbVersion.current): SQL ends with a semicolon; .help lists commands\n")
    while true {
      switch editor.read(prompt: prompt()) {
      case .text(let line):
        guard try take(line) else { return try shell.finish() }
      case .unreadable: surroundings.writeError("error: the line is not UTF-8\n")
      case .interrupted:
        shell.drop()
        lines = []
      case .end:
        surroundings.writeError("\n")
        return try shell.finish()
      }
    }
  }

  /// Does what a line asks for. An error is shown, and the shell goes on.
  ///
  /// - Returns: false if it asks for the end.
  private func take(_ line: String) throws -> Bool {
    lines.append(line)
    Interruption.clear()
    defer {
      if !shell.session.isContinuing { remember() }
    }
    do {
      return try shell.take(line, columns: Surroundings.columns(of: STDOUT_FILENO))
    } catch let error as StreamError where error.kind == .closedPipe {
      throw error
    } catch {
      show(error)
      return true
    }
  }

  private func show(_ error: any Error) {
    guard !Interruption.isRaised else {
      Interruption.clear()
      // The rows so far may have ended in the middle of a line.
      return surroundings.writeError("\ninterrupted\n")
    }
    surroundings.writeError(ErrorRendering(error).standardError)
  }

  /// The branch or revision that statements read; half the line at most.
  private func prompt() -> String {
    let columns = Surroundings.columns(of: STDOUT_FILENO) ?? 80
    let revision = shell.session.settings.revision?.description ?? (try? shell.store.currentBranch()) ?? "?"
    let visible = Array(VisibleText.of(revision).utf8)
    let room = max(4, min(columns / 2, 40) - 2)
    let isLong = DisplayWidth.of(String(decoding: visible, as: UTF8.self)) > room
    let name = String(decoding: isLong ? VisibleText.shortened(visible, to: room).text : visible, as: UTF8.self)
    guard shell.session.isContinuing else { return name + "> " }
    return String(repeating: " ", count: max(0, DisplayWidth.of(name) - 3)) + "...> "
  }

  private func completion(of line: String) -> ShellCompletion {
    // A store that can't be read says so when it is asked for more than names.
    let functions = functions ?? (try? shell.store.functionNames()) ?? []
    self.functions = functions
    let names = ShellNames(shell.store, at: shell.session.settings.revision ?? .head, functions: functions)
    return ShellCompletion(line, after: shell.session.pending, names: names)
  }

  // MARK: History

  private func openHistory() {
    guard let path = ShellHistory.path(surroundings.environment) else {
      return surroundings.writeError("no history is kept: neither HOME nor XDG_STATE_HOME is set\n")
    }
    do {
      let history = try ShellHistory(path: path)
      for entry in history.entries { editor.remember(entry) }
      self.history = history
    } catch {
      surroundings.writeError("no history is kept: \(VisibleText.of(error.message))\n")
    }
  }

  private func remember() {
    defer { lines = [] }
    guard let history else { return ShellHistory.entries(lines).forEach(editor.remember) }
    do {
      for entry in try history.append(lines) { editor.remember(entry) }
    } catch {
      self.history = nil
      surroundings.writeError("no history is kept any more: \(VisibleText.of(error.message))\n")
    }
  }
}
