// `--dedupe`: of prompts with the same folded text, the first one's pairs stay.

import Crypto

/// Remembers which prompt a folded text was first seen with. Memory: 12 bytes a text, and up to three times as much while
/// the table grows.
struct PromptDuplicates {
  /// From a text's hash to that of the first prompt's id: 32 bits, since it only has to differ from those of the few
  /// prompts with the same text.
  private var firstPrompts: [UInt64: UInt32] = [:]

  /// Whether the text was not seen before, or with this very prompt.
  mutating func isFirst(_ promptID: Bytes, textHash: UInt64) -> Bool {
    var hash = SHA256()
    hash.update(bufferPointer: promptID)
    let id = hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    if let first = firstPrompts[textHash] { return first == id }
    firstPrompts[textHash] = id
    return true
  }
}
