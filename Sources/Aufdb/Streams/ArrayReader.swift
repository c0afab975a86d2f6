// The elements of one JSON array that is the whole of a stream, one after another. Where an element ends is all that is
// found out here: by counting brackets outside strings. Whether it is JSON is for its reader to say, who gets each byte
// of it; what stands between elements, before and after them is checked here.

/// How far an array has been read.
struct ArrayPosition {
  enum Expectation {
    /// The opening bracket; a byte order mark may come before it.
    case opening
    /// An element, or the end of an array that has none.
    case firstElement
    /// A comma, or the end.
    case comma
    /// Nothing but white space.
    case nothing
  }

  var expects = Expectation.opening
  /// The line that is being read.
  var line = 1

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}

extension ReadBuffer {
  /// Reads the next element; nil at the end of the stream, after the array's end.
  mutating func nextElement(_ position: inout ArrayPosition) throws(StreamError) -> LineReader.Line? {
    if case .opening = position.expects {
      try skipBlanks(&position)
      if slice(first..<end).starts(with: Self.byteOrderMark) {
        first += Self.byteOrderMark.count
        try skipBlanks(&position)
      }
      // Whoever takes this for an array has seen its bracket.
      first += 1
      position.expects = .firstElement
    }
    while let byte = try skipBlanks(&position) {
      switch (byte, position.expects) {
      case (_, .nothing): throw failure("something follows the array's end", position)
      case (UInt8(ascii: "]"), .firstElement), (UInt8(ascii: "]"), .comma):
        first += 1
        position.expects = .nothing
      case (UInt8(ascii: ","), .comma):
        first += 1
        return try elementAfterComma(&position)
      case (UInt8(ascii: ","), .firstElement): throw failure("an element is missing before the comma", position)
      case (_, .comma): throw failure("a comma or the array's end is missing before this", position)
      default: return try element(&position)
      }
    }
    guard case .nothing = position.expects else {
      throw failure("the array is cut off", hint: "copy or download it again", position)
    }
    return nil
  }

  private mutating func elementAfterComma(_ position: inout ArrayPosition) throws(StreamError) -> LineReader.Line {
    guard let byte = try skipBlanks(&position) else {
      throw failure("the array is cut off", hint: "copy or download it again", position)
    }
    guard byte != UInt8(ascii: "]"), byte != UInt8(ascii: ",") else {
      throw failure("an element is missing after the comma", position)
    }
    return try element(&position)
  }

  /// Goes to the next byte that isn't white space, and counts lines; nil at the end of the stream.
  @discardableResult
  private mutating func skipBlanks(_ position: inout ArrayPosition) throws(StreamError) -> UInt8? {
    while true {
      while first < end {
        let byte = bytes[first]
        guard ArrayPosition.isBlank(byte) else { return byte }
        if byte == 0x0A { position.line += 1 }
        first += 1
      }
      guard !isAtEnd else { return nil }
      searched = first
      try readMore(line: position.line)
    }
  }

  /// Reads the element that begins at `first`.
  private mutating func element(_ position: inout ArrayPosition) throws(StreamError) -> LineReader.Line {
    guard bytes[first] != UInt8(ascii: "}"), bytes[first] != UInt8(ascii: ":") else {
      throw failure("no element begins like this", position)
    }
    var scan = ElementScan(start: bytes[first])
    searched = first + 1
    while !scan.go(&searched, in: slice(first..<end), from: first) {
      guard end - first <= limit else {
        throw failure("an element is longer than \(limit) bytes", position)
      }
      guard !isAtEnd else {
        throw failure("the array is cut off in this element", hint: "copy or download it again", position)
      }
      try readMore(line: position.line)
    }
    let element = slice(first..<searched)
    guard element.count <= limit else { throw failure("an element is longer than \(limit) bytes", position) }
    let line = LineReader.Line(number: position.line, bytes: element)
    first = searched
    position.expects = .comma
    position.line += ElementScan.lineFeeds(in: element)
    return line
  }

  private func failure(_ reason: String, hint: String? = nil, _ position: ArrayPosition) -> StreamError {
    StreamError(kind: .badData, path: source.path, reason: reason, hint: hint, line: position.line)
  }
}
