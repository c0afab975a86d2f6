// A byte stream seen through one buffer, which holds the record being read and whatever was read beyond it. It grows only
// for a record that is longer, up to a limit; and that limit is what stops a compression bomb, which is one endless
// record.

/// The part of a stream that lies in memory: `first..<end` is still to be read, and of it `first..<searched` was looked
/// at already.
struct ReadBuffer: ~Copyable {
  /// Where the bytes come from; nothing else may read from it.
  let source: ByteSource
  /// The most bytes that a record may have; at most twice this is held, while the buffer grows.
  let limit: Int

  private(set) var bytes: UnsafeMutableRawBufferPointer
  /// Where the record being read begins.
  var first = 0
  /// Where to look on.
  var searched = 0
  private(set) var end = 0
  /// Whether the stream has nothing beyond `end`.
  private(set) var isAtEnd = false

  init(_ source: ByteSource, limit: Int, capacity: Int = 1 << 18) {
    self.source = source
    self.limit = limit
    bytes = .allocate(byteCount: max(capacity, 8), alignment: 16)
  }

  deinit { bytes.deallocate() }

  /// The bytes of a range; valid until the next `readMore`.
  func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

  /// Reads behind what is there, after making room. The record moves to the buffer's beginning for that: positions are
  /// `first`, `searched` and `end` alone.
  ///
  /// - Parameter line: where the stream is, for an error.
  /// Errors: those of the source.
  mutating func readMore(line: Int) throws(StreamError) {
    if first > 0, end == bytes.count || first == end {
      bytes.copyMemory(from: slice(first..<end))
      end -= first
      searched -= first
      first = 0
    }
    if end == bytes.count { grow() }
    let count: Int
    do throws(StreamError) {
      count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
    } catch {
      throw StreamError(kind: error.kind, path: error.path, reason: error.reason, hint: error.hint, line: line)
    }
    end += count
    isAtEnd = count == 0
  }

  private mutating func grow() {
    // One byte more than the limit shows that a record is beyond it.
    let capacity = max(bytes.count + 1, min(2 * bytes.count, limit + 4096))
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(bytes))
    bytes.deallocate()
    bytes = larger
  }
}
