// Several processes that write to one store at once: each waits its turn, and nothing is lost.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Several writers", .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
struct SeveralWritersTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private static func prompt(_ name: String) -> [UInt8] {
    Array(#"{"prompt_id":"\#(name)","prompt":"q","completions":[]}"#.utf8)
  }

  /// Imports one prompt after the other to a branch, each by a process of its own.
  private static func write(_ names: [String], to branch: String, of store: String) throws {
    for name in names {
      let run = try BuiltCommand.run(
        ["import", store, "-", "--as", "completions", "--branch", branch, "--wait", "600"],
        input: prompt(name))
      #expect(run.exitCode == 0, "\(name): \(run.error)")
    }
  }

  @Test("Two processes on one branch, one on another that merges the first in: every commit is there")
  func nothingIsLost() async throws {
    try stage.expectDone("branch", "create", stage.store, "side")
    let before = try Store(stage.store, for: .reading).log().count
    let names = ["a", "b", "s"].map { writer in (0..<12).map { "\(writer)\($0)" } }
    let store = stage.store
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try Self.write(names[0], to: "main", of: store) }
      group.addTask { try Self.write(names[1], to: "main", of: store) }
      group.addTask {
        for name in names[2] {
          try Self.write([name], to: "side", of: store)
          let run = try BuiltCommand.run(
            ["merge", store, "main", "--branch", "side", "--wait", "600"], input: [])
          #expect(run.exitCode == 0, "\(run.error)")
        }
      }
      try await group.waitForAll()
    }
    let main = CommandStage.run(["query", stage.store, "SELECT prompt_id FROM prompts", "--format", "csv"])
    #expect(Set(main.output.split(separator: "\n")).isSuperset(of: (names[0] + names[1]).map { $0[...] }))
    #expect(try Store(stage.store, for: .reading).log().count == before + 24)
    try stage.expectDone("merge", stage.store, "side")
    let all = CommandStage.run(["query", stage.store, "SELECT prompt_id FROM prompts", "--format", "csv"])
    #expect(Set(all.output.split(separator: "\n")).isSuperset(of: names.joined().map { $0[...] }))
    #expect(CommandStage.run(["verify", stage.store]).exitCode == 0)
  }
}
