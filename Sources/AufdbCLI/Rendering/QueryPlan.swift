// How SQLite would run a statement, drawn as the tree that it is (https://sqlite.org/eqp.html):
//
//   QUERY PLAN
//   |--SCAN labels
//   `--SEARCH prompts USING INDEX prompts_key (prompt_id=?)

import Aufdb

struct QueryPlan {
  private struct Step {
    var text: String
    var children: [Int64] = []
  }

  /// By number; 0 is the root.
  private var steps: [Int64: Step] = [0: Step(text: "QUERY PLAN")]

  /// Reads the rows of EXPLAIN QUERY PLAN: a step's number, that of the one it belongs to, and its text last.
  init(_ rows: borrowing QueryRows) throws {
    while try rows.next() {
      guard case .integer(let number) = rows.value(0), case .integer(let parent) = rows.value(1),
        case .text(let text) = rows.value(3)
      else { continue }
      steps[number] = Step(text: VisibleText.of(String(decoding: text, as: UTF8.self)))
      steps[steps[parent] == nil ? 0 : parent]?.children.append(number)
    }
  }

  func write(to output: StandardOutput) throws(StreamError) {
    try write(0, "", to: output)
  }

  private func write(_ number: Int64, _ indentation: String, to output: StandardOutput) throws(StreamError) {
    guard let step = steps[number] else { return }
    try output.write(step.text + "\n")
    for child in step.children {
      let isLast = child == step.children.last
      try output.write(indentation + (isLast ? "`--" : "|--"))
      try write(child, indentation + (isLast ? "   " : "|  "), to: output)
    }
  }
}
