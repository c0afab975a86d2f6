// The name of a commit.

/// SHA-256 of a commit's canonical bytes: equal content has equal ids, in any store.
public struct CommitID: Sendable, Hashable, CustomStringConvertible {
  /// 32 bytes.
  public let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// All 64 hexadecimal digits, lower case.
  public var description: String { Self.hex(bytes) }

  /// The first 12 digits, for people.
  public var short: String { String(description.prefix(12)) }

  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
