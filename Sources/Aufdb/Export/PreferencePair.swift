// One preference with its texts, as it lies in SQLite's memory.

/// A label, its prompt and its two responses. All bytes are UTF-8, and valid until the reader's next step.
struct PreferencePair {
  /// How a prompt is stored.
  enum PromptForm {
    case text
    /// A JSON list of messages.
    case messages
  }

  var promptID: UnsafeRawBufferPointer
  var source: UnsafeRawBufferPointer?
  var prompt: UnsafeRawBufferPointer
  var promptForm: PromptForm
  var chosenModel: UnsafeRawBufferPointer
  var rejectedModel: UnsafeRawBufferPointer
  var chosen: UnsafeRawBufferPointer
  var rejected: UnsafeRawBufferPointer
  var chosenScore: Double?
  var rejectedScore: Double?

  /// An error of the store's content that concerns this prompt.
  func damage(_ words: String) -> AufdbError {
    let name = String(decoding: promptID, as: UTF8.self)
    return AufdbError(
      .badData, "the store is damaged: prompt '\(name)' \(words)", hint: "`aufdb verify STORE` says where")
  }
}
