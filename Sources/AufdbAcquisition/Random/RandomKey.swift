// What all prompts of one run share: the seed and the method's name, folded into Philox's key.
//
// How a draw is found, so that another implementation can reproduce it (H is `StableHash`, all words 32-bit):
//
//     K = seed XOR H(method name)                      key     = [K mod 2^32, K >> 32]
//     P = H(prompt_id)                                 counter = [n / 4, round, P mod 2^32, P >> 32]
//     draw n of a round = word (n mod 4) of Philox4x32-10(counter, key)
//
// A method asks for its draws in rounds: which rounds and how many draws stands with each method. For one method, two
// seeds always give two keys, because XOR with a constant is a bijection.

/// A seed and a purpose (a selection method's name), ready to key the draws of any number of prompts.
public struct RandomKey: Sendable, Hashable {
  let words: SIMD2<UInt32>

  /// Folds a seed and a purpose into a key.
  ///
  /// - Parameters:
  ///   - seed: any value; 0 is a seed like the others.
  ///   - purpose: the method's name, such as "drts"; other users of keyed draws pick a word of their own. Its UTF-8
  ///     bytes count as they are.
  public init(seed: UInt64, purpose: String) {
    let key = seed ^ StableHash.hash(purpose)
    words = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key &>> 32))
  }

  /// Returns the random source of one prompt, from the bytes of its `prompt_id` as stored.
  /// - Complexity: O(length of the id); no allocation.
  public func prompt(_ promptID: UnsafeRawBufferPointer) -> KeyedRandom {
    KeyedRandom(key: self, promptHash: StableHash.hash(promptID))
  }

  /// Returns the random source of one prompt, from its `prompt_id`.
  public func prompt(_ promptID: String) -> KeyedRandom {
    KeyedRandom(key: self, promptHash: StableHash.hash(promptID))
  }
}
