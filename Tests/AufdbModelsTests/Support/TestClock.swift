// A clock that jumps over all waiting.

@testable import AufdbModels

/// Time passes only while somebody sleeps, and then at once.
final class TestClock {
  private(set) var now = 1000.0
  private(set) var sleptSeconds = 0.0

  var clock: AskClock {
    AskClock(
      now: { self.now }, unixSeconds: { 1_700_000_000 + self.now },
      sleep: { seconds in
        self.now += seconds
        self.sleptSeconds += seconds
      })
  }
}
