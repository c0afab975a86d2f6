// How evaluation prompts come in files:
//
//   {...}          JSON Lines: an object a line, with `prompt`, `question`, `instruction` or `text`; the first of these
//                  that it has, and that isn't null, is a text or a list of messages
//   [...]          a JSON array of such objects, or of texts
//   anything else  a prompt a line, as it stands; so is every file whose name ends in .txt
//
// Each plain or compressed with zstd or gzip. The first byte that isn't white space tells which it is.

import Crypto

enum EvaluationFile {
  private static let fields = ["prompt", "question", "instruction", "text"]
  /// A JSON array is read whole.
  private static let arrayLimitBytes = 256 << 20

  private enum Shape {
    case objects, array, lines
  }

  /// The SHA-256 of the file as it is on the disk.
  static func sha256(of path: String) throws(AufdbError) -> String {
    do throws(StreamError) {
      let file = try FileDescriptor.opening(path)
      guard path != "-", file.sizeBytes != nil else {
        throw StreamError(
          kind: .cannotOpen, path: path, reason: "evaluation prompts are read twice, so they must be in a regular file")
      }
      var hash = SHA256()
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
      defer { buffer.deallocate() }
      while case let count = try file.read(into: buffer), count > 0 {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      return CommitID.hex(hash.finalize())
    } catch {
      throw AufdbError(error)
    }
  }

  /// Lends each prompt to `body`: a text, or the JSON list of its messages.
  ///
  /// - Throws: `.cannotOpenInput`, `.inputOutput`; `.badData` with the place, also for a `JSONError` of `body`.
  static func forEachPrompt(
    in path: String, _ body: (_ prompt: Bytes, _ isMessages: Bool) throws(JSONError) -> Void
  ) throws(AufdbError) {
    switch try shape(of: path) {
    case .array: try forEachElement(in: path, body)
    case .objects: try forEachLine(in: path, areObjects: true, body)
    case .lines: try forEachLine(in: path, areObjects: false, body)
    }
  }

  private static func shape(of path: String) throws(AufdbError) -> Shape {
    let name = path.lowercased()
    if ["", ".zst", ".gz"].contains(where: { name.hasSuffix(".txt" + $0) }) { return .lines }
    do throws(StreamError) {
      var lines = LineReader(try ByteSource(path: path))
      switch try lines.next()?.bytes.first(where: { $0 > 0x20 }) {
      case UInt8(ascii: "{"): return .objects
      case UInt8(ascii: "["): return .array
      default: return .lines
      }
    } catch {
      // An array may be one line, longer than lines may be.
      if error.line == 1 { return .array }
      throw AufdbError(error)
    }
  }

  private static func forEachLine(
    in path: String, areObjects: Bool, _ body: (Bytes, Bool) throws(JSONError) -> Void
  ) throws(AufdbError) {
    var reader = JSONReader()
    var lineNumber: Int?
    do {
      var lines = LineReader(try ByteSource(path: path))
      while let line = try lines.next() {
        lineNumber = line.number
        guard areObjects else {
          try body(line.bytes, false)
          continue
        }
        reader.begin(line.bytes)
        try readPrompt(&reader, body)
        try reader.finish()
      }
    } catch let error as StreamError {
      throw AufdbError(error)
    } catch {
      throw explained(error, "", at: .init(file: path, line: lineNumber))
    }
  }

  private static func forEachElement(
    in path: String, _ body: (Bytes, Bool) throws(JSONError) -> Void
  ) throws(AufdbError) {
    let text = try whole(path)
    var reader = JSONReader()
    var elementNumber = 0
    do {
      try text.withUnsafeBytes { bytes in
        reader.begin(bytes)
        try reader.beginArray()
        while try reader.nextElement() {
          elementNumber += 1
          try readPrompt(&reader, body)
        }
        try reader.finish()
      }
    } catch {
      throw explained(error, "element \(elementNumber): ", at: .init(file: path))
    }
  }

  private static func whole(_ path: String) throws(AufdbError) -> [UInt8] {
    var text: [UInt8] = []
    do throws(StreamError) {
      let source = try ByteSource(path: path)
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
      defer { block.deallocate() }
      while case let count = try source.read(into: block), count > 0 {
        text.append(contentsOf: block[..<count])
        guard text.count <= arrayLimitBytes else {
          throw StreamError(
            kind: .badData, path: path, reason: "a JSON array of more than 256 MB",
            hint: "as JSON Lines, an object a line, it can be as long as it likes")
        }
      }
    } catch {
      throw AufdbError(error)
    }
    return text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
  }

  /// Reads one prompt: an object with one of the fields, or a text.
  private static func readPrompt(
    _ reader: inout JSONReader, _ body: (Bytes, Bool) throws(JSONError) -> Void
  ) throws {
    guard try reader.peekKind() == .object else { return try body(try reader.string(), false) }
    var (best, prompt, isMessages) = (fields.count, Bytes(start: nil, count: 0), false)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      let kind = try reader.peekKind()
      guard let field = fields.firstIndex(of: key.text), field < best, kind != .null else {
        _ = try reader.skipValue()
        continue
      }
      guard kind == .string || kind == .array else {
        throw AufdbError(.badData, "\(fields[field]) is \(kind), not a text or a list of messages")
      }
      isMessages = kind == .array
      prompt = isMessages ? try reader.skipValue() : try reader.string()
      best = field
    }
    guard best < fields.count else {
      throw AufdbError(.badData, "there is no \(fields.joined(separator: ", ")) in it")
    }
    try body(prompt, isMessages)
  }

  private static func explained(_ error: any Error, _ beginning: String, at place: AufdbError.Place) -> AufdbError {
    var error = AufdbError.from(error)
    error.message = beginning + error.message
    error.place = place
    return error
  }
}
