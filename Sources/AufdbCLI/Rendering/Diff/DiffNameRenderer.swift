// `--name-only`: the table and the key of each changed row, a line each.

import Aufdb

final class DiffNameRenderer: DiffRenderer {
  private let output: StandardOutput

  init(_ output: StandardOutput) { self.output = output }

  func change(_ change: RowChange) throws(StreamError) {
    try output.write("\(change.relation.name)  \(VisibleText.of(change.keyText))\n")
  }

  func finish() {}
}
