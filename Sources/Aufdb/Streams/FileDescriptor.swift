// A descriptor that closes itself, and the system calls on it: interrupted calls are repeated, errors are typed.

import Glibc

/// An open file or pipe.
struct FileDescriptor: ~Copyable {
  /// The descriptor's number; -1 once it is closed, so that it never means a file opened later.
  private(set) var number: Int32
  /// What errors call it.
  var path: String
  private var isOwned: Bool

  /// Takes over a descriptor that is open already.
  ///
  /// - Parameter isOwned: whether it is closed when this goes; standard input is not.
  init(_ number: Int32, path: String, isOwned: Bool) {
    self.number = number
    self.path = path
    self.isOwned = isOwned
  }

  deinit {
    if isOwned { _ = Glibc.close(number) }
  }

  /// Opens a file for reading; `-` is standard input.
  static func opening(_ path: String) throws(StreamError) -> FileDescriptor {
    if path == "-" { return try readable(FileDescriptor(STDIN_FILENO, path: path, isOwned: false)) }
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw StreamError(.open, path: path, code: errno) }
    return try readable(FileDescriptor(number, path: path, isOwned: true))
  }

  /// Creates a file for writing, which must not exist. The umask says who may read it.
  static func creating(_ path: String) throws(StreamError) -> FileDescriptor {
    let number = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw StreamError(.create, path: path, code: errno) }
    return FileDescriptor(number, path: path, isOwned: true)
  }

  /// Opens a pipe or a device for writing; of a file, nothing is kept or cut off.
  static func writing(_ path: String) throws(StreamError) -> FileDescriptor {
    let number = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { throw StreamError(.create, path: path, code: errno) }
    return FileDescriptor(number, path: path, isOwned: true)
  }

  /// A directory can be opened for reading, and fails only at the first read: this tells it at once.
  private static func readable(_ descriptor: consuming FileDescriptor) throws(StreamError) -> FileDescriptor {
    var status = stat()
    guard fstat(descriptor.number, &status) == 0 else {
      throw StreamError(.open, path: descriptor.path, code: errno)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw StreamError(.open, path: descriptor.path, code: EISDIR)
    }
    return descriptor
  }

  /// The size in bytes of a regular file; nil for a pipe, a terminal or a device.
  var sizeBytes: Int? {
    var status = stat()
    guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Reads some bytes; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
    while true {
      let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw StreamError(.read, path: path, code: errno) }
    }
  }

  /// Writes all bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(number, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if count == 0 || errno != EINTR {
        throw StreamError(.write, path: path, code: count == 0 ? EIO : errno)
      }
    }
  }

  /// Waits until everything is on the disk.
  func synchronize() throws(StreamError) {
    while fsync(number) != 0 {
      // A pipe or a device has nothing to synchronise.
      if errno == EINVAL || errno == EROFS { return }
      guard errno == EINTR else { throw StreamError(.write, path: path, code: errno) }
    }
  }

  /// Closes it, so that the errors that some file systems report only here are not lost.
  mutating func close() throws(StreamError) {
    guard isOwned else { return }
    let closing = number
    (number, isOwned) = (-1, false)
    // After EINTR the descriptor is closed on Linux; to repeat might close another thread's.
    if Glibc.close(closing) != 0, errno != EINTR { throw StreamError(.write, path: path, code: errno) }
  }
}
