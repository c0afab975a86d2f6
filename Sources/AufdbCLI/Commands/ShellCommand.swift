// `aufdb shell`: SQL, statement by statement.

import ArgumentParser
import Aufdb

struct ShellCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "shell",
    abstract: "Type SQL, with completion and history, at any revision.",
    discussion: """
      A statement ends with a semicolon, and may have several lines; @NAME runs a saved query. TAB completes tables, \
      columns, revisions, functions, keywords, saved queries, commands and file names; Ctrl-R searches the history; \
      Ctrl-C drops the line, or ends the statement that runs; Ctrl-D leaves. Like aufdb query, it can read and nothing \
      else.

      .help lists the shell's own commands: .at REVISION, .diff, .log, .format, .with, .param, .output, .read and so on.

      Where standard input is no terminal, its lines are taken as if they were typed, up to the first error, whose exit \
      code it ends with.

      The history is in $XDG_STATE_HOME/aufdb/history, or ~/.local/state/aufdb/history. Lines that begin with a blank \
      aren't kept. Keys can be bound in ~/.editrc (editrc(5)).

      Examples:
        aufdb shell prefs.aufdb
        aufdb shell prefs.aufdb --at main~3 --format vertical
        aufdb shell prefs.aufdb < report.sql
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var revision: RevisionOption
  @OptionGroup var format: FormatOption

  func run(in surroundings: Surroundings) throws {
    var settings = ShellSettings(format: format.format)
    if revision.at != nil { settings.revision = try revision.revision() }
    if surroundings.isInputTerminal {
      let terminal = try ShellTerminal(store.openForReading(), settings, in: surroundings)
      return try terminal.run()
    }
    let shell = try Shell(store.openForReading(), settings, in: surroundings)
    while let line = try surroundings.readInputLine() {
      guard try shell.take(line, from: "standard input", columns: surroundings.terminalColumns) else {
        return try shell.finish()
      }
    }
    try shell.takeEnd(from: "standard input")
    try shell.finish()
  }
}
