// Which commit an export came from, and whether that commit still gives it.

import Foundation
import Testing

@testable import Aufdb

@Suite("Origin of exports")
struct ExportOriginTests {
  private func store() throws -> (TestStore, CommitID) {
    let store = try TestStore()
    try store.addPairs(5)
    let commit = try #require(try store.reading().log(limit: 1).first).id
    return (store, commit)
  }

  @Test("a commit is named by a tag, or by the nearest branch")
  func names() throws {
    let (store, commit) = try store()
    let id = commit.description
    #expect(try store.reading().origin(ofCommit: id)?.name == "main")
    try store.commit { try $0.addPrompt("x", "x") }
    try store.commit { try $0.addPrompt("y", "y") }
    let origin = try #require(try store.reading().origin(ofCommit: id))
    #expect(origin.name == "main~2")
    #expect(origin.commit.id == commit)
    #expect(try store.reading().origin(ofCommit: String(repeating: "0", count: 64)) == nil)
    #expect(try store.reading().origin(ofCommit: "' OR 1") == nil)
  }

  @Test("an export of each format is what its commit gives, also after later commits", arguments: ExportFormat.allCases)
  func same(format: ExportFormat) throws {
    let (store, _) = try store()
    if format == .completions {
      _ = try store.reading().exportCompletions(CompletionsOptions(directory: store.folder.path("out")))
    } else {
      try store.export(format) { $0.hasMargin = true }
    }
    try store.commit { try $0.retire(.labels, 1) }
    let comparison = try store.reading().compareExport(
      store.folder.path("out"), makingBeside: store.folder.path("made"))
    #expect(comparison.findings == [] && comparison.notes == [] && comparison.isMade)
  }

  @Test("an export with a changed manifest is not what its commit gives")
  func changed() throws {
    let (store, commit) = try store()
    try store.commit { change in
      try change.retire(.labels, 1)
      try change.addLabel("p000", chosen: "b", rejected: "a")
    }
    let folder = try store.export().folder
    let url = URL(filePath: "\(folder.path)/manifest.json")
    let text = try folder.text("manifest.json")
    func findings(_ old: String, _ new: String, _ name: String) throws -> ExportComparison {
      try #require(text.contains(old))
      try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: url)
      return try store.reading().compareExport(folder.path, makingBeside: store.folder.path(name))
    }
    let head = try #require(try store.reading().log(limit: 1).first).id.description
    #expect(
      try findings(head, commit.description, "a").findings == [
        "data/train-00000-of-00001.jsonl.zst is not what the commit gives",
        "manifest.json is not what the commit gives",
      ])
    #expect(
      try findings(#""labels": 5"#, #""labels": 6"#, "b").findings == ["manifest.json is not what the commit gives"])
    #expect(
      try findings(#""judges": []"#, #""judges": ["nobody"]"#, "c").findings.first?
        .hasPrefix("the commit doesn't give this export: ") == true)
    #expect(
      try findings(#""decontaminate": []"#, #""decontaminate": ["/nowhere/at/all"]"#, "d").notes.first?
        .hasPrefix("not made again: ") == true)
    let other = try findings(#""aufdb": "\#(AufdbVersion.current)""#, #""aufdb": "0.0.1""#, "e")
    #expect(other.findings == [])
    #expect(other.notes.count == 1)
    #expect(try findings(head, "nonsense", "f").findings.count == 1)
    try Data(text.utf8).write(to: url)
    try Data("mine".utf8).write(to: URL(filePath: "\(folder.path)/README.md"))
    let card = try store.reading().compareExport(folder.path, makingBeside: store.folder.path("g"))
    #expect(card.findings.isEmpty && card.notes == ["README.md is not as it was written"])
  }
}
