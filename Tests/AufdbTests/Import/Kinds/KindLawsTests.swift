// What holds for the records of every kind, tried on random ones: again changes nothing, order and split don't matter
// where they shouldn't, and a record that is refused leaves nothing behind.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Laws of all kinds of records") struct KindLawsTests {
  static let kinds: [ImportKind] = [
    .completions, .ultrafeedback, .responses, .preferences, .scores, .labels, .estimates,
  ]
  static let cases = kinds.flatMap { kind in (UInt64(1)...3).map { (kind, $0) } }

  /// A store with what records of scores, labels and estimates speak of.
  private static func store() throws -> ImportFixture {
    let store = try ImportFixture()
    let lines = (0..<3).map { number in
      completionsLine("p\(number)", ["a", "b"].map { completion($0, "\($0) says \(number)") })
    }
    try store.importLines(lines)
    return store
  }

  @Test("an import twice changes nothing", arguments: cases)
  func twice(kind: ImportKind, seed: UInt64) throws {
    var records = RandomRecords(kind, seed: seed, isContradictory: false)
    let lines = (0..<40).map { _ in records.line() }
    let store = try Self.store()
    let first = try store.importLines(lines, as: kind)
    #expect(first.report.recordCount == 40)
    let everything = try store.everything()
    #expect(try store.importLines(lines, as: kind).commit == nil, "seed \(seed)")
    let again = try store.importLines(lines.shuffled(using: &records.generator), as: kind, replaces: true)
    #expect(again.commit == nil, "seed \(seed): nor in another order")
    #expect(try store.everything() == everything)
    #expect(try store.isSound())
  }

  @Test("a split over files and commits doesn't matter", arguments: cases)
  func split(kind: ImportKind, seed: UInt64) throws {
    var records = RandomRecords(kind, seed: seed, isContradictory: false)
    let lines = (0..<30).map { _ in records.line() }
    let (whole, files, stepwise) = (try Self.store(), try Self.store(), try Self.store())
    try whole.importLines(lines, as: kind, snapshot: "s")
    let cut = Int.random(in: 1..<30, using: &records.generator)
    try files.importLines(of: [Array(lines[..<cut]), Array(lines[cut...])]) { ($0.kind, $0.snapshot) = (kind, "s") }
    for part in [lines[..<cut], lines[cut...]] { try stepwise.importLines(Array(part), as: kind, snapshot: "s") }
    let expected = try whole.everything()
    #expect(try files.everything() == expected, "seed \(seed)")
    #expect(try stepwise.everything() == expected, "seed \(seed)")
  }

  @Test("a record that is refused leaves nothing behind, and the ones after it come in", arguments: cases)
  func allOrNothing(kind: ImportKind, seed: UInt64) throws {
    for dedupes in [false, true] {
      var records = RandomRecords(kind, seed: 100 + seed, isContradictory: true)
      let lines = (0..<60).map { _ in records.line() }
      let (store, other) = (try Self.store(), try Self.store())
      let (good, report) = try store.importGoodOnes(of: lines, as: kind, dedupes: dedupes)
      #expect((8..<60).contains(good.count), "seed \(seed): \(good.count) good ones")
      let expected = try other.importLines(of: [good]) { options in
        (options.kind, options.snapshot, options.judge, options.dedupes) = (kind, "s", "j", dedupes)
      }
      #expect(try store.everything() == other.everything(), "seed \(seed)")
      #expect(try store.isSound())
      #expect(report.unchangedCount == expected.report.unchangedCount, "seed \(seed)")
      #expect(report.oneResponseCount == expected.report.oneResponseCount)
      #expect(report.suspectScoreCount == expected.report.suspectScoreCount)
      #expect(report.alikePromptCount == expected.report.alikePromptCount)
      #expect(report.foldedPromptCount == expected.report.foldedPromptCount)
      #expect(report.leftOutCount == expected.report.leftOutCount)
      #expect(report.rewardsOutsideBoundsCount == expected.report.rewardsOutsideBoundsCount)
    }
  }
}

extension ImportFixture {
  /// Imports lines, passing over those that are refused, as the importers themselves allow.
  fileprivate func importGoodOnes(
    of lines: [String], as kind: ImportKind, dedupes: Bool
  ) throws -> (good: [String], report: ImportReport) {
    let options = ImportOptions(files: ["-"], judge: "j", snapshot: "s", dedupes: dedupes)
    return try writing { store in
      try store.commit(Self.context()) { change in
        let importer = try ImportState(options, into: change).importer(of: kind, file: "-")
        var (good, report) = ([String](), ImportReport())
        for line in lines {
          do {
            try Array(line.utf8).withUnsafeBytes { try importer.importRecord($0, &report) }
            good.append(line)
          } catch is JSONError {
          } catch let error as AufdbError where error.kind == .badData {
          }
        }
        return (CommitNote(message: "good ones", operation: Operation("import")), (good, report))
      }.1
    }
  }
}
