// `--format`: how a verb that lists something writes it.

import ArgumentParser

/// The format to write in.
struct FormatOption: ParsableArguments {
  @Option(
    name: .customLong("format"),
    help: ArgumentHelp(
      "How to write the rows. A table that is too wide for the terminal has one field a line. (default: table)",
      valueName: "format"))
  var choice: OutputFormat?

  var format: OutputFormat { choice ?? .table }
}

extension OutputFormat: ExpressibleByArgument {}
