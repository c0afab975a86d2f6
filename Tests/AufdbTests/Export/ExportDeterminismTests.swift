// The same commit and options give the same bytes, whatever was committed since and wherever the file ends.

import Foundation
import Testing

@testable import Aufdb

@Suite("Exports are deterministic")
struct ExportDeterminismTests {
  @Test("twice the same bytes", arguments: ExportFormat.training)
  func twice(format: ExportFormat) throws {
    let store = try TestStore()
    try store.addPairs(50)
    let one = try store.export(format, to: "one")
    let two = try store.export(format, to: "two")
    #expect(try one.folder.contents() == two.folder.contents())
    #expect(one.report == two.report)
  }

  @Test("an old commit exports to the same bytes after later commits", arguments: ExportFormat.training)
  func afterLaterCommits(format: ExportFormat) throws {
    let store = try TestStore()
    try store.addPairs(50)
    let commit = try #require(try store.reading().log(limit: 1).first)
    let revision = try Revision(commit.id.description)
    let before = try store.export(format, to: "before") { $0.revision = revision }.folder.contents()
    try store.commit { change in
      // New versions of texts and labels, one gone, and more of everything.
      try change.retire(.responses, 7)
      try change.addResponse("p003", "a", "a later answer")
      try change.retire(.labels, 9)
      try change.addLabel("p008", chosen: "b", rejected: "a")
      try change.retire(.labels, 10)
      try change.retire(.prompts, 20)
      try change.addPrompt("p019", "another question")
      try change.addPrompt("p0005", "between the others")
    }
    try store.commit { try $0.addLabel("p0005", chosen: "b", rejected: "a", judge: "somebody new") }
    let after = try store.export(format, to: "after") { $0.revision = revision }.folder.contents()
    #expect(before == after)
    let now = try store.export(format, to: "now") { $0.judges = ["overall"] }.folder.contents()
    let data = try #require(after.keys.first { $0.hasPrefix("data/") })
    #expect(now[data] != nil && now[data] != after[data])
  }

  @Test("the order of rows is the one in which history bore their labels")
  func order() throws {
    let store = try TestStore()
    let order = [5, 3, 11, 0, 9, 7, 1, 2, 10, 6, 4, 8]
    try store.commit { change in
      for index in order.sorted() {
        try change.addPrompt("p\(index)", "?")
        try change.addResponse("p\(index)", "a", "yes")
        try change.addResponse("p\(index)", "b", "no")
      }
    }
    for part in [order.prefix(7), order.suffix(5)] {
      try store.commit { change in
        for index in part { try change.addLabel("p\(index)", chosen: "a", rejected: "b") }
      }
    }
    let promptIDs = try store.export().folder.rows().map { $0.split(separator: "\"")[3] }
    #expect(promptIDs == order.map { "p\($0)" })
  }

  @Test("files end where the limit says, and hold the same rows together", arguments: [1, 200, 1_000, 7_777, 1 << 20])
  func shards(shardBytes: Int) throws {
    let store = try TestStore()
    try store.addPairs(40)
    let whole = try store.export(to: "whole").folder.rows()
    let (folder, report) = try store.export { $0.sharding = .size(bytes: shardBytes) }
    let count = report.files.count
    #expect(try folder.rows() == whole)
    #expect(try folder.names("data") == report.files.map { String($0.path.dropFirst(5)) })
    let contentBytes = whole.reduce(0) { $0 + $1.utf8.count + 1 }
    #expect(report.files.reduce(0) { $0 + $1.rowCount } == 40)
    #expect(report.files.reduce(0) { $0 + $1.contentBytes } == contentBytes)
    for (index, file) in report.files.enumerated() {
      let digits = String("0000\(count)".suffix(5))
      #expect(file.path.hasSuffix("-of-\(digits).jsonl.zst"))
      #expect(file.contentBytes <= shardBytes || file.rowCount == 1)
      #expect(try folder.rows(file.path).count == file.rowCount)
      // The row that comes next would not have fitted.
      if index + 1 < count, let next = try folder.rows(report.files[index + 1].path).first {
        #expect(file.contentBytes + next.utf8.count + 1 > shardBytes)
      }
    }
    let again = try store.export(to: "again") { $0.sharding = .size(bytes: shardBytes) }.folder
    #expect(try again.contents() == folder.contents())
  }

  @Test("the lookups of texts go through the relations' indexes, at the head and in the past")
  func queryPlans() throws {
    let store = try TestStore()
    try store.addPairs(5)
    try store.commit { change in
      try change.retire(.responses, 1)
      try change.retire(.prompts, 1)
      try change.retire(.labels, 1)
    }
    for revision in ["main", "main~1"] {
      try store.reading().read(at: Revision(revision), showsIDs: true) { connection, _ in
        func plan(_ sql: String) throws -> String {
          try connection.all("EXPLAIN QUERY PLAN " + sql) { $0.string(3) }.joined(separator: "\n")
        }
        let response = try plan(PreferenceReader.responseSQL)
        let prompt = try plan(PreferenceReader.promptSQL)
        #expect(response.contains("USING INDEX responses_key (prompt_id=? AND model=? AND sample=?"))
        #expect(prompt.contains("USING INDEX prompts_key (prompt_id=?"))
        let group = try plan(LabelGroups.sql)
        #expect(group.contains("USING INDEX labels_key (prompt_id=?"))
        #expect(!(response + prompt + group).contains("SCAN"), "\(response)\n\(prompt)\n\(group)")
      }
    }
  }
}
