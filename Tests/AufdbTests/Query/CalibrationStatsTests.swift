// Snapshots against labels: which pairs count, and what is said of the others.

import Testing

@testable import Aufdb

@Suite("Calibration of snapshots") struct CalibrationStatsTests {
  private let store: PickedStore

  /// Two snapshots, the second of which knows less; two judges; a tie, and labels that lack estimates.
  init() throws {
    store = try PickedStore()
    try store.commit { change in
      for snapshot in ["t", "s"] {
        let row = try change.writer(.snapshots)
        row.text(snapshot)
        row.text("import")
        row.null()
        try row.insert()
      }
      try change.addEstimate("p1", "a", [2, 1.5, 2.5])
      try change.addEstimate("p1", "b", [0, -0.5, 0.5])
      try change.addEstimate("p1", "a#1", [1, 0, 2])
      try change.addEstimate("p2", "a", [1, 0, 2])
      try change.addEstimate("p2", "b", [3, 2.5, 3.5])
      try change.addEstimate("p3", "a", [1, 0, 2])
      try change.addEstimate("p1", "a", [-1, -2, 0], snapshot: "t")
      try change.addEstimate("p1", "b", [0, -1, 1], snapshot: "t")
      try change.addEstimate("p2", "b", [0, -1, 1], snapshot: "t")

      try change.addVerdict("p1", "a", over: "b", by: "j")
      try change.addVerdict("p1", "b", over: "a#1", by: "j")
      try change.addVerdict("p2", "a", over: "b", by: "j")
      try change.addVerdict("p3", "a", over: "b", by: "j")
      try change.addVerdict("p4", "a", over: "b", by: "j", tie: true)
      try change.addVerdict("p1", "b", over: "a", by: "k")
      try change.addVerdict("p2", "b", over: "a", by: "k", tie: true)
    }
  }

  @Test("each snapshot meets each judge") func allOfThem() throws {
    let found = try store.reading().calibration()
    #expect(found.map(\.snapshot) == ["s", "s", "t", "t"])
    #expect(found.map(\.judge) == ["j", "k", "j", "k"])
    #expect(found.map(\.labelCount) == [5, 2, 5, 2])
    #expect(found.map(\.tieCount) == [1, 1, 1, 1])
    #expect(found.map(\.missingCount) == [1, 0, 3, 0])
    #expect(found.map(\.calibration.pairCount) == [3, 1, 1, 1])
    #expect(found.map(\.calibration.accuracy) == [1.0 / 3, 0, 0, 1])
    // s is certain of a over b, right with j and wrong with k, and wrong of p2's a over b.
    #expect(found.map(\.calibration.certainRightCount) == [1, 0, 0, 0])
    #expect(found.map(\.calibration.certainWrongCount) == [1, 1, 0, 0])
  }

  @Test("one snapshot and one judge are the same among others or alone") func oneOfThem() throws {
    let all = try store.reading().calibration()
    for stats in all {
      #expect(try store.reading().calibration(of: stats.snapshot, judge: stats.judge) == [stats])
    }
    #expect(try store.reading().calibration(judge: "k") == [all[1], all[3]])
    let fine = try store.reading().calibration(of: "s", judge: "j", binCount: 50)
    #expect(fine[0].calibration.bins.count == 50)
  }

  @Test("what a revision doesn't see doesn't count") func revisions() throws {
    try store.commit { change in
      let id = try change.connection.integer("SELECT id FROM labels WHERE prompt_id = 'p2' AND judge = 'j'")
      try change.retire(.labels, id)
    }
    #expect(try store.reading().calibration(of: "s", judge: "j")[0].calibration.accuracy == 0.5)
    #expect(try store.reading().calibration(of: "s", judge: "j", at: "main~1")[0].calibration.pairCount == 3)
    #expect(try store.reading().calibration(at: "main~2") == [])
  }

  @Test("unknown names are refused, and the nearest are named first") func unknownNames() throws {
    let reading = try store.reading()
    #expect(throws: AufdbError(.refused, "there is no snapshot 'r'", hint: "snapshots here: s, t")) {
      try reading.calibration(of: "r")
    }
    #expect(throws: AufdbError(.refused, "there are no labels of a judge 'kk'", hint: "judges here: k, j")) {
      try reading.calibration(judge: "kk")
    }
    #expect(throws: AufdbError(.refused, "there is no snapshot 's'", hint: "there are no snapshots here")) {
      try reading.calibration(of: "s", at: "main~1")
    }
  }

  @Test("an estimate that is infinite is none") func infinities() throws {
    try store.commit { change in
      try change.addEstimate("p3", "b", [-.infinity, -.infinity, 0])
      try change.addEstimate("p4", "a", [1, 0, .infinity])
    }
    #expect(try store.reading().calibration(of: "s", judge: "j")[0].missingCount == 1)
  }

  @Test("labels and estimates are found through indexes") func plans() throws {
    let sql = "EXPLAIN QUERY PLAN " + CalibrationScan.estimatesSQL
    for sql in [sql, sql + " AND snapshot = ?4"] {
      let plan = try store.reading().read(at: .head) { connection, _ in try connection.all(sql) { $0.string(3) } }
      #expect(plan.contains { $0.contains("USING INDEX estimates_key") } && !plan.contains { $0.hasPrefix("SCAN") })
    }
  }
}
