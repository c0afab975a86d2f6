// The rows of prompts: found by their natural key, and written.

/// Looks prompts up, and inserts them.
struct PromptRows {
  private let prompts: RowWriter
  private let lookup: SQLStatement

  init(into change: Change) throws {
    prompts = try change.writer(.prompts)
    lookup = try change.connection.statement(
      "SELECT id, source, prompt, format, metadata FROM prompts WHERE prompt_id = ?1")
  }

  /// What stands under a record's prompt_id; `.same` where it is the prompt of a record that brings none.
  ///
  /// Of a record that doesn't tell all of its prompt, only what it says is compared. One without a prompt_id says its
  /// prompt and nothing else: the prompt of the same text that is there may well come from elsewhere.
  func find(_ record: borrowing PromptRecord, as layout: PromptLayout) throws -> Found {
    lookup.bind(1, unownedText: record.promptID)
    defer { lookup.reset() }
    guard try lookup.step() else { return .nothing }
    let isSame = try isSame(record, as: layout)
    return isSame ? .same : .other(id: lookup.integer(0))
  }

  private func isSame(_ record: borrowing PromptRecord, as layout: PromptLayout) throws -> Bool {
    guard record.hasPrompt else { return true }
    let isMessages = lookup.text(3).elementsEqual("messages".utf8)
    if layout.tellsAllOfPrompt, !record.isDerived {
      return isMessages == record.isMessages && Field.isEqual(lookup, 2, record.prompt)
        && Field.isEqual(lookup, 1, record.source) && Field.isEqual(lookup, 4, record.metadata)
    }
    guard try record.isPrompt(lookup.text(2), isMessages: isMessages) else { return false }
    return record.isDerived || record.source == nil || Field.isEqual(lookup, 1, record.source)
  }

  static func conflict(_ promptID: Bytes) -> String {
    "the prompt '\(Field.excerpt(promptID))' is there already with another content"
  }

  /// - Returns: the row's id.
  func insert(_ record: borrowing PromptRecord) throws -> Int64 {
    prompts.text(record.promptID)
    prompts.optionalText(record.source)
    prompts.text(record.prompt)
    prompts.text(record.isMessages ? "messages" : "text")
    prompts.optionalText(record.metadata)
    return try prompts.insert()
  }
}
