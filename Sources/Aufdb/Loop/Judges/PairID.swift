// What stands for a pair, in its order, where its names are not to be seen.

import Crypto

/// The first half of the SHA-256 of a pair's prompt and two responses.
struct PairID: Hashable {
  private let high: UInt64
  private let low: UInt64

  init(_ pair: PendingPair) {
    // The parts can't hold U+0000, so that no two pairs are hashed alike.
    let parts = [pair.promptID, pair.first.model, "\(pair.first.sample)", pair.second.model, "\(pair.second.sample)"]
    let bytes = SHA256.hash(data: Array(parts.joined(separator: "\0").utf8)).prefix(16)
    (high, low) = (Self.word(bytes.prefix(8)), Self.word(bytes.suffix(8)))
  }

  /// Reads 32 hexadecimal digits; nil for anything else.
  init?(_ text: Bytes) {
    guard text.count == 32, let high = Self.word(hex: text.prefix(16)), let low = Self.word(hex: text.suffix(16))
    else { return nil }
    (self.high, self.low) = (high, low)
  }

  /// 32 hexadecimal digits, lower case.
  var text: String {
    CommitID.hex((0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * ($0 % 8))) })
  }

  var isEven: Bool { low % 2 == 0 }

  private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private static func word(hex digits: some Sequence<UInt8>) -> UInt64? {
    var word: UInt64 = 0
    for digit in digits {
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
      word = word << 4 | UInt64(value)
    }
    return word
  }
}
