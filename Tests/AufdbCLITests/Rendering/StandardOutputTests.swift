// What becomes of bytes on their way out when nobody takes them any longer.

import Aufdb
import Glibc
import Testing

@testable import AufdbCLI

@Suite struct StandardOutputTests {
  // As the command does, or a write would end the tests.
  init() { signal(SIGPIPE, SIG_IGN) }

  @Test func aPipeWithoutReadersIsNoticedThoughNothingIsWritten() {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[1]) }
    let output = StandardOutput(ends[1])
    #expect(output.handOn() && !output.isUnread())
    close(ends[0])
    #expect(output.isUnread())
    #expect(!output.handOn())
    #expect(output.failure?.kind == .closedPipe)
  }

  @Test func filesAndDevicesHaveNoReadersToLose() throws {
    for path in ["/dev/null", "/proc/self/exe"] {
      let descriptor = open(path, O_RDONLY)
      defer { close(descriptor) }
      let output = StandardOutput(descriptor)
      #expect(descriptor >= 0 && output.handOn() && output.failure == nil, "\(path)")
    }
  }

  @Test func aQueryThatComputesWithoutEndStopsWhenItsReaderIsGone() throws {
    let store = try EmptyStore()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let test = TestSurroundings()
    var surroundings = test.surroundings
    surroundings.output = StandardOutput(ends[1])
    // Each look at the clock finds half a second gone.
    surroundings.now = {
      test.milliseconds += 500
      return test.milliseconds
    }
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    for format in OutputFormat.allCases {
      let code = AufdbCommand.run(["query", store.path, endless, "--format", format.rawValue], in: surroundings)
      #expect(code == 0 && test.error == "", "\(format)")
    }
  }
}
