// The kinds of files that can be imported, and telling them apart by their name or their first record.

/// What an input file holds.
public enum ImportKind: String, CaseIterable, Sendable {
  /// A prompt with its responses and, where given, a judge's scores of them: ActiveUltraFeedback's layout.
  case completions
  /// A reward model's belief about one response.
  case estimates
  /// A judge's preference between two responses to one prompt.
  case labels
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
  init?(keys: Set<String>) {
    if keys.isSuperset(of: ["prompt_id", "completions"]) {
      self = .completions
    } else if keys.isSuperset(of: ["prompt_id", "model", "reward", "lower", "upper"]) {
      self = .estimates
    } else if keys.contains("prompt_id"), !keys.isDisjoint(with: ["chosen", "chosen_model"]),
      !keys.isDisjoint(with: ["rejected", "rejected_model"])
    {
      self = .labels
    } else if keys.isSuperset(of: ["row", "prompt_id"]) {
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
    var keys: Set<String> = []
    do throws(JSONError) {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        keys.insert(key.text)
        _ = try reader.skipValue()
      }
    } catch {
      throw AufdbError(.badData, error.reason.description)
    }
    guard let kind = ImportKind(keys: keys) else {
      throw AufdbError(
        .badData, "can't tell what this is: an object with \(keys.sorted().joined(separator: ", "))",
        hint: "completions have prompt_id, prompt and completions; estimates have prompt_id, model, reward, lower "
          + "and upper; labels have prompt_id, chosen_model and rejected_model")
    }
    return kind
  }
}
