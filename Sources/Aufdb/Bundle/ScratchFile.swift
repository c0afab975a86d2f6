// A file that nobody else sees, and that is gone with the process whatever happens: for a bundle on its way from one
// store to another.

import Glibc

/// A file without a name, written first and then read.
final class ScratchFile {
  private let descriptor: FileDescriptor

  /// - Parameter path: a file in whose folder there is room.
  init(beside path: String) throws {
    // Its name goes with this function.
    let aside = try AsideFile(beside: path)
    descriptor = try aside.opened()
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(AufdbError) {
    try AufdbError.ofStream(descriptor.write(bytes))
  }

  /// A descriptor that reads it from its beginning.
  func reading() throws(AufdbError) -> FileDescriptor {
    let number = dup(descriptor.number)
    guard number >= 0, lseek(number, 0, SEEK_SET) == 0 else {
      throw AufdbError(StreamError(.read, path: descriptor.path, code: errno))
    }
    return FileDescriptor(number, path: descriptor.path, isOwned: true)
  }
}
