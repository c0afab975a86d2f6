// A text of several lines in a block of its own: every line but the first is indented, and lines that are too long are
// wrapped, after a blank where there is one.
//
// What the text holds is made visible, as everywhere, but its line ends are line ends; a blank at which a line is
// wrapped isn't written. No line ends in blanks of the block.

import Aufdb

/// Writes texts as indented blocks.
struct TextBlock {
  private let indent: [UInt8]
  /// The columns that a line may have without its indent; nil for as many as it takes.
  private let room: Int?

  private var line: [UInt8] = []
  private var width = 0
  /// Where the line can be wrapped: after so many bytes, which are so wide.
  private var blankPlace = (end: 0, width: 0)
  /// Where the last character begins, as people see characters.
  private var characterPlace = (end: 0, width: 0)
  private var isIndentDue = false
  private var isWrapped = false

  /// Where nothing is wrapped, lines needn't be whole to be written.
  private static let pieceBytes = 64 << 10

  /// - Parameters:
  ///   - indent: in columns.
  ///   - room: at least 1.
  init(indent: Int, room: Int?) {
    self.indent = Array(repeating: UInt8(ascii: " "), count: indent)
    self.room = room
  }

  /// Writes one text, without a line end after it.
  ///
  /// - Parameter isIndented: whether the first line is to be indented, too.
  mutating func write(
    _ bytes: UnsafeRawBufferPointer, isIndented: Bool, to put: ([UInt8]) throws(StreamError) -> Void
  ) throws(StreamError) {
    begin(isIndented: isIndented, isWrapped: false)
    var meter = DisplayWidth.Meter()
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\n") {
        try putLine(put)
        try put([UInt8(ascii: "\n")])
        begin(isIndented: true, isWrapped: false)
        index += 1
      } else if let room {
        index += try add(bytes, at: index, &meter, room: room, put)
      } else {
        let end = Self.pieceEnd(in: bytes, from: index)
        _ = VisibleText.plain.append(UnsafeRawBufferPointer(rebasing: bytes[index..<end]), to: &line)
        try putLine(put)
        index = end
      }
    }
    try putLine(put)
  }

  /// Where the line ends that begins at `start`, or a piece of it that is long enough, before a whole code point.
  private static func pieceEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let rest = bytes[start...].prefix(pieceBytes)
    if let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n")) { return lineEnd }
    guard rest.endIndex < bytes.count else { return bytes.count }
    // Four bytes back there is another code point, or there is none in this text.
    let places = stride(from: rest.endIndex, to: rest.endIndex - 4, by: -1)
    return places.first { bytes[$0] & 0xC0 != 0x80 } ?? rest.endIndex
  }

  private mutating func begin(isIndented: Bool, isWrapped: Bool) {
    isIndentDue = isIndented
    self.isWrapped = isWrapped
    blankPlace = (0, 0)
    characterPlace = (0, 0)
  }

  /// Takes one more piece of the text; returns how many bytes of it.
  private mutating func add(
    _ bytes: UnsafeRawBufferPointer, at index: Int, _ meter: inout DisplayWidth.Meter, room: Int,
    _ put: ([UInt8]) throws(StreamError) -> Void
  ) throws(StreamError) -> Int {
    let isBlank = bytes[index] == UInt8(ascii: " ")
    if isBlank, isWrapped, line.isEmpty { return 1 }
    let (start, startWidth) = (line.count, width)
    let piece = VisibleText.plain.append(bytes, at: index, to: &line, &meter)
    width += piece.width
    if piece.isFirst { characterPlace = (start, startWidth) }
    if width > room {
      // The rest after the last blank may be too wide by itself.
      try wrap(endsInBlank: isBlank, put)
      if width > room { try wrap(endsInBlank: false, put) }
    }
    // Chinese and Japanese have no blanks; what belongs to a character moves the place behind it.
    if isBlank || piece.width == 2 || !piece.isFirst && blankPlace.end == start { blankPlace = (line.count, width) }
    return piece.byteCount
  }

  /// Writes what fits, and begins a new line with the rest.
  private mutating func wrap(endsInBlank: Bool, _ put: ([UInt8]) throws(StreamError) -> Void) throws(StreamError) {
    // A character that grows (an emoji) may be the first that doesn't fit although a place behind it was noted.
    let isBlankPlaceBefore = blankPlace.end > 0 && blankPlace.end <= characterPlace.end
    let place = endsInBlank ? (end: line.count, width: width) : isBlankPlaceBefore ? blankPlace : characterPlace
    // A single character that is wider than the room: it can't be helped.
    guard place.end > 0 else { return }
    let character = (max(0, characterPlace.end - place.end), max(0, characterPlace.width - place.width))
    let (rest, restWidth) = (Array(line[place.end...]), width - place.width)
    line.removeSubrange(place.end...)
    while line.last == UInt8(ascii: " ") { line.removeLast() }
    try putLine(put)
    try put([UInt8(ascii: "\n")])
    begin(isIndented: true, isWrapped: true)
    (line, width, characterPlace) = (rest, restWidth, character)
  }

  private mutating func putLine(_ put: ([UInt8]) throws(StreamError) -> Void) throws(StreamError) {
    if isIndentDue, !line.isEmpty {
      try put(indent)
      isIndentDue = false
    }
    try put(line)
    line.removeAll(keepingCapacity: true)
    width = 0
  }
}
