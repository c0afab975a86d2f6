// Well-formed UTF-8 beyond ASCII, one sequence at a time (Unicode 15, table 3-7).

/// What stands at a byte of 0x80 or more.
enum UTF8Sequence: Equatable {
  /// A well-formed sequence of two to four bytes.
  case wellFormed(length: Int)
  /// The text ends inside a sequence that was well-formed so far.
  case cutOff
  /// The three-byte form of U+D800...U+DFFF, which UTF-8 does not allow (CESU-8 and WTF-8 have it).
  case surrogate
  case malformed

  /// Looks at the sequence that begins at `pointer`; at least one byte, not ASCII, stands before `end`.
  @inline(__always)
  init(at pointer: UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) {
    let available = end - pointer
    let lead = pointer[0]
    if lead >= 0xE1, lead <= 0xEF, lead != 0xED, available >= 3 {
      // Most text beyond ASCII: Chinese, Japanese, Korean, typographic quotes and dashes.
      self = Self.isTrail(pointer[1]) && Self.isTrail(pointer[2]) ? .wellFormed(length: 3) : .malformed
    } else if lead >= 0xC2, lead <= 0xDF, available >= 2 {
      self = Self.isTrail(pointer[1]) ? .wellFormed(length: 2) : .malformed
    } else {
      self = Self.classify(pointer, available: available)
    }
  }

  @inline(__always)
  private static func isTrail(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  @inline(never)
  private static func classify(_ pointer: UnsafePointer<UInt8>, available: Int) -> UTF8Sequence {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch pointer[0] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return .malformed
    }
    guard available >= 2 else { return .cutOff }
    guard second.contains(pointer[1]) else {
      return pointer[0] == 0xED && isTrail(pointer[1]) ? .surrogate : .malformed
    }
    var index = 2
    while index < length {
      guard index < available else { return .cutOff }
      guard isTrail(pointer[index]) else { return .malformed }
      index += 1
    }
    return .wellFormed(length: length)
  }
}
