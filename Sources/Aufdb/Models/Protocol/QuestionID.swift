// What names a question that a model is asked, so that it is asked only once.
//
//   SHA-256( "aufdb question 1" | kind | name | identity | body | sample )
//
// Each part but the last is its length in bytes (64 bits, little-endian) and its bytes; the sample is 64 bits.
//   kind        'model', 'judge' or 'encoder'
//   name        the definition's, without its version
//   identity    what decides its answers, as canonical JSON: the server's name of the model, parameters, the rubric
//   body        of the request that asks nothing else: of a batch of texts, that of the one text
//   sample      which of several answers to the same body; 0 where there is one
// The name is a part because servers of one model each are often asked for by no name at all, or all by the same. How a
// server is reached (its URL, the key, limits, prices) is no part: an answer is worth as much wherever it comes from.

import Crypto

/// The SHA-256 of what is asked of whom.
public struct QuestionID: Sendable, Hashable, CustomStringConvertible {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// - Returns: nil unless they are 32 bytes.
  public init?(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 32 else { return nil }
  }

  /// Reads 64 hexadecimal digits, as `description` has them, in either case; nil for anything else.
  public init?(hex text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  init(kind: DefinitionKind, name: String, identity: String, body: [UInt8], sample: Int = 0) {
    var hash = SHA256()
    func add(_ part: some Collection<UInt8>) {
      withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update(bufferPointer: $0) }
      hash.update(data: Array(part))
    }
    add("aufdb question 1".utf8)
    add(kind.rawValue.utf8)
    add(name.utf8)
    add(identity.utf8)
    add(body)
    withUnsafeBytes(of: Int64(sample).littleEndian) { hash.update(bufferPointer: $0) }
    bytes = Array(hash.finalize())
  }

  /// All 64 hexadecimal digits, lower case: the custom_id of batch files.
  public var description: String { CommitID.hex(bytes) }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
