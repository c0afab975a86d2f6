// A line on the terminal that tells how far a long verb has come.

/// Shows a fraction and a few words, and takes them away when it is over.
///
/// It stays silent where the messages don't go to a terminal, and for verbs that take less than about a second.
final class ProgressBar {
  private let write: (String) -> Void
  private let isShown: Bool
  private let now: () -> Int64
  private let columns: Int
  private let start: Int64
  private var lastDrawing: Int64?

  private static let delayMilliseconds: Int64 = 1000
  private static let intervalMilliseconds: Int64 = 100
  private static let barColumns = 20

  init(in surroundings: Surroundings) {
    write = surroundings.writeBeside
    isShown = surroundings.isErrorTerminal
    now = surroundings.now
    columns = surroundings.terminalColumns ?? 80
    start = surroundings.now()
  }

  /// Notes how far it has come. May be called as often as one likes.
  ///
  /// - Parameters:
  ///   - fraction: 0 to 1; nil where the end isn't known.
  ///   - text: a few words, such as "12,000 responses".
  func update(_ fraction: Double?, _ text: @autoclosure () -> String) {
    guard isShown else { return }
    let time = now()
    guard time - start >= Self.delayMilliseconds, time - (lastDrawing ?? 0) >= Self.intervalMilliseconds else { return }
    lastDrawing = time
    write("\r\u{1B}[K" + Self.line(fraction, VisibleText.of(text()), columns: columns))
  }

  /// How long it will go on at the pace so far: "40 s", "12 min", "3 h 5 min"; nil as long as that can't be told.
  func timeLeft(_ fraction: Double) -> String? {
    guard isShown, fraction > 0.01, fraction <= 1 else { return nil }
    let seconds = Double(now() - start) / 1000 * (1 - fraction) / fraction
    guard seconds.isFinite, seconds < 1e7 else { return nil }
    let minutes = Int(seconds / 60)
    if seconds < 100 { return "\(Int(seconds)) s" }
    return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// How much there is by now, how fast it comes, and how long it will go on: "12000 records, 85 MB/s, 40 s left".
  func pace(_ count: String, _ readBytes: Int, _ fraction: Double?) -> String {
    let seconds = Double(max(1, now() - start)) / 1000
    let rate = Double(readBytes) / 1e6 / seconds
    let left = fraction.flatMap(timeLeft).map { ", \($0) left" } ?? ""
    return "\(count), \(rate < 10 ? Double(Int(rate * 10)) / 10 : Double(Int(rate))) MB/s\(left)"
      .replacing(".0 MB/s", with: " MB/s")
  }

  /// Clears the line.
  func finish() {
    guard lastDrawing != nil else { return }
    lastDrawing = nil
    write("\r\u{1B}[K")
  }

  /// What is drawn, in less than `columns` columns, so that the line doesn't wrap.
  static func line(_ fraction: Double?, _ text: String, columns: Int) -> String {
    var line = ""
    if let fraction {
      let part = fraction.isFinite ? min(max(fraction, 0), 1) : 0
      let full = Int(part * Double(barColumns))
      let percent = String(Int(part * 100))
      line = "[" + String(repeating: "#", count: full) + String(repeating: ".", count: barColumns - full) + "] "
      line += String(repeating: " ", count: 3 - percent.count) + percent + "%  "
    }
    line += VisibleText.of(text)
    guard DisplayWidth.of(line) >= columns else { return line }
    return String(decoding: VisibleText.shortened(Array(line.utf8), to: max(1, columns - 1)).text, as: UTF8.self)
  }
}
