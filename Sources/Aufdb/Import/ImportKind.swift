// The kinds of files that can be imported, and telling them apart by their name or their first record.

/// What an input file holds.
public enum ImportKind: String, CaseIterable, Sendable {
  /// A prompt with its responses and, where given, a judge's scores of them: ActiveUltraFeedback's layout.
  case completions
  /// The same, as OpenBMB published UltraFeedback.
  case ultrafeedback
  /// One response, perhaps with its prompt.
  case responses
  /// A judge's rating of one response.
  case scores
  /// A reward model's belief about one response.
  case estimates
  /// A judge's preference between two responses to one prompt that are there.
  case labels
  /// A prompt, two responses to it, and which is the better one: sets that were made for training.
  case preferences
  /// An encoder's vectors: a matrix, with an index that says what each row belongs to.
  case embeddings

  /// Recognises a kind by a file's name; nil where it has to be told by what is inside. Only what isn't lines of JSON
  /// is told so: a matrix, plain or compressed.
  init?(fileName: String) {
    var name = fileName.lowercased()
    if CompressionFormat(name: name) != nil, let point = name.lastIndex(of: ".") { name = String(name[..<point]) }
    guard name.hasSuffix(".npy") || name.hasSuffix(".safetensors") else { return nil }
    self = .embeddings
  }

  /// Recognises a kind by the keys of a file's first object; nil for any other.
  ///
  /// - Parameter lists: those of the keys whose values are lists.
  init?(keys: Set<String>, lists: Set<String> = []) {
    func has(_ names: String...) -> Bool { keys.isSuperset(of: names) }
    func hasAny(of names: String...) -> Bool { !keys.isDisjoint(with: names) }
    if has("completions", "instruction"), !has("prompt") {
      self = .ultrafeedback
    } else if has("prompt_id", "completions") {
      self = .completions
    } else if has("prompt_id", "model", "reward", "lower", "upper") {
      self = .estimates
    } else if has("chosen", "rejected"), has("prompt") || !lists.isDisjoint(with: ["chosen", "rejected"]) {
      self = .preferences
    } else if has("prompt_id"), hasAny(of: "chosen", "chosen_model"), hasAny(of: "rejected", "rejected_model") {
      self = .labels
    } else if has("model"), hasAny(of: "prompt_id", "prompt"), hasAny(of: "response", "response_text") {
      self = .responses
    } else if has("prompt_id", "model"), hasAny(of: "score", "aspects"), !has("completion") {
      // With a completion it is a row for KTO, whose score is nobody's any more.
      self = .scores
    } else if has("row", "prompt_id") {
      self = .embeddings
    } else {
      return nil
    }
  }

  /// Recognises the kind of a line of JSON.
  ///
  /// - Throws: `.badData` without a place: the line is no JSON object, or of no kind that is known.
  static func recognise(_ line: UnsafeRawBufferPointer) throws(AufdbError) -> ImportKind {
    var reader = JSONReader()
    reader.begin(line)
    var (keys, lists): (Set<String>, Set<String>) = ([], [])
    do throws(JSONError) {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        keys.insert(key.text)
        if try reader.peekKind() == .array { lists.insert(key.text) }
        _ = try reader.skipValue()
      }
    } catch {
      throw AufdbError(.badData, error.reason.description)
    }
    guard let kind = ImportKind(keys: keys, lists: lists) else {
      throw AufdbError(
        .badData, "can't tell what this is: an object with \(keys.sorted().joined(separator: ", "))", hint: Self.hint)
    }
    return kind
  }

  /// What each kind is recognised by.
  private static let hint = """
    completions have prompt_id, prompt and completions; ultrafeedback has instruction and completions; responses have \
    prompt_id, model and response; scores have prompt_id, model and score; estimates have prompt_id, model, reward, \
    lower and upper; labels have prompt_id, chosen_model and rejected_model; preferences have prompt, chosen and \
    rejected
    """
}
