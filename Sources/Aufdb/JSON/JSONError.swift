// What can be wrong with a JSON text, and where.

/// Why a JSON text was refused, and at which byte of it.
public struct JSONError: Error, Equatable, Sendable {
  /// The byte of the text at which the fault shows, counted from 0; the length of the text if it ends too early.
  /// A fault of writing has the number of bytes written so far.
  public let offset: Int

  /// What is wrong there.
  public let reason: Reason

  /// The faults that a text can have.
  public enum Reason: Equatable, Sendable {
    case endsEarly
    case endsInString
    case unexpectedByte(UInt8)
    case wrongKind(expected: JSONKind, found: JSONKind)
    case trailingText
    case trailingComma
    case tooDeep
    case controlCharacter
    case invalidEscape
    case loneSurrogate
    case invalidUTF8
    case surrogateBytes
    case malformedNumber
    case notFinite
    case numberTooLarge
    case notAnInteger
    case duplicateKey(String)
  }
}

extension JSONError: CustomStringConvertible {
  /// The reason and the place, in plain words.
  public var description: String { "\(reason) (byte \(offset))" }
}

extension JSONError.Reason: CustomStringConvertible {
  /// The reason in plain words, without the place.
  public var description: String {
    switch self {
    case .endsEarly: "the text ends before its value does"
    case .endsInString: "the text ends inside a string"
    case .unexpectedByte(let byte): "unexpected \(Self.name(of: byte))"
    case .wrongKind(let expected, let found): "expected \(expected), found \(found)"
    case .trailingText: "something follows the value"
    case .trailingComma: "a comma before a closing bracket"
    case .tooDeep: "nested deeper than \(JSONReader.depthLimit) levels"
    case .controlCharacter: "a raw control character in a string"
    case .invalidEscape: "an escape that JSON does not have"
    case .loneSurrogate: "a lone surrogate in a string"
    case .invalidUTF8: "not UTF-8 in a string"
    case .surrogateBytes: "a surrogate encoded as bytes in a string, which is not UTF-8"
    case .malformedNumber: "a malformed number"
    case .notFinite: "NaN or Infinity, which JSON does not have"
    case .numberTooLarge: "a number that is too large"
    case .notAnInteger: "expected an integer, found a number with a fraction or an exponent"
    case .duplicateKey(let key): "the key \"\(key)\" stands twice in one object"
    }
  }

  private static func name(of byte: UInt8) -> String {
    if byte > 0x20, byte < 0x7F { return "'\(Character(UnicodeScalar(byte)))'" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "byte 0x" + (digits.utf8.count < 2 ? "0" : "") + digits
  }
}
