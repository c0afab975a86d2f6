// Learning curves: lines over budgets, each with its interval as a shade.

/// A line of a chart.
struct ChartSeries: Sendable {
  struct Point: Sendable {
    let x: Double
    let y: Double
    let interval: Interval?
  }

  let name: String
  /// Which of the page's colours; 0 is the grey of random pairs.
  let colour: Int
  let points: [Point]
  /// Whether the line is broken: lines then differ by more than their colour.
  var isDashed = false
}

/// A chart of lines over a logarithmic number of labels or judged responses.
struct LineChart: Sendable {
  /// What the chart shows, for those who can't see it.
  let title: String
  let series: [ChartSeries]
  /// The values that the left side spans at least, such as those of the charts beside it.
  var spans: [Double] = []
  /// Width and height in the picture's own units.
  var size = (width: 260.0, height: 168.0)
  /// Room at the right for the names of lines; 0 for none.
  var labelWidth = 0.0

  private static let margin = (left: 38.0, top: 8.0, bottom: 24.0, right: 8.0)

  var svg: Markup {
    let margin = Self.margin
    let points = series.flatMap(\.points)
    let x = ChartAxis(
      logarithmicOver: points.map(\.x), from: margin.left + 8, to: size.width - margin.right - labelWidth - 6)
    let values = points.flatMap { [$0.y] + ($0.interval.map { [$0.low, $0.high] } ?? []) } + spans
    let y = ChartAxis(around: values, from: size.height - margin.bottom, to: margin.top)
    return """
      <svg viewBox="0 0 \(size.width) \(size.height)" role="img" aria-label="\(title)">
      \(grid(x, y))
      \(series.map { shade($0, x, y) })
      \(series.map { line($0, x, y) })
      \(labels(x, y))
      </svg>
      """
  }

  private func grid(_ x: ChartAxis, _ y: ChartAxis) -> Markup {
    let (left, right) = (Self.margin.left, size.width - Self.margin.right - labelWidth)
    let rows = y.ticks.map { tick -> Markup in
      """
      <line class="grid" x1="\(left)" x2="\(right)" y1="\(y[tick])" y2="\(y[tick])"/>
      <text class="tick" x="\(left - 4)" y="\(y[tick] + 3.5)" text-anchor="end">\(tick.fixed(y.places))</text>
      """
    }
    let columns = x.ticks.map { tick -> Markup in
      """
      <text class="tick" x="\(x[tick])" y="\(size.height - 9)" text-anchor="middle">\(tick.fixed(0))</text>
      """
    }
    return Markup(rows + columns)
  }

  private func shade(_ series: ChartSeries, _ x: ChartAxis, _ y: ChartAxis) -> Markup {
    let points = series.points.filter { $0.interval != nil }
    guard points.count > 1 else { return "" }
    let above = points.map { "\(x[$0.x].fixed(1)),\(y[$0.interval?.high ?? $0.y].fixed(1))" }
    let below = points.reversed().map { "\(x[$0.x].fixed(1)),\(y[$0.interval?.low ?? $0.y].fixed(1))" }
    return """
      <polygon class="shade c\(series.colour)" points="\((above + below).joined(separator: " "))"/>
      """
  }

  private func line(_ series: ChartSeries, _ x: ChartAxis, _ y: ChartAxis) -> Markup {
    let path = series.points.map { "\(x[$0.x].fixed(1)),\(y[$0.y].fixed(1))" }.joined(separator: " ")
    let dots = series.points.map { point -> Markup in
      """
      <circle class="dot c\(series.colour)" cx="\(x[point.x])" cy="\(y[point.y])" r="2.2"/>
      """
    }
    let dashes: Markup = series.isDashed ? " stroke-dasharray=\"5 3\"" : ""
    return """
      <polyline class="line c\(series.colour)" points="\(path)"\(dashes)/>
      \(dots)
      """
  }

  /// The lines' names beside their ends, moved apart where they would lie over each other.
  private func labels(_ x: ChartAxis, _ y: ChartAxis) -> Markup {
    guard labelWidth > 0 else { return "" }
    let height = 13.0
    let ends = series.compactMap { series in series.points.last.map { (series: series, x: x[$0.x], y: y[$0.y]) } }
      .sorted { $0.y < $1.y }
    var places: [Double] = []
    for end in ends { places.append(max(end.y, (places.last ?? -height) + height)) }
    // Whoever was pushed out at the bottom moves up again, and the others with it.
    var limit = size.height - Self.margin.bottom
    for index in places.indices.reversed() {
      places[index] = min(places[index], limit)
      limit = places[index] - height
    }
    let left = size.width - Self.margin.right - labelWidth
    return Markup(
      zip(ends, places).map { end, place in
        """
        <line class="leader" x1="\(end.x + 3)" y1="\(end.y)" x2="\(left + 6)" y2="\(place)"/>
        <text class="label c\(end.series.colour)" x="\(left + 8)" y="\(place + 3.5)">\(end.series.name)</text>
        """
      })
  }
}
