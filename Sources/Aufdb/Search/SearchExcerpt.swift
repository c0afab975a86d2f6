// The part of a text that shows why it was found.

/// A piece of a text, in one line: each run of blanks and line ends is one blank.
public struct SearchExcerpt: Sendable, Equatable {
  public struct Piece: Sendable, Equatable {
    public var text: String
    /// Whether it is a word or phrase that was searched for.
    public var isMatch: Bool

    public init(text: String, isMatch: Bool) {
      self.text = text
      self.isMatch = isMatch
    }
  }

  public var pieces: [Piece] = []
  /// Whether something comes before, and behind.
  public var isCutBefore = false
  public var isCutAfter = false

  /// - Parameters:
  ///   - text: what UTF-8 it has is kept; the rest becomes U+FFFD.
  ///   - matches: places in it, ascending and apart from each other.
  ///   - length: how many characters it has at most, more or less: words stay whole.
  init(_ text: Bytes, matches: [Range<Int>], length: Int) {
    let length = max(1, length)
    let window = Self.window(text, matches, length)
    (isCutBefore, isCutAfter) = (window.lowerBound > 0, window.upperBound < text.count)
    var place = window.lowerBound
    for match in matches where match.upperBound > window.lowerBound && match.lowerBound < window.upperBound {
      let match = match.clamped(to: window)
      append(text[place..<match.lowerBound], isMatch: false)
      append(text[match], isMatch: true)
      place = match.upperBound
    }
    append(text[place..<window.upperBound], isMatch: false)
    // A blank at an end says nothing.
    if let first = pieces.indices.first { pieces[first].text = String(pieces[first].text.drop { $0 == " " }) }
    if let last = pieces.indices.last, pieces[last].text.last == " " { pieces[last].text.removeLast() }
    pieces.removeAll { $0.text.isEmpty }
  }

  private mutating func append(_ bytes: Slice<Bytes>, isMatch: Bool) {
    guard !bytes.isEmpty else { return }
    var line: [UInt8] = []
    var isAfterBlank = pieces.last?.text.last == " "
    for byte in bytes {
      let isBlank = Self.isBlank(byte)
      if !isBlank { line.append(byte) } else if !isAfterBlank { line.append(0x20) }
      isAfterBlank = isBlank
    }
    guard !line.isEmpty else { return }
    pieces.append(Piece(text: String(decoding: line, as: UTF8.self), isMatch: isMatch))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The part with the most different words that were found and, of these, the most of them; the first of equals.
  private static func window(_ text: Bytes, _ matches: [Range<Int>], _ length: Int) -> Range<Int> {
    guard let first = matches.first else { return 0..<advanced(0, by: length, in: text) }
    let words = matches.map { String(decoding: text[$0], as: UTF8.self).lowercased() }
    var best = (distinctCount: 0, count: 0, matches: first)
    var counts: [String: Int] = [:]
    var end = 0
    for begin in matches.indices {
      while end < matches.count, end == begin || matches[end].upperBound - matches[begin].lowerBound <= length {
        counts[words[end], default: 0] += 1
        end += 1
      }
      if (counts.count, end - begin) > (best.distinctCount, best.count) {
        best = (counts.count, end - begin, matches[begin].lowerBound..<matches[end - 1].upperBound)
      }
      counts[words[begin], default: 1] -= 1
      if counts[words[begin]] == 0 { counts[words[begin]] = nil }
    }
    return around(best.matches, in: text, length)
  }

  /// The surroundings of a part: a third of what is left of the length before it, the rest behind it.
  private static func around(_ part: Range<Int>, in text: Bytes, _ length: Int) -> Range<Int> {
    let spare = max(0, length - part.count)
    var start = part.lowerBound
    for _ in 0..<spare / 3 where start > 0 { start = before(start, in: text) }
    var end = max(part.upperBound, advanced(start, by: length, in: text))
    // What is short of the end is had from the beginning.
    if end == text.count, start > 0 {
      var room = length - characterCount(text[start..<end])
      while room > 0, start > 0 {
        start = before(start, in: text)
        room -= 1
      }
    }
    // Whole words, if there is a blank nearby.
    if start > 0, let blank = text[start..<min(part.lowerBound, start + 20)].firstIndex(where: isBlank) {
      start = blank + 1
    }
    if end < text.count, let blank = text[max(part.upperBound, end - 20)..<end].lastIndex(where: isBlank) {
      end = blank
    }
    return start..<end
  }

  /// Where the character before `place` begins, or four bytes earlier in what is not UTF-8.
  private static func before(_ place: Int, in text: Bytes) -> Int {
    var start = place - 1
    while start > 0, place - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  private static func advanced(_ place: Int, by count: Int, in text: Bytes) -> Int {
    var (end, left) = (place, count)
    while left > 0, end < text.count {
      end += 1
      while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
      left -= 1
    }
    return end
  }

  private static func characterCount(_ text: Slice<Bytes>) -> Int { text.count { $0 & 0xC0 != 0x80 } }
}
