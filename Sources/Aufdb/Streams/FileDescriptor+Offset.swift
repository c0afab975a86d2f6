// Reading a file at any place, without moving the place where others read.

import Glibc

extension FileDescriptor {
  /// Reads from `offset` on until the buffer is full or the file ends.
  ///
  /// - Returns: how many bytes were read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StreamError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(number, rest.baseAddress, rest.count, offset + filled)
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw StreamError(.read, path: path, code: errno)
      }
    }
    return filled
  }
}
