// A reliability plot: how often what was given a chance came true.

/// The plot of one policy's learner.
struct ReliabilityChart: Sendable {
  let title: String
  let calibration: CalibrationReport

  private static let size = (width: 260.0, height: 190.0)

  var svg: Markup {
    let (width, height) = Self.size
    let x = ChartAxis(around: [0, 1], from: 38, to: width - 12)
    let y = ChartAxis(around: [0, 1], from: height - 40, to: 8)
    return """
      <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title)">
      \(y.ticks.map { tick -> Markup in
        """
        <line class="grid" x1="38" x2="\(width - 12)" y1="\(y[tick])" y2="\(y[tick])"/>
        <text class="tick" x="34" y="\(y[tick] + 3.5)" text-anchor="end">\(tick.fixed(1))</text>
        """
      })
      \(x.ticks.map { tick -> Markup in
        """
        <text class="tick" x="\(x[tick])" y="\(height - 26)" text-anchor="middle">\(tick.fixed(1))</text>
        """
      })
      <text class="tick" x="\((38 + width - 12) / 2)" y="\(height - 9)" text-anchor="middle">chance given</text>
      <line class="zero" x1="\(x[0])" y1="\(y[0])" x2="\(x[1])" y2="\(y[1])"/>
      \(line(x, y))
      </svg>
      """
  }

  /// Dots whose areas are the bins' shares of the pairs.
  private func line(_ x: ChartAxis, _ y: ChartAxis) -> Markup {
    let bins = calibration.bins.compactMap { bin in
      bin.predicted.flatMap { predicted in bin.observed.map { (predicted, $0, bin.share) } }
    }
    let path = bins.map { "\(x[$0.0].fixed(1)),\(y[$0.1].fixed(1))" }.joined(separator: " ")
    return """
      <polyline class="line c1" points="\(path)"/>
      \(bins.map { bin -> Markup in
        """
        <circle class="dot c1" cx="\(x[bin.0])" cy="\(y[bin.1])" r="\(1.5 + 9 * bin.2.squareRoot())"/>
        """
      })
      """
  }
}
