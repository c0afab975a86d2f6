// Strings: validated eight bytes at a time, and decoded only where they have escapes.

extension JSONReader {
  /// Reads a string.
  ///
  /// - Returns: its UTF-8, escapes resolved, valid as long as the text. Its base address is never nil. It may hold
  ///   NUL bytes (from `\u0000`).
  /// - Complexity: O(length); about a byte a cycle or better for ASCII.
  package mutating func string() throws(JSONError) -> UnsafeRawBufferPointer {
    let first = try openString()
    let stop = try plainEnd(from: first)
    if stop.pointee == UInt8(ascii: "\"") {
      cursor = stop + 1
      return UnsafeRawBufferPointer(start: first, count: stop - first)
    }
    return try decode(first, escape: stop)
  }

  /// Reads a string into a String of its own.
  package mutating func stringValue() throws(JSONError) -> String {
    String(decoding: try string(), as: UTF8.self)
  }

  /// Reads a string and drops it, validating all of it.
  mutating func skipString() throws(JSONError) {
    var place = try openString()
    while true {
      place = try plainEnd(from: place)
      if place.pointee == UInt8(ascii: "\"") { break }
      _ = try escape(at: &place)
    }
    cursor = place + 1
  }

  private mutating func openString() throws(JSONError) -> UnsafePointer<UInt8> {
    skipWhitespace()
    guard cursor < end, cursor.pointee == UInt8(ascii: "\"") else { throw wrongKind(expected: .string) }
    return cursor + 1
  }

  /// The first quote or backslash at or after `first`; everything before it is valid.
  @inline(__always)
  private func plainEnd(from first: UnsafePointer<UInt8>) throws(JSONError) -> UnsafePointer<UInt8> {
    var place = first
    while true {
      while end - place >= 8 {
        let mask = ByteWord(place).interruptions
        guard mask == 0 else {
          place += ByteWord.countBeforeFirst(mask)
          break
        }
        place += 8
      }
      guard place < end else { throw failure(.endsInString, at: end) }
      let byte = place.pointee
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return place }
      if byte < 0x20 { throw failure(.controlCharacter, at: place) }
      if byte < 0x80 {
        place += 1  // Only within the last eight bytes of the text.
      } else {
        repeat { place += try sequenceLength(at: place) } while place < end && place.pointee >= 0x80
      }
    }
  }

  @inline(__always)
  private func sequenceLength(at place: UnsafePointer<UInt8>) throws(JSONError) -> Int {
    switch UTF8Sequence(at: place, before: end) {
    case .wellFormed(let length): return length
    case .cutOff: throw failure(.endsInString, at: end)
    case .surrogate: throw failure(.surrogateBytes, at: place)
    case .malformed: throw failure(.invalidUTF8, at: place)
    }
  }

  /// Decodes the rest of a string whose first escape stands at `escape`.
  private mutating func decode(
    _ first: UnsafePointer<UInt8>, escape firstEscape: UnsafePointer<UInt8>
  ) throws(JSONError) -> UnsafeRawBufferPointer {
    reserveArena()
    let output = arena + arenaCount
    var place = firstEscape
    output.update(from: first, count: place - first)
    var free = output + (place - first)
    while true {
      while end - place >= 8 {
        // Eight bytes are stored even if fewer count: what comes next overwrites them, and the arena has room.
        let word = ByteWord(place)
        word.store(to: free)
        let mask = word.interruptions
        let count = mask == 0 ? 8 : ByteWord.countBeforeFirst(mask)
        place += count
        free += count
        if mask != 0 { break }
      }
      guard place < end else { throw failure(.endsInString, at: end) }
      let byte = place.pointee
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        Self.append(try escape(at: &place), to: &free)
      } else if byte < 0x20 {
        throw failure(.controlCharacter, at: place)
      } else {
        let length = byte < 0x80 ? 1 : try sequenceLength(at: place)
        free.update(from: place, count: length)
        place += length
        free += length
      }
    }
    cursor = place + 1
    let count = free - output
    arenaCount += count
    return UnsafeRawBufferPointer(start: output, count: count)
  }

  /// Makes the arena as large as the text, plus the word that decoding may store beyond its end.
  private mutating func reserveArena() {
    let needed = (end - start) + 8
    guard arenaCapacity < needed else { return }
    // No slice of this text lies in the arena yet: it was large enough then, or nothing was decoded.
    if arenaCapacity > 0 { arena.deallocate() }
    arenaCapacity = max(needed, 2 * arenaCapacity)
    arena = .allocate(capacity: arenaCapacity)
  }

  @inline(__always)
  private static func append(_ scalar: UInt32, to free: inout UnsafeMutablePointer<UInt8>) {
    func put(_ value: UInt32) {
      free.pointee = UInt8(truncatingIfNeeded: value)
      free += 1
    }
    if scalar < 0x80 {
      put(scalar)
    } else if scalar < 0x800 {
      put(0xC0 | scalar >> 6)
      put(0x80 | scalar & 0x3F)
    } else if scalar < 0x10000 {
      put(0xE0 | scalar >> 12)
      put(0x80 | scalar >> 6 & 0x3F)
      put(0x80 | scalar & 0x3F)
    } else {
      put(0xF0 | scalar >> 18)
      put(0x80 | scalar >> 12 & 0x3F)
      put(0x80 | scalar >> 6 & 0x3F)
      put(0x80 | scalar & 0x3F)
    }
  }
}
