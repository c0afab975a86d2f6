// What can go wrong with a file or pipe that is read or written.

/// Why a stream could not be opened, read or written.
public struct StreamError: Error, Equatable, Sendable {
  /// What went wrong, as far as a caller may want to act on it.
  public let kind: Kind

  /// The path as the user gave it; `-` for standard input.
  public let path: String

  /// What is wrong, in plain words, without the path.
  public let reason: String

  /// What the user can do about it, if that is known.
  public let hint: String?

  /// The line at which it happened, counted from 1, if it concerns a line.
  public let line: Int?

  /// The kinds of failure; each has an exit code of its own in the command.
  public enum Kind: Equatable, Sendable {
    /// An input cannot be opened (exit code 66).
    case cannotOpen
    /// An input was read and is not what it should be (65).
    case badData
    /// An output cannot be made (73).
    case cannotCreate
    /// Reading or writing failed on the way: a full disk, a broken device (74).
    case inputOutput
    /// Whoever read the output has closed it: nobody is there to be told.
    case closedPipe
  }

  /// Makes an error.
  public init(kind: Kind, path: String, reason: String, hint: String? = nil, line: Int? = nil) {
    self.kind = kind
    self.path = path
    self.reason = reason
    self.hint = hint
    self.line = line
  }
}

extension StreamError: CustomStringConvertible {
  /// The path, the line if there is one, and the reason.
  public var description: String {
    let name = path == "-" ? "standard input" : path
    return line.map { "\(name):\($0): \(reason)" } ?? "\(name): \(reason)"
  }
}
