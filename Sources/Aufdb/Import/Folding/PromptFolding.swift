// Prompts that say the same: FoldedText.swift tells what sets two texts apart. Every import counts the prompts that it
// adds with the text of another one that it added. One that dedupes makes them one instead:
//
//   a prompt that comes in       is, where the branch or this import has one of the same text under another id, that one:
//                                what comes in about it goes there. An id that the branch has already stays its own.
//   its responses                take the numbers that are free there; one whose text the model has there is that one
//   a record that comes later    and names the id or one of those responses means what they became
//
// What they became is kept for the length of the import in two TEMP tables, of which only folded prompts and renumbered
// responses have rows; the texts are known by their hashes (HashTable.swift), and then compared as they are.

/// The prompts of one import, by their folded texts.
final class PromptFolding {
  /// Whether prompts of one text become one.
  let dedupes: Bool
  private var hashes: HashTable
  private var text = FoldedText()
  private var otherText = FoldedText()
  private let target = HeldBytes()
  private var foldedCount = 0
  private let twinLookup: SQLStatement
  private let promptLookup: SQLStatement
  /// nil where nothing is folded.
  private let tables: FoldedTables?

  init(dedupes: Bool, in connection: Connection) throws {
    self.dedupes = dedupes
    hashes = HashTable(keepsRows: dedupes)
    // A row's id is no key of the view where some rows are past: so through its prompt's.
    twinLookup = try connection.statement(
      """
      SELECT prompt_id, prompt, format FROM prompts
      WHERE prompt_id = (SELECT prompt_id FROM main.prompts_all WHERE place = ?1 OR past_id = ?1)
      """)
    promptLookup = try connection.statement("SELECT prompt, format FROM prompts WHERE prompt_id = ?1")
    tables = dedupes ? try FoldedTables(in: connection) : nil
    if dedupes { try readBranch(in: connection) }
  }

  /// Notes the prompts that are there.
  private func readBranch(in connection: Connection) throws {
    let prompts = try connection.statement("SELECT id, prompt, format, prompt_id FROM prompts")
    while try prompts.step() {
      do throws(JSONError) {
        try text.set(prompt: prompts.text(1), isMessages: prompts.string(2) == "messages")
      } catch {
        throw AufdbError(
          .badData,
          "the store is damaged: prompt '\(Field.excerpt(prompts.text(3)))' is not a list of messages: \(error)",
          hint: "`aufdb verify STORE` says where")
      }
      let hash = text.hash
      if !hashes.contains(hash) { hashes.insert(hash, row: prompts.integer(0)) }
    }
  }

  /// The prompt that has the text of a new one; nil where none has, or where prompts aren't made one.
  ///
  /// - Returns: its id, in place until the next call.
  func twin(of prompt: Bytes, isMessages: Bool) throws -> Bytes? {
    guard dedupes else { return nil }
    try text.set(prompt: prompt, isMessages: isMessages)
    guard let row = hashes.row(text.hash) else { return nil }
    twinLookup.bind(1, row)
    defer { twinLookup.reset() }
    guard try twinLookup.step() else { return nil }
    // The prompt may have got another text since.
    try otherText.set(prompt: twinLookup.text(1), isMessages: twinLookup.string(2) == "messages")
    guard otherText.bytes == text.bytes else { return nil }
    target.set(twinLookup.text(0))
    return target.bytes
  }

  /// Whether a prompt has the text of one that is there.
  func isTwin(_ prompt: Bytes, isMessages: Bool, of promptID: Bytes) throws -> Bool {
    try text.set(prompt: prompt, isMessages: isMessages)
    promptLookup.bind(1, unownedText: promptID)
    defer { promptLookup.reset() }
    guard try promptLookup.step() else { return false }
    try otherText.set(prompt: promptLookup.text(0), isMessages: promptLookup.string(1) == "messages")
    return otherText.bytes == text.bytes
  }

  /// Notes a prompt that was added, and counts it where one before it has its text.
  func noteAdded(row: Int64, _ prompt: Bytes, isMessages: Bool, _ report: inout ImportReport) throws {
    try text.set(prompt: prompt, isMessages: isMessages)
    let hash = text.hash
    if !dedupes, hashes.contains(hash) { report.alikePromptCount += 1 }
    hashes.insert(hash, row: row)
  }

  /// Notes that a prompt is another one from now on.
  func fold(_ promptID: Bytes, into target: Bytes, _ report: inout ImportReport) throws {
    try tables?.insertPrompt(promptID, target)
    foldedCount += 1
    report.foldedPromptCount += 1
  }

  /// Notes the number that a response of a folded prompt has there.
  ///
  /// - Parameter sample: the number that it came with, if it came with one.
  func renumber(_ promptID: Bytes, _ model: Bytes, _ sample: Int64?, to newSample: Int64) throws {
    guard sample != newSample else { return }
    try tables?.insertSample(promptID, model, sample, newSample)
  }

  /// What a prompt was folded into; nil where it is itself.
  ///
  /// - Returns: its id, in place until the next call.
  func target(of promptID: Bytes) throws -> Bytes? {
    guard foldedCount > 0, let tables else { return nil }
    return try tables.findTarget(of: promptID, target) ? target.bytes : nil
  }

  /// The number that a response of a folded prompt has there.
  func sample(of promptID: Bytes, _ model: Bytes, _ sample: Int64) throws -> Int64 {
    try tables?.sample(of: promptID, model, sample) ?? sample
  }
}
