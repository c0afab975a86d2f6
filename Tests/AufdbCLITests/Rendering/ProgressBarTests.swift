// When progress is shown, and what it looks like.

import Testing

@testable import AufdbCLI

@Suite struct ProgressBarTests {
  @Test func isSilentAtFirstAndThenDrawsTenTimesASecond() {
    let test = TestSurroundings()
    test.isErrorTerminal = true
    let bar = ProgressBar(in: test.surroundings)
    test.milliseconds += 999
    bar.update(0.1, "early")
    #expect(test.error == "")
    test.milliseconds += 1
    bar.update(0.25, "12 rows")
    let line = "[#####...............]  25%  12 rows"
    #expect(test.error == "\r\u{1B}[K" + line)
    test.milliseconds += 99
    bar.update(0.3, "13 rows")
    #expect(test.error == "\r\u{1B}[K" + line)
    bar.finish()
    #expect(test.error == "\r\u{1B}[K" + line + "\r\u{1B}[K")
  }

  @Test func isSilentWithoutATerminalAndWhenNothingWasShown() {
    let test = TestSurroundings()
    let bar = ProgressBar(in: test.surroundings)
    test.milliseconds += 5000
    bar.update(0.5, "half")
    bar.finish()
    test.isErrorTerminal = true
    ProgressBar(in: test.surroundings).finish()
    #expect(test.error == "")
  }

  @Test(
    arguments: [
      (nil, "5 rows"), (0, "[....................]   0%  5 rows"), (1, "[####################] 100%  5 rows"),
      (7, "[####################] 100%  5 rows"), (.nan, "[....................]   0%  5 rows"),
    ] as [(Double?, String)])
  func lines(_ fraction: Double?, _ line: String) {
    #expect(ProgressBar.line(fraction, "5 rows", columns: 80) == line)
  }

  @Test func paceSaysHowFastAndHowLong() {
    let test = TestSurroundings()
    test.isErrorTerminal = true
    let bar = ProgressBar(in: test.surroundings)
    test.milliseconds += 2000
    #expect(bar.pace("7 records", 3_000_000, nil) == "7 records, 1.5 MB/s")
    #expect(bar.pace("7 records", 170_900_000, 0.25) == "7 records, 85 MB/s, 6 s left")
    #expect(bar.pace("0 records", 0, 0) == "0 records, 0 MB/s")
  }

  @Test func fitsTheTerminal() {
    #expect(ProgressBar.line(nil, "漢字漢字 rows", columns: 8) == "漢字漢…")
    #expect(ProgressBar.line(nil, "a\u{1B}b", columns: 80) == "a\\x1bb")
  }
}
