// How many faults a test run makes: few by themselves, and as many as a person asks for.
//
//   AUFDB_FAULTS=long       every moment of every verb, and 3,000 power losses
//   AUFDB_FAULT_SEED=N      another choice of moments; each failure prints the seed that makes it again

import AufdbTestSupport
import Foundation

enum FaultRuns {
  private static let environment = ProcessInfo.processInfo.environment

  static let isLong = environment["AUFDB_FAULTS"] == "long"
  static let seed = environment["AUFDB_FAULT_SEED"].flatMap(UInt64.init) ?? 1

  static let powerLossCount = isLong ? 3_000 : 30

  /// Those verbs that get a kind of fault: all of them, or each by turns.
  static func verbs(_ count: Int, part: Int, of partCount: Int) -> [Int] {
    (0..<count).filter { isLong || (UInt64($0) &+ seed) % UInt64(partCount) == UInt64(part) }
  }

  /// Of the moments 1...`count`, those at which something is to fail: all of them, or some by seed.
  static func moments(_ count: Int, atMost limit: Int, seed: UInt64) -> [Int] {
    guard count > 0 else { return [] }
    if isLong || count <= limit { return Array(1...count) }
    var generator = SeededGenerator(seed: seed)
    return (0..<limit).map { _ in Int.random(in: 1...count, using: &generator) }
  }

  /// Says on standard error how many faults there were, where somebody waits for it.
  static func report(_ text: String) {
    if isLong { FileHandle.standardError.write(Data((text + "\n").utf8)) }
  }
}
