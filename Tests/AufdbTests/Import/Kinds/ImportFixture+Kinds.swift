// Short ways for the tests of the several kinds of records.

import Crypto

@testable import Aufdb

extension ImportFixture {
  /// Imports files of lines, in their order, as one commit.
  @discardableResult
  func importLines(
    of files: [[String]], _ change: (inout ImportOptions) -> Void = { _ in }
  ) throws -> (commit: Commit?, report: ImportReport) {
    let names = try files.enumerated().map { try file("file-\($0.offset).jsonl", $0.element) }
    var options = ImportOptions(files: names)
    change(&options)
    return try writing { try $0.importFiles(options, context: Self.context()) }
  }

  /// The rows of a query, each as its values with blanks between them; NULL is a point.
  func lines(_ sql: String) throws -> [String] {
    try rows(sql).map { row in
      row.map { value in
        switch value {
        case .text(let text): text
        case .integer(let integer): "\(integer)"
        case .real(let real): "\(real)"
        default: "."
        }
      }.joined(separator: " ")
    }
  }

  func prompts() throws -> [String] {
    try lines("SELECT prompt_id, source, prompt, format, metadata FROM prompts ORDER BY prompt_id")
  }

  func responses() throws -> [String] {
    try lines("SELECT prompt_id, model, sample, response FROM responses ORDER BY prompt_id, model, sample")
  }

  func labels() throws -> [String] {
    try lines(
      """
      SELECT prompt_id, chosen_model, chosen_sample, chosen_score, rejected_model, rejected_sample, rejected_score,
        judge, tie FROM labels ORDER BY prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge
      """)
  }
}

/// The id of a prompt that came without one.
func derivedID(_ text: String) -> String {
  SHA256.hash(data: Array(text.utf8)).map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}

/// A conversation of alternating turns, the user's first; a system message before them, if there is one.
func conversation(system: String? = nil, _ turns: String...) -> String {
  let first = system.map { [#"{"role":"system","content":\#($0.quoted)}"#] } ?? []
  let rest = turns.enumerated().map { index, text in
    #"{"role":"\#(index % 2 == 0 ? "user" : "assistant")","content":\#(text.quoted)}"#
  }
  return "[\((first + rest).joined(separator: ","))]"
}
