// Readers that come and go while a writer comes and goes: each reading is of one whole commit.

import Synchronization
import Testing

@testable import Aufdb

@Suite("Readers and a writer at the same time")
struct ComingAndGoingTests {
  /// What one reading found.
  private struct Sight: Sendable {
    let commit: CommitID
    let rowCounts: [Relation: Int]
    let logCount: Int
  }

  @Test("Each reading is of one whole commit, and nobody is turned away", arguments: [51] as [UInt64])
  func together(seed: UInt64) async throws {
    let modelled = try ModelledStore(seed: seed)
    modelled.waitSeconds = 60
    try modelled.commitRandomly(count: 10)
    let path = modelled.path
    try await withThrowingTaskGroup(of: [Sight].self) { group in
      let finished = Finished()
      for _ in 0..<3 {
        group.addTask {
          var sights: [Sight] = []
          // At least one after the last commit, however the tasks are scheduled.
          while true {
            let isLast = finished.isSet
            sights.append(try Self.look(path))
            if isLast { return sights }
          }
        }
      }
      for step in 0..<25 {
        try modelled.commitRandomly(count: 8)
        if step % 2 == 0 { modelled.close() }
      }
      modelled.close()
      finished.set()
      for try await sights in group {
        #expect(sights.last?.commit == (try modelled.tip().id))
        for sight in sights {
          let model = try #require(modelled.history.first { $0.id == sight.commit })
          for relation in Relation.allCases {
            #expect(sight.rowCounts[relation] == model.state.rows(of: relation).count, "seed \(seed)")
          }
          #expect(sight.logCount == Int(model.sequence))
        }
      }
    }
    try modelled.expectAll("seed \(seed)")
    // A log that readers kept from being cleared away goes with the next writer.
    _ = try modelled.writer()
    modelled.close()
    #expect(try modelled.folder.names() == ["store.aufdb"])
  }

  private static func look(_ path: String) throws -> Sight {
    let store = try Store(path, for: .reading)
    return try store.read(at: .head) { connection, commit in
      var counts: [Relation: Int] = [:]
      for relation in Relation.allCases {
        counts[relation] = Int(try connection.integer("SELECT count(*) FROM \(relation.name)"))
      }
      let logCount = Int(try connection.integer("SELECT count(*) FROM commits"))
      return Sight(commit: commit.id, rowCounts: counts, logCount: logCount)
    }
  }

  private final class Finished: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
  }
}
