// Strings of JSON: copied eight bytes at a time, stopping only where something may need an escape.
//
// Escaped are the quote, the backslash and the controls, as JSON demands; and 0x7F, U+2028 and U+2029, which some
// programs take for controls or line ends: a line of JSON Lines stays one line for every reader. All else is UTF-8.

extension JSONWriter {
  /// Writes an object's key; its value follows.
  package mutating func key(_ name: String) {
    var name = name
    name.withUTF8 { key(UnsafeRawBufferPointer($0)) }
  }

  /// Writes an object's key, given as valid UTF-8; its value follows.
  package mutating func key(_ name: UnsafeRawBufferPointer) {
    string(name)
    put(UInt8(ascii: ":"))
    isCommaDue = false
  }

  /// Writes a string.
  package mutating func string(_ value: String) {
    var value = value
    value.withUTF8 { string(UnsafeRawBufferPointer($0)) }
  }

  /// Writes a string, given as valid UTF-8 (what a `JSONReader` lends is; other bytes are not checked here).
  ///
  /// - Complexity: O(length); more than a gigabyte a second of plain text.
  package mutating func string(_ value: UnsafeRawBufferPointer) {
    separate()
    put(UInt8(ascii: "\""))
    if let first = value.baseAddress?.assumingMemoryBound(to: UInt8.self) {
      let end = first + value.count
      var place = first
      // In blocks, so that room for the worst case, six bytes for one, is little.
      while place < end { place = escapeBlock(from: place, to: min(place + 4096, end), end: end) }
    }
    put(UInt8(ascii: "\""))
    isCommaDue = true
  }

  /// Writes what begins before `blockEnd`; returns where it stopped, up to eight bytes beyond.
  private mutating func escapeBlock(
    from first: UnsafePointer<UInt8>, to blockEnd: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    reserve(6 * (blockEnd - first) + 16)
    var place = first
    var free = base + count
    while place < blockEnd {
      if end - place >= 8 {
        let word = ByteWord(place)
        word.store(to: free)
        let mask = word.escapes
        let plainCount = mask == 0 ? 8 : ByteWord.countBeforeFirst(mask)
        place += plainCount
        free += plainCount
        if mask == 0 { continue }
      }
      let byte = place.pointee
      let letter = Self.letter(of: byte)
      if letter != 0 {
        UnsafeMutableRawPointer(free).storeBytes(of: (UInt16(letter) << 8 | 0x5C).littleEndian, as: UInt16.self)
        place += 1
        free += 2
      } else if let unit = Self.hexadecimalUnit(at: place, byte, end: end) {
        free = Self.appendHexadecimal(unit, to: free)
        place += byte == 0xE2 ? 3 : 1
      } else {
        free.pointee = byte
        place += 1
        free += 1
      }
    }
    count = free - base
    return place
  }

  /// The letter that follows the backslash in a byte's short escape; 0 if it has none.
  @inline(__always)
  private static func letter(of byte: UInt8) -> UInt8 {
    switch byte {
    case 0x0A: UInt8(ascii: "n")
    case 0x22, 0x5C: byte
    case 0x09: UInt8(ascii: "t")
    case 0x0D: UInt8(ascii: "r")
    case 0x08: UInt8(ascii: "b")
    case 0x0C: UInt8(ascii: "f")
    default: 0
    }
  }

  /// What to write as `\uXXXX` for the one byte, or the three of a separator, at `place`; nil if it stands for itself.
  @inline(__always)
  private static func hexadecimalUnit(
    at place: UnsafePointer<UInt8>, _ byte: UInt8, end: UnsafePointer<UInt8>
  ) -> UInt16? {
    if byte < 0x20 || byte == 0x7F { return UInt16(byte) }
    guard byte == 0xE2, end - place >= 3, place[1] == 0x80, place[2] & 0xFE == 0xA8 else { return nil }
    return 0x2028 | UInt16(place[2] & 1)
  }

  private static func appendHexadecimal(
    _ unit: UInt16, to free: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    free[0] = UInt8(ascii: "\\")
    free[1] = UInt8(ascii: "u")
    for index in 0..<4 {
      let digit = UInt8(truncatingIfNeeded: unit >> UInt16(12 - 4 * index)) & 0xF
      free[2 + index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
    return free + 6
  }
}
