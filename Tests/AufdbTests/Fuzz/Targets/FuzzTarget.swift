// What is fuzzed: each target is a parser, or the way of an input through several, with sound inputs to begin with and
// the properties that hold whatever the bytes are.
//
// Nothing here knows of a test library, so that a fuzzer's program can have the same targets as the tests
// (FuzzTests.swift).
//
// What must hold: no trap and no bad access; an input that is refused is refused by an error of ours, of a kind that
// isn't a defect; and what was read, written and read again is the same.

@testable import Aufdb

/// One parser under fuzz.
struct FuzzTarget: Sendable {
  let name: String
  /// Sound inputs.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads an input. Throws what the parser throws, or `FuzzFailure`.
  private let read: @Sendable (Bytes) throws -> Void

  init(
    _ name: String, seeds: @autoclosure @escaping @Sendable () throws -> [[UInt8]],
    _ read: @escaping @Sendable (Bytes) throws -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.read = read
  }

  static let all = json + files + words + answers + imports + rows + stores

  /// Reads an input, and holds the error that it may give to what errors must be.
  ///
  /// - Throws: `FuzzFailure` where a property doesn't hold.
  func check(_ bytes: Bytes) throws {
    do {
      try read(bytes)
    } catch {
      try Self.checkError(error)
    }
  }

  /// Whether an input is read, and not refused.
  func isSound(_ bytes: [UInt8]) -> Bool { (try? bytes.withUnsafeBytes { try read($0) }) != nil }

  /// Holds an error to what errors must be.
  ///
  /// - Throws: `FuzzFailure` where it isn't so, and where it is one.
  static func checkError(_ error: any Error) throws {
    switch error {
    case let failure as FuzzFailure: throw failure
    case let error as ProtocolFault: try checkText(error.message)
    case let error as BatchReader.BadLine: try check(error.error)
    case let error as ModelFailure: try require(!error.message.isEmpty, "a failure says nothing")
    default: try check(AufdbError.from(error))
    }
  }

  private static func check(_ error: AufdbError) throws {
    // A small input fills no disk and no memory.
    try require(![.internalDefect, .inputOutput, .cannotCreateOutput].contains(error.kind), "\(error.kind): \(error)")
    try checkText(error.message)
    if let hint = error.hint { try require(!hint.isEmpty, "a hint says nothing") }
  }

  private static func checkText(_ text: String) throws {
    try require(!text.isEmpty, "an error says nothing")
    try require(text.utf8.count < 20_000, "an error of \(text.utf8.count) bytes")
  }
}

/// A property that doesn't hold.
struct FuzzFailure: Error, CustomStringConvertible {
  let description: String
}

/// Throws `FuzzFailure` where a property doesn't hold.
func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(FuzzFailure) {
  guard holds else { throw FuzzFailure(description: what()) }
}
