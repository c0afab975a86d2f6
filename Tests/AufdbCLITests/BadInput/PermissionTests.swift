// What happens without permission, seen by a user who has none: root's children step down to one first.

import Foundation
import Glibc
import Testing

@testable import AufdbCLI

@Suite("Permissions") struct PermissionTests {
  private let stage: CommandStage

  init() throws {
    stage = try CommandStage()
    try stage.file("input.jsonl", #"{"prompt_id":"new","prompt":"q","completions":[]}"#)
    try setMode("store.aufdb", 0o666)
  }

  private func setMode(_ name: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: stage.path(name))
  }

  /// Runs a command line as a user who owns nothing; `folder` is the mode of the store's folder meanwhile.
  private func expectRefused(
    _ arguments: [String], folder: Int, exitCode: Int32, error: String, hint: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try stage.contents()
    let (code, text) = try await run(arguments, folder: folder)
    #expect(code == exitCode, sourceLocation: sourceLocation)
    let expected = "error: \(error)\n" + (hint.map { "hint: \($0)\n" } ?? "")
    #expect(
      text == expected.replacing("{}/", with: stage.path("")), sourceLocation: sourceLocation)
    try setMode("", 0o755)
    #expect(try stage.contents() == before, sourceLocation: sourceLocation)
  }

  private func run(_ arguments: [String], folder: Int) async throws -> (exitCode: Int32?, text: String) {
    try setMode("", folder)
    defer { try? setMode("", 0o755) }
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent, \.exitStatus]) {
      [arguments = arguments as [String]] in
      if geteuid() == 0 { guard setgid(65534) == 0, setuid(65534) == 0 else { exit(99) } }
      let run = CommandStage.run(arguments)
      FileHandle.standardError.write(Data((run.output + run.error).utf8))
      // All codes are to be failures, so that one kind of exit is expected: 200 stands for 0.
      exit(run.exitCode == 0 ? 200 : run.exitCode)
    }
    let report = try #require(result)
    let code: Int32? = if case .exitCode(let code) = report.exitStatus { code == 200 ? 0 : code } else { nil }
    return (code, String(decoding: report.standardErrorContent, as: UTF8.self))
  }

  @Test("to write in the store's folder")
  func folder() async throws {
    for arguments in [
      ["import", stage.store, stage.path("input.jsonl")], ["select", stage.store, "--method", "random"],
      ["annotate", stage.store, "--judge", "random"],
    ] {
      try await expectRefused(
        arguments, folder: 0o555, exitCode: 73,
        error: "the store can't be written: {}/store.aufdb-lock: Permission denied",
        hint: "aufdb needs permission to write in the store's folder")
    }
    try await expectRefused(
      ["init", stage.path("new.aufdb")], folder: 0o555, exitCode: 73,
      error: "can't be created: permission denied ({}/new.aufdb)")
  }

  @Test("to write the store itself")
  func store() async throws {
    try setMode("store.aufdb", 0o444)
    try await expectRefused(
      ["import", stage.store, stage.path("input.jsonl")], folder: 0o777, exitCode: 73,
      error: "the store can't be written: {}/store.aufdb: Permission denied")
  }

  @Test("to read the store, or the input")
  func reading() async throws {
    try setMode("input.jsonl", 0)
    try await expectRefused(
      ["import", stage.store, stage.path("input.jsonl")], folder: 0o777, exitCode: 66,
      error: "can't be opened: permission denied ({}/input.jsonl)")
    try setMode("store.aufdb", 0)
    for arguments in [["query", stage.store, "SELECT 1"], ["import", stage.store, stage.path("input.jsonl")]] {
      try await expectRefused(
        arguments, folder: 0o777, exitCode: 66, error: "can't be opened: permission denied ({}/store.aufdb)")
    }
    try await expectRefused(
      ["stats", stage.store], folder: 0o000, exitCode: 66, error: "{}/store.aufdb: Permission denied")
  }

  @Test("a reader needs none to write, whatever the store's name is", arguments: [0o555, 0o755])
  func reader(folder: Int) async throws {
    let name = "störe \u{1F642} ?#%41&mode=rwc.aufdb"
    try FileManager.default.moveItem(atPath: stage.store, toPath: stage.path(name))
    try setMode(name, 0o444)
    let before = try stage.contents()
    let sql = "SELECT count(*) FROM responses"
    let (code, text) = try await run(["query", stage.path(name), sql, "--format", "csv"], folder: folder)
    #expect(code == 0)
    #expect(text == "count(*)\n4\n")
    #expect(try stage.contents() == before)
  }
}
