// What a file begins with: by this is told whether it may be replaced.

import Glibc

enum FileBeginning {
  /// Reads up to `count` bytes of a file; nil where there is no file, or none that we may read.
  ///
  /// - Throws: `.inputOutput` where the disk doesn't give them: then nobody knows what it is.
  static func read(_ path: String, count: Int) throws(StreamError) -> [UInt8]? {
    var status = stat()
    // To open a pipe would be to wait for somebody who writes to it.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else {
      if errno == EIO { throw StreamError(.read, path: path, code: errno) }
      return nil
    }
    let file = FileDescriptor(number, path: path, isOwned: true)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, Int(status.st_size)), alignment: 1)
    defer { buffer.deallocate() }
    return Array(buffer.prefix(try file.read(into: buffer, at: 0)))
  }

  /// Whether a file begins with certain bytes.
  ///
  /// - Throws: as `read`.
  static func isMagic(_ magic: String, of path: String) throws(StreamError) -> Bool {
    try read(path, count: magic.utf8.count) == Array(magic.utf8)
  }
}
