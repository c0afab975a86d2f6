// Which charts a page has, and what they show.

extension EvaluationReport {
  /// The headline's differences of one measure.
  func headlineChart(_ measure: Measure) -> Markup {
    let model: FinalModel? = measure.isOfModel ? .plain : nil
    let rows = policies.compactMap { policy in
      headline(policy.name, model, measure).map { ForestChart.Row(name: policy.name, difference: $0.difference) }
    }
    guard !rows.isEmpty else { return "" }
    let chart = ForestChart(title: "\(measure.title): difference to random pairs, with 95 % intervals", rows: rows)
    return """
      <figure><figcaption>\(measure.title)</figcaption>
      \(chart.svg)
      </figure>
      """
  }

  /// One small chart a policy: its curve against that of random pairs, all on one scale.
  func curvePanels(_ measure: Measure) -> Markup {
    let model: FinalModel? = measure.isOfModel ? .plain : nil
    let random = series("random", model, measure, colour: 0)
    let others = policies.filter { $0.name != "random" }
      .compactMap { policy in series(policy.name, model, measure, colour: 1).map { (policy: policy, series: $0) } }
    guard let random, !others.isEmpty else { return "" }
    let spans = (others.map(\.series) + [random]).flatMap { series in
      series.points.flatMap { [$0.y] + ($0.interval.map { [$0.low, $0.high] } ?? []) }
    }
    let panels = others.map { policy, series -> Markup in
      let chart = LineChart(
        title: "\(measure.title) of \(policy.name) and of random pairs over the number of labels",
        series: [random, series], spans: spans)
      return """
        <figure><figcaption>\(policy.name)\(policy.isBaseline ? " <span>baseline</span>" as Markup : "")</figcaption>
        \(chart.svg)
        </figure>
        """
    }
    return """
      <div class="panels">
      \(panels)
      </div>
      """
  }

  private func series(_ policy: String, _ model: FinalModel?, _ measure: Measure, colour: Int) -> ChartSeries? {
    var points: [ChartSeries.Point] = []
    for budget in budgets {
      guard let figure = figure(policy, model, measure, .labels(budget)), figure.labelCount > 0,
        points.last.map({ $0.x < figure.labelCount }) ?? true
      else { continue }
      points.append(ChartSeries.Point(x: figure.labelCount, y: figure.mean, interval: figure.interval))
    }
    return points.isEmpty ? nil : ChartSeries(name: policy, colour: colour, points: points)
  }

  /// Pairs and final models at equal judge cost: what the head brings beside what the choice brings.
  func costChart(_ measure: Measure) -> Markup {
    let lines: [(String, FinalModel, String, Int, Bool)] = [
      ("random", .plain, "random, plain", 0, false), ("random-\(judgedPerPrompt)", .plain, "all pairs, plain", 5, true),
      ("range", .plain, "range, plain", 4, true), ("random", .pairwise, "random, pairwise", 6, true),
      ("random", .pointwise, "random, pointwise", 3, false), ("far", .pointwise, "far, pointwise", 1, false),
      ("random", .component, "component", 2, true),
    ]
    let series = lines.compactMap { policy, model, name, colour, isDashed -> ChartSeries? in
      let points = judgeCosts.compactMap { cost in
        figure(policy, model, measure, .cost(cost)).map {
          ChartSeries.Point(
            x: $0.cost, y: $0.mean,
            interval: policy == "random" && model == .plain || policy == "far" ? $0.interval : nil)
        }
      }
      return points.isEmpty ? nil : ChartSeries(name: name, colour: colour, points: points, isDashed: isDashed)
    }
    guard !series.isEmpty else { return "" }
    var chart = LineChart(title: "\(measure.title) over the number of judged responses", series: series)
    chart.size = (440, 290)
    chart.labelWidth = 112
    return """
      <figure><figcaption>\(measure.title) <span>over judged responses</span></figcaption>
      \(chart.svg)
      </figure>
      """
  }

  private var judgedPerPrompt: String { settings.first { $0.name == "judged" }?.value ?? "" }

  var reliabilityPanels: Markup {
    let panels = policies.compactMap { policy in
      policy.calibration.map { calibration -> Markup in
        let chart = ReliabilityChart(title: "Reliability of the learner of \(policy.name)", calibration: calibration)
        return """
          <figure><figcaption>\(policy.name) <span>ECE \(calibration.expectedError.fixed(3))</span></figcaption>
          \(chart.svg)
          </figure>
          """
      }
    }
    return """
      <div class="panels">
      \(panels)
      </div>
      """
  }
}
