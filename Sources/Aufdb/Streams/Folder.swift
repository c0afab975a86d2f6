// A folder's list of names, which has a place of its own on the disk.
//
// A file whose bytes were synced can still be gone after a power loss: its name stands in its folder, and is safe only
// once that was synced, too (fsync(2): "an explicit fsync() on a file descriptor for the directory is also needed").

import Glibc

enum Folder {
  /// Waits until a folder's list of names is on the disk.
  static func synchronize(_ path: String) throws(StreamError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A folder may let us write and not read; then its file system is trusted to keep order.
      if errno == EACCES { return }
      throw StreamError(.create, path: path, code: errno)
    }
    defer { close(descriptor) }
    // Some file systems have nothing to synchronise for a folder, and say so.
    while fsync(descriptor) != 0, errno != EINVAL {
      guard errno == EINTR else { throw StreamError(.write, path: path, code: errno) }
    }
  }

  /// Waits until the name that a path ends with is on the disk, or gone from it.
  static func synchronizeName(_ path: String) throws(StreamError) { try synchronize(parent(of: path)) }

  /// Where a path leads to; the path itself where that leads nowhere.
  static func withoutLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The folder that a path's last part is in.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
