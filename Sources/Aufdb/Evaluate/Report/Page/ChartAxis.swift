// Where values stand on a chart's side, and which of them are marked.

import Glibc

/// One side of a chart.
struct ChartAxis: Sendable {
  /// Values, ascending.
  let low: Double
  let high: Double
  /// Coordinates of both.
  let start: Double
  let end: Double
  let isLogarithmic: Bool
  let ticks: [Double]

  /// An axis whose ends are round numbers around all values, with some four marks.
  init(around values: [Double], from start: Double, to end: Double) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let span = max(most - least, 1e-6)
    let power = pow(10, (log10(span / 4)).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 4.5 } ?? 10 * power
    let low = (least / step + 1e-9).rounded(.down) * step
    let high = max((most / step - 1e-9).rounded(.up) * step, low + step)
    ticks = (0...Int(((high - low) / step).rounded())).map { low + Double($0) * step }
    (self.low, self.high) = (low, high)
    (self.start, self.end, isLogarithmic) = (start, end, false)
  }

  /// A logarithmic axis over numbers above 0, each of which is marked.
  init(logarithmicOver values: [Double], from start: Double, to end: Double) {
    ticks = Set(values).sorted()
    low = ticks.first ?? 1
    high = max(ticks.last ?? 1, low * 1.01)
    (self.start, self.end, isLogarithmic) = (start, end, true)
  }

  /// The coordinate of a value; the nearest end for one beyond.
  subscript(value: Double) -> Double {
    let share =
      isLogarithmic
      ? log(max(value, low) / low) / log(high / low) : (value - low) / (high - low)
    return start + min(max(share, 0), 1) * (end - start)
  }

  /// How many digits after the point tell the marks apart.
  var places: Int {
    guard ticks.count > 1 else { return 0 }
    let step = ticks[1] - ticks[0]
    return (0...4).first { (step * pow(10, Double($0))).rounded() >= 0.999 && isWhole(step * pow(10, Double($0))) } ?? 4
  }

  private func isWhole(_ value: Double) -> Bool { (value - value.rounded()).magnitude < 1e-6 }
}
