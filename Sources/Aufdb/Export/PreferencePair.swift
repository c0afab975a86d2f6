// One preference with its texts, as it lies in SQLite's memory.

/// A label, its prompt and its two responses. All bytes are UTF-8, and valid until the reader's next step.
struct PreferencePair {
  /// How a prompt is stored.
  enum PromptForm {
    case text
    /// A JSON list of messages.
    case messages
  }

  var promptID: Bytes
  var source: Bytes?
  var prompt: Bytes
  var promptForm: PromptForm
  var chosenModel: Bytes
  var rejectedModel: Bytes
  var chosen: Bytes
  var rejected: Bytes
  /// Whether neither response is better, and which one is called chosen means nothing.
  var isTie: Bool
  var chosenScore: Double?
  var rejectedScore: Double?

  /// By how much the chosen response's score is the higher one; nil where one of them is missing.
  var margin: Double? {
    guard let chosenScore, let rejectedScore else { return nil }
    return chosenScore - rejectedScore
  }

  /// An error of the store's content that concerns this prompt.
  func damage(_ words: String) -> AufdbError {
    let name = String(decoding: promptID, as: UTF8.self)
    return AufdbError(
      .badData, "the store is damaged: prompt '\(name)' \(words)", hint: "`aufdb verify STORE` says where")
  }
}
