// The one error type of the library: what is wrong, where, and what to do about it.

/// What went wrong, in words for the person who asked, with a kind that a caller can switch on.
public struct AufdbError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The families of failure; the command gives each its exit code.
  public enum Kind: String, Sendable {
    /// Refused or not found: a conflict, an unknown revision, a folder that exists.
    case refused
    /// The caller asked for something that makes no sense: an unknown method, a parameter out of range.
    case usage
    /// A bad input file, or a damaged or foreign store.
    case badData
    /// An input can't be opened.
    case cannotOpenInput
    /// An output can't be made.
    case cannotCreateOutput
    /// Reading or writing failed: a full disk, a device error.
    case inputOutput
    /// Somebody else holds the store; trying again may work.
    case busy
    /// A defect of aufdb itself.
    case internalDefect
  }

  /// A place in an input file.
  public struct Place: Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// Counted from 1; nil where the whole file is meant.
    public var line: Int?

    public init(file: String, line: Int? = nil) {
      self.file = file
      self.line = line
    }

    public var description: String { line.map { "\(file):\($0)" } ?? file }
  }

  public var kind: Kind
  /// What is wrong: one line, without a full stop at its end.
  public var message: String
  /// What to do: one line, or nil where nothing helpful can be said. A list stands below it, one a line.
  public var hint: String?
  /// Where in an input file, if it is about one.
  public var place: Place?
  /// SQLite's extended result code, where the error came from there: for those inside who know what to do about it.
  var sqliteCode: Int32?
  /// Whether it is about one record of an import only, though its place is in another file.
  var isAboutRecord = false

  public init(_ kind: Kind, _ message: String, hint: String? = nil, at place: Place? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.place = place
  }

  public static func == (one: AufdbError, other: AufdbError) -> Bool {
    one.kind == other.kind && one.message == other.message && one.hint == other.hint && one.place == other.place
  }

  public var description: String { place.map { "\(message) (\($0))" } ?? message }
}
