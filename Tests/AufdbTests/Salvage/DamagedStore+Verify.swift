// What is asked of `verify` about a damaged store: that it ends, and doesn't call anything sound that isn't what it was.

import Testing

@testable import Aufdb

extension DamagedStore {
  /// Expects that verify tells of the damage, or that nothing that can be read is other than it was: neither what each
  /// commit shows, nor history, names and any row of any table.
  ///
  /// - Parameter answersMayGo: whether kept answers may be gone, which are a cache, and counted nowhere.
  /// - Returns: whether it was told.
  @discardableResult
  func expectNoLie(
    _ comment: Comment, answersMayGo: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Bool {
    do {
      guard try Store(path, for: .reading).verify().isSound else { return true }
    } catch let error as AufdbError {
      #expect(Self.honestKinds.contains(error.kind), "\(comment): \(error)", sourceLocation: sourceLocation)
      return true
    }
    let isUnchanged = try tampered.isUnchanged()
    #expect(isUnchanged, comment, sourceLocation: sourceLocation)
    let (found, expected) = (try Self.dump(path), try Self.originalDump.get())
    // Without the values: a difference would be printed by the megabyte.
    let isSame =
      answersMayGo
      ? found.filter { !$0.hasPrefix("answer: ") } == expected.filter { !$0.hasPrefix("answer: ") } : found == expected
    #expect(isSame, comment, sourceLocation: sourceLocation)
    return false
  }

  static let honestKinds: [AufdbError.Kind] = [.badData, .cannotOpenInput, .inputOutput]

  private static let originalDump = Result {
    let store = try DamagedStore()
    return try withExtendedLifetime(store) { try dump(store.path) }
  }

  /// A copy of the original's bytes, to be changed.
  func damaged(_ change: (inout [UInt8]) -> Void) throws {
    var bytes = original
    change(&bytes)
    try restore(bytes)
  }
}

extension [UInt8] {
  /// The big-endian number of so many bytes at a place.
  func bigEndian(at place: Int, _ count: Int) -> Int { self[place..<place + count].reduce(0) { $0 << 8 | Int($1) } }

  /// Writes a big-endian number.
  mutating func put(_ number: Int, at place: Int, _ count: Int) {
    for index in 0..<count { self[place + index] = UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - index))) }
  }
}
