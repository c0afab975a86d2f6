// Errors of streams and of SQLite, as errors of ours: one place for both.

import GRDB

extension AufdbError {
  /// A stream's error, with its place.
  init(_ error: StreamError) {
    let kind: Kind =
      switch error.kind {
      case .cannotOpen: .cannotOpenInput
      case .badData: .badData
      case .cannotCreate: .cannotCreateOutput
      case .inputOutput, .closedPipe: .inputOutput
      }
    let file = error.path == "-" ? "standard input" : error.path
    self.init(kind, error.reason, hint: error.hint, at: Place(file: file, line: error.line))
  }

  /// What `body` gives; what it throws, as one of ours.
  @inline(__always)
  static func ofStream<T: ~Copyable>(_ body: @autoclosure () throws(StreamError) -> T) throws(AufdbError) -> T {
    do throws(StreamError) {
      return try body()
    } catch {
      throw AufdbError(error)
    }
  }

  /// An error of SQLite, a stream or JSON as one of ours; any other stays what it is.
  static func translated(_ error: any Error) -> any Error {
    switch error {
    case let error as StreamError: AufdbError(error)
    case let error as JSONError: AufdbError(.badData, error.reason.description)
    case let failure as JudgeFailure: failure.cause
    case let error as DatabaseError:
      sqlite(code: error.extendedResultCode.rawValue, message: error.message ?? "unknown")
    default: error
    }
  }

  /// An error of any origin as one of ours.
  static func from(_ error: any Error) -> AufdbError {
    translated(error) as? AufdbError ?? AufdbError(.internalDefect, "\(error)")
  }
}
