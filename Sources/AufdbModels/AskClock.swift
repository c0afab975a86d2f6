// The time of a run, so that tests of waiting need not wait.

import Glibc

/// Tells the time, and lets it pass.
struct AskClock {
  /// Seconds since some moment; never goes back.
  var now: () -> Double
  /// Seconds since 1970.
  var unixSeconds: () -> Double
  /// Called only while nothing is under way.
  var sleep: (Double) -> Void

  static var system: AskClock {
    AskClock(
      now: { seconds(of: CLOCK_MONOTONIC) }, unixSeconds: { seconds(of: CLOCK_REALTIME) },
      sleep: { seconds in
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1e9))
        // Interrupted by a signal it returns early: whoever waits looks at the time again.
        _ = nanosleep(&time, nil)
      })
  }

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
