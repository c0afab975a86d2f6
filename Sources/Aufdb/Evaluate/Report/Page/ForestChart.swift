// Differences to random pairs as dots with their intervals, one row a method: what lies right of the line is better.

/// A chart of differences.
struct ForestChart: Sendable {
  struct Row: Sendable {
    let name: String
    let difference: Comparison
  }

  let title: String
  let rows: [Row]

  private static let rowHeight = 22.0
  private static let width = 360.0
  private static let nameWidth = 104.0

  var svg: Markup {
    let height = Self.rowHeight * Double(rows.count) + 30
    let values = rows.flatMap { row in
      [row.difference.paired.mean] + (row.difference.interval.map { [$0.low, $0.high] } ?? [])
    }
    let x = ChartAxis(around: values + [0], from: Self.nameWidth + 10, to: Self.width - 22)
    return """
      <svg viewBox="0 0 \(Self.width) \(height)" role="img" aria-label="\(title)">
      \(x.ticks.map { tick(x, $0, height: height) })
      <line class="zero" x1="\(x[0])" x2="\(x[0])" y1="4" y2="\(height - 22)"/>
      \(rows.enumerated().map { row($1, x, y: 4 + Self.rowHeight * (Double($0) + 0.5)) })
      </svg>
      """
  }

  private func tick(_ x: ChartAxis, _ value: Double, height: Double) -> Markup {
    """
    <line class="grid" x1="\(x[value])" x2="\(x[value])" y1="4" y2="\(height - 22)"/>
    <text class="tick" x="\(x[value])" y="\(height - 8)" text-anchor="middle">\(value.fixed(x.places, isSigned: true))</text>
    """
  }

  private func row(_ row: Row, _ x: ChartAxis, y: Double) -> Markup {
    let (mean, interval) = (row.difference.paired.mean, row.difference.interval)
    let isFound = interval.map { $0.low > 0 || $0.high < 0 } ?? false
    let colour = !isFound ? 0 : mean > 0 ? 1 : 2
    let whisker: Markup =
      interval.map { interval in
        """
        <line class="whisker c\(colour)" x1="\(x[interval.low])" x2="\(x[interval.high])" y1="\(y)" y2="\(y)"/>
        """
      } ?? ""
    return """
      <text class="name" x="\(Self.nameWidth)" y="\(y + 4)" text-anchor="end">\(row.name)</text>
      \(whisker)
      <circle class="dot c\(colour)" cx="\(x[mean])" cy="\(y)" r="4"/>
      """
  }
}
