// The lines of a command's answers, cut out of what a pipe happens to bring.

/// Takes bytes in, and gives whole lines out. Its memory is the longest line and a bit.
final class AnswerLines {
  /// The number of the line that was given last, or that is refused; counted from 1.
  private(set) var number = 0

  private let lineLimit: Int
  private let buffer: UnsafeMutableRawBufferPointer
  private var first = 0
  private var searched = 0
  private var end = 0

  /// - Parameter lineLimit: the most bytes that a line may have.
  init(lineLimit: Int) {
    self.lineLimit = lineLimit
    // Pages that nobody touches cost nothing.
    buffer = .allocate(byteCount: lineLimit + 1 << 16, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Lends `read` the room behind what is there; all whole lines must have been taken.
  ///
  /// - Returns: what `read` gave: how many bytes it put there, or nil.
  func fill(_ read: (UnsafeMutableRawBufferPointer) -> Int?) -> Int? {
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[first..<end]))
    (first, searched, end) = (0, searched - first, end - first)
    let count = read(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += count ?? 0
    return count
  }

  /// The next whole line, without its end; valid until `fill`.
  ///
  /// - Throws: `.badData` without a place for a line beyond the limit.
  func next() throws(AufdbError) -> Bytes? {
    let unsearched = UnsafeRawBufferPointer(rebasing: buffer[searched..<end])
    let stop = unsearched.firstIndex(of: UInt8(ascii: "\n")).map { searched + $0 }
    guard (stop ?? end) - first <= lineLimit else {
      number += 1
      throw AufdbError(.badData, "a judge's answer is longer than \(lineLimit) bytes")
    }
    searched = stop.map { $0 + 1 } ?? end
    guard let stop else { return nil }
    number += 1
    defer { first = stop + 1 }
    return UnsafeRawBufferPointer(rebasing: buffer[first..<stop])
  }

  /// What follows the last whole line; nil where nothing does.
  func rest() -> Bytes? {
    guard first < end else { return nil }
    number += 1
    defer { first = end }
    return UnsafeRawBufferPointer(rebasing: buffer[first..<end])
  }
}
