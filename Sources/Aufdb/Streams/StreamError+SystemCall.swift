// The one place where the system's error numbers become ours.

import Glibc

extension StreamError {
  /// What a failed system call on a stream was about to do.
  enum Attempt {
    case open
    case read
    case create
    case write
  }

  /// The error for a system call that failed with `code`.
  init(_ attempt: Attempt, path: String, code: Int32) {
    self.init(
      kind: Self.kind(of: attempt, code: code), path: path, reason: Self.reason(attempt, code: code),
      hint: Self.hint(of: code))
  }

  /// What it is when something can't be made: the disk's trouble, or that of the place.
  static func kindOfCreating(_ code: Int32) -> AufdbError.Kind {
    kind(of: .create, code: code) == .inputOutput ? .inputOutput : .cannotCreateOutput
  }

  private static func kind(of attempt: Attempt, code: Int32) -> Kind {
    switch (attempt, code) {
    case (.write, EPIPE): .closedPipe
    // A full disk is the same trouble whether it shows at the first byte or the last, and so is a failing one.
    case (.create, ENOSPC), (.create, EDQUOT), (.create, EIO), (.open, EIO): .inputOutput
    case (.open, _), (.read, EISDIR): .cannotOpen
    case (.create, _): .cannotCreate
    case (.read, _), (.write, _): .inputOutput
    }
  }

  private static func reason(_ attempt: Attempt, code: Int32) -> String {
    let verb =
      switch attempt {
      case .open: "can't be opened"
      case .read: "can't be read"
      case .create: "can't be created"
      case .write: "can't be written"
      }
    return "\(verb): \(words(for: code))"
  }

  private static func words(for code: Int32) -> String {
    switch code {
    case ENOENT: "no such file or directory"
    case EACCES, EPERM: "permission denied"
    case EEXIST: "it exists already"
    case EISDIR: "it is a directory"
    case ENOTDIR: "a part of its path is not a directory"
    case ENAMETOOLONG: "its name is too long"
    case ELOOP: "too many symbolic links"
    case EROFS: "the file system is read-only"
    case ENOSPC: "no space left on the device"
    case EDQUOT: "the disk quota is used up"
    case EFBIG: "the file would be too large"
    case EMFILE, ENFILE: "too many open files"
    case EIO: "input/output error"
    case EPIPE: "the reader has closed it"
    case EBADF: "it is not open"
    default: "system error \(code)"
    }
  }

  private static func hint(of code: Int32) -> String? {
    switch code {
    case ENOSPC, EDQUOT: "free some space, or write to another disk"
    default: nil
    }
  }
}
