// The scalars of a text that lies in memory as UTF-8, one after another. Nothing is copied, and what isn't UTF-8 doesn't
// stop it: a store's texts are, but a folded text must not be worth a crash.

/// Goes through a text.
struct ScalarBytes {
  enum Element {
    case ascii(UInt8)
    /// A scalar beyond ASCII, and its bytes in the text.
    case scalar(Unicode.Scalar, Slice<Bytes>)
    case malformed(UInt8)
  }

  private let text: Bytes
  private var position = 0

  init(_ text: Bytes) { self.text = text }

  /// Goes past all ASCII that comes next, and lends it.
  mutating func takeASCII() -> Bytes {
    let start = position
    while position < text.count, text[position] < 0x80 { position += 1 }
    return Bytes(rebasing: text[start..<position])
  }

  mutating func next() -> Element? {
    guard position < text.count else { return nil }
    let lead = text[position]
    guard lead >= 0x80, let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
      position += 1
      return .ascii(lead)
    }
    guard case .wellFormed(let length) = UTF8Sequence(at: base + position, before: base + text.count) else {
      position += 1
      return .malformed(lead)
    }
    let bytes = text[position..<position + length]
    position += length
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for byte in bytes.dropFirst() { value = value << 6 | UInt32(byte & 0x3F) }
    // Well-formed UTF-8 has no value that isn't a scalar's.
    guard let scalar = Unicode.Scalar(value) else { return .malformed(lead) }
    return .scalar(scalar, bytes)
  }
}
