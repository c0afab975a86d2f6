// The file of what was typed.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct ShellHistoryTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage(bare: ()) }

  @Test func whereItIs() {
    #expect(ShellHistory.path { ["HOME": "/h"][$0] } == "/h/.local/state/aufdb/history")
    #expect(ShellHistory.path { ["HOME": "/h", "XDG_STATE_HOME": "/s"][$0] } == "/s/aufdb/history")
    #expect(ShellHistory.path { ["HOME": "/h", "XDG_STATE_HOME": "s"][$0] } == "/h/.local/state/aufdb/history")
    #expect(ShellHistory.path { _ in nil } == nil)
  }

  @Test func severalShellsShareIt() throws {
    let path = stage.path("a/b/history")
    let (one, other) = try (ShellHistory(path: path), ShellHistory(path: path))
    #expect(try one.append(["SELECT 1;"]) == ["SELECT 1;"])
    #expect(try other.append(["SELECT", "2;"]) == ["SELECT 2;"])
    #expect(try one.append([" secret"]) == [])
    #expect(try ShellHistory(path: path).entries == ["SELECT 1;", "SELECT 2;"])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(stage.path("a/b"), &status) == 0 && status.st_mode & 0o777 == 0o700)
  }

  @Test func linesThatNeedTheirEndsStayLines() {
    #expect(ShellHistory.entries(["SELECT -- a", "1;"]) == ["SELECT -- a", "1;"])
    #expect(ShellHistory.entries(["SELECT 'a", "b';"]) == ["SELECT 'a", "b';"])
    #expect(ShellHistory.entries(["SELECT 'a',", "'b';"]) == ["SELECT 'a', 'b';"])
    #expect(ShellHistory.entries([]) == [])
    #expect(ShellHistory.entries([""]) == [])
    #expect(ShellHistory.entries([String(repeating: "x", count: ShellHistory.byteLimit)]) == [])
  }

  @Test func itIsBounded() throws {
    let line = String(repeating: "x", count: 99)
    let count = ShellHistory.byteLimit / 100 + 1
    let path = try stage.file("history", (0..<count).map { "\($0) \(line.dropFirst("\($0) ".count))\n" }.joined())
    chmod(path, 0o644)
    let entries = try ShellHistory(path: path).entries
    #expect(entries.last?.hasPrefix("\(count - 1) ") == true)
    #expect(entries.count <= count / 2 + 1 && entries.allSatisfy { $0.count == 99 })
    #expect(try stage.bytes("history").count <= ShellHistory.byteLimit / 2)
    #expect(try ShellHistory(path: path).entries == entries)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func whatIsNoFileOrNoTextIsNoHistory() throws {
    #expect(throws: AufdbError.self) { try ShellHistory(path: stage.path("")) }
    #expect(throws: AufdbError.self) { try ShellHistory(path: "/dev/null") }
    let path = try stage.file("history", Array("SELECT 1;\n".utf8) + [0xFF, 0x0A] + Array("SELECT 2;".utf8))
    #expect(try ShellHistory(path: path).entries == ["SELECT 1;", "SELECT 2;"])
  }
}
