// What stored data a selection method sees.

import ArgumentParser

struct SelectionDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The snapshot whose estimates to use. (default: the newest that covers the prompts)", valueName: "name"))
  var snapshot: String?

  @Option(help: ArgumentHelp("The judge whose scores to use. (default: the only one)", valueName: "name"))
  var judge: String?

  @Option(help: ArgumentHelp("The encoder whose embeddings to use. (default: the only one)", valueName: "name"))
  var encoder: String?

  @Flag(help: "Leave out responses that the snapshot or the encoder lacks, instead of stopping.")
  var allowPartial = false
}
