// The kinds of files that can be imported, and telling them apart by their first record.

/// What the lines of an input file are.
public enum ImportKind: String, CaseIterable, Sendable {
  /// A prompt with its responses and, where given, a judge's scores of them: ActiveUltraFeedback's layout.
  case completions
  /// A reward model's belief about one response.
  case estimates
  /// A judge's preference between two responses to one prompt.
  case labels

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
