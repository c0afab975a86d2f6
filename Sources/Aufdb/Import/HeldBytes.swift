// A copy of bytes that were lent for a shorter time than they are needed.

/// Holds one copy at a time, in memory that serves the next one again.
final class HeldBytes {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
  private var count = 0

  init() {}

  init(_ text: String) {
    var text = text
    text.withUTF8 { set(Bytes($0)) }
  }

  deinit { memory.deallocate() }

  /// The copy; in place until the next `set`, or until this object goes.
  var bytes: Bytes { Bytes(rebasing: memory[..<count]) }

  func set(_ bytes: Bytes) {
    if memory.count < bytes.count {
      memory.deallocate()
      memory = .allocate(byteCount: max(bytes.count, 2 * memory.count), alignment: 1)
    }
    memory.copyMemory(from: bytes)
    count = bytes.count
  }

  /// Sets it to the lower-case hexadecimal digits of `bytes`.
  func set(hexadecimal bytes: some Sequence<UInt8>) {
    let digits: StaticString = "0123456789abcdef"
    count = 0
    for byte in bytes where count + 2 <= memory.count {
      memory[count] = digits.utf8Start[Int(byte >> 4)]
      memory[count + 1] = digits.utf8Start[Int(byte & 0xF)]
      count += 2
    }
  }
}
