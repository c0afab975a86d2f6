// `--dedupe`: of prompts with the same folded text, the first one's pairs stay.

import Crypto

/// Remembers which prompt a folded text was first seen with. Memory: 16 bytes a text, and as much again for the table.
struct PromptDuplicates {
  /// From a text's hash to that of the first prompt's id.
  private var firstPrompts: [UInt64: UInt64] = [:]

  /// Whether the text was not seen before, or with this very prompt.
  mutating func isFirst(_ promptID: Bytes, textHash: UInt64) -> Bool {
    var hash = SHA256()
    hash.update(bufferPointer: promptID)
    let id = hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    if let first = firstPrompts[textHash] { return first == id }
    firstPrompts[textHash] = id
    return true
  }
}
