// A text from a descriptor, line by line, each as soon as it is there.

import Aufdb
import Glibc

/// Reads lines of UTF-8, which may end with CR LF.
final class InputLines {
  private let descriptor: Int32
  private let name: String
  private var buffer: [UInt8] = []
  private var place = 0
  private var lineCount = 0
  private var isAtEnd = false

  private static let lineLimit = 16 << 20

  /// - Parameter name: what messages call it.
  init(_ descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// The next line without its end; nil when there is none.
  ///
  /// - Throws: `.badData` for a line that is not UTF-8, has a NUL byte, or is longer than 16 MB; `.inputOutput`.
  func next() throws(AufdbError) -> String? {
    var searched = place
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        defer { place = end + 1 }
        return try text(buffer[place..<end])
      }
      if isAtEnd {
        defer { place = buffer.count }
        return place == buffer.count ? nil : try text(buffer[place...])
      }
      searched = buffer.count - place
      buffer.removeFirst(place)
      place = 0
      guard buffer.count <= Self.lineLimit else { throw bad("is longer than \(Self.lineLimit >> 20) MB") }
      try fill()
    }
  }

  private func fill() throws(AufdbError) {
    var block = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(descriptor, &block, block.count)
    if count < 0, errno != EINTR {
      throw AufdbError(.inputOutput, "\(name) can't be read: \(String(cString: strerror(errno)))")
    }
    if count == 0 { isAtEnd = true }
    buffer += block.prefix(max(0, count))
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(AufdbError) -> String {
    lineCount += 1
    let bytes = bytes.last == 0x0D ? bytes.dropLast() : bytes
    if bytes.contains(0) { throw bad("has a NUL byte", lineCount) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw bad("is not UTF-8", lineCount) }
    return text
  }

  private func bad(_ what: String, _ line: Int? = nil) -> AufdbError {
    AufdbError(.badData, "the line \(what)", at: AufdbError.Place(file: name, line: line ?? lineCount + 1))
  }
}
