// The index as a file: is one there, is it ours, of which format; and where a new one is made.

import Glibc

/// The place beside a store.
struct SearchIndexFile {
  let path: String
  private let storePath: String
  /// Where a new one is made. Whoever holds the lock owns it: what is there is left of a killed process.
  var aside: String { path + "-new" }

  enum State: Equatable {
    /// Nothing, or a file without a byte.
    case absent
    case usable
    /// Ours, of another format or not whole.
    case useless
  }

  /// - Parameter storePath: without symbolic links.
  init(storePath: String) {
    self.storePath = storePath
    path = storePath + "-search"
  }

  /// What is there.
  ///
  /// - Throws: `.refused` where it is something else, which nobody but its owner may replace.
  func state() throws(AufdbError) -> State {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else {
        throw AufdbError(.cannotOpenInput, "\(path): \(String(cString: strerror(errno)))")
      }
      return .absent
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw foreign("is not a file") }
    guard status.st_size > 0 else { return .absent }
    guard let header = try DatabaseHeader(ofFileAt: path), header.applicationID == SearchIndex.applicationID else {
      throw foreign("is not a search index of aufdb")
    }
    return header.formatVersion == SearchIndex.formatVersion ? .usable : .useless
  }

  /// Makes sure that the index is for us to make: one beside a store of somebody else, who doesn't let us write it, would
  /// be in its owner's way, and not for him to trust.
  ///
  /// - Throws: `.cannotCreateOutput`.
  func requireOurs() throws(AufdbError) {
    var status = stat()
    guard stat(storePath, &status) == 0, status.st_uid != geteuid(), access(storePath, W_OK) != 0 else { return }
    throw AufdbError(.cannotCreateOutput, "the store is somebody else's, who doesn't let us write")
  }

  private func foreign(_ what: String) -> AufdbError {
    AufdbError(
      .refused, "\(path) \(what)", hint: "the search index has that name; move the other thing out of the way")
  }

  /// The bytes of the index, or of one in the making.
  static func sizeBytes(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Makes an empty file aside, in place of what a killed process left there. Whoever may read the store, and nobody
  /// else, may read it: words tell as much as texts.
  func makeAside() throws(AufdbError) {
    removeAside()
    var status = stat()
    let isKnown = stat(storePath, &status) == 0
    let descriptor = open(aside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw AufdbError(
        StreamError.kindOfCreating(errno), "\(aside) can't be made: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    if isKnown, geteuid() == 0 { fchown(descriptor, status.st_uid, status.st_gid) }
    guard isKnown, fchmod(descriptor, status.st_mode & 0o666) == 0 else {
      throw AufdbError(.cannotCreateOutput, "\(aside) can't get the store's permissions")
    }
  }

  /// Removes the one that was made aside, and the journal that SQLite leaves beside it after an error.
  func removeAside() {
    unlink(aside)
    unlink(aside + "-journal")
  }

  /// Puts the one that was made aside into its place, on the disk first.
  func replace() throws(AufdbError) {
    let descriptor = open(aside, O_RDONLY | O_CLOEXEC)
    let isWritten = descriptor >= 0 && fsync(descriptor) == 0
    let reason = errno
    if descriptor >= 0 { close(descriptor) }
    guard isWritten else {
      throw AufdbError(.inputOutput, "\(aside) can't be written: \(String(cString: strerror(reason)))")
    }
    // A journal belongs to the file that it was made for: neither may ever stand beside another one, nor the file be
    // without it, and the disk keeps to no order of its own.
    if Self.sizeBytes(path + "-journal") != nil {
      unlink(path)
      try synchronizeName()
      unlink(path + "-journal")
    }
    try synchronizeName()
    guard rename(aside, path) == 0 else {
      throw AufdbError(
        StreamError.kindOfCreating(errno), "\(path) can't be made: \(String(cString: strerror(errno)))")
    }
  }

  private func synchronizeName() throws(AufdbError) {
    try AufdbError.ofStream(Folder.synchronizeName(path))
  }
}
