// `--format`: how a verb that lists something writes it.

import ArgumentParser

/// The format to write in.
struct FormatOption: ParsableArguments {
  @Option(help: ArgumentHelp("How to write the rows.", valueName: "format"))
  var format: OutputFormat = .table
}

extension OutputFormat: ExpressibleByArgument {}
