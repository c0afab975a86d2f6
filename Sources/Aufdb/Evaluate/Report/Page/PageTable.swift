// Tables of a page.

/// A table of texts.
struct PageTable: Sendable {
  let columns: [String]
  var rows: [Row] = []

  struct Row: Sendable {
    let cells: [String]
    /// Whether the row stands out, because something was found.
    var isFound = false
  }

  var html: Markup {
    """
    <div class="scroll"><table>
    <thead><tr>\(columns.map { "<th>\($0)</th>" })</tr></thead>
    <tbody>
    \(rows.map { row -> Markup in
      "<tr\(row.isFound ? " class=\"found\"" as Markup : "")>\(row.cells.map { "<td>\($0)</td>" })</tr>"
    })
    </tbody>
    </table></div>
    """
  }
}

extension EvaluationReport {
  /// The headline's differences, one row a method.
  func headlineTable(_ measure: Measure) -> PageTable {
    let model: FinalModel? = measure.isOfModel ? .plain : nil
    var table = PageTable(columns: ["method", "difference", "s.e.", "t", "p", "95 % interval"])
    for policy in policies {
      guard let difference = headline(policy.name, model, measure)?.difference else { continue }
      let interval = difference.interval
      table.rows.append(
        PageTable.Row(
          cells: [
            policy.name, difference.paired.mean.fixed(4, isSigned: true),
            difference.paired.standardError?.fixed(4) ?? "-",
            difference.paired.t?.fixed(1) ?? "-", difference.paired.pText, interval?.fixed(3, isSigned: true) ?? "-",
          ], isFound: interval.map { $0.low > 0 || $0.high < 0 } ?? false))
    }
    return table
  }

  /// A measure at all budgets of labels: the mean, and the difference to random with its t.
  func budgetTable(_ measure: Measure, _ model: FinalModel?) -> PageTable {
    var table = PageTable(columns: ["method"] + budgets.map { "\(title(.labels($0))) labels" })
    for policy in policies {
      let figures = budgets.map { figure(policy.name, model, measure, .labels($0)) }
      guard figures.contains(where: { $0 != nil }) else { continue }
      table.rows.append(PageTable.Row(cells: [policy.name] + figures.map { $0.map(Self.cell) ?? "" }))
    }
    return table
  }

  /// "0.704  +0.015 (t 3.1)  1.6x"
  private static func cell(_ figure: EvaluationFigure) -> String {
    var text = figure.mean.fixed(3)
    if let difference = figure.difference {
      text += "  \(difference.paired.mean.fixed(3, isSigned: true))"
      if let t = difference.paired.t { text += " (t \(t.fixed(1)))" }
    }
    return text + (figure.factor.map { "  \($0.text)x" } ?? "")
  }

  /// Policies and final models at equal judge cost, with the factors of (a) and (b).
  var costTable: PageTable {
    var table = PageTable(columns: ["pairs, final model"] + judgeCosts.map { "\(title(.cost($0))) judged" })
    for policy in policies {
      for model in FinalModel.allCases {
        let cells = judgeCosts.map { cost -> String in
          guard let accuracy = figure(policy.name, model, .accuracy, .cost(cost)),
            let best = figure(policy.name, model, .bestScore, .cost(cost))
          else { return "" }
          let factors = [accuracy, best].map { $0.factor?.text ?? "-" }.joined(separator: " / ")
          return "\(accuracy.mean.fixed(3)) / \(best.mean.fixed(3)) (\(factors))"
        }
        guard cells.contains(where: { !$0.isEmpty }) else { continue }
        table.rows.append(PageTable.Row(cells: ["\(policy.name), \(model.title)"] + cells))
      }
    }
    return table
  }

  /// What of the gain of `far` pairs with the pointwise head is the head's, and what the choice's.
  var partsTable: PageTable {
    var table = PageTable(
      columns: [
        "measure", "judged", "random, plain", "far, pointwise", "gain", "of the head", "of the choice", "its t",
        "its 95 % interval",
      ])
    for cost in judgeCosts {
      for measure in Measure.allCases where measure.isOfModel {
        guard let plain = figure("random", .plain, measure, .cost(cost)),
          let both = figure("far", .pointwise, measure, .cost(cost)), let total = both.differenceToPlain,
          let head = figure("random", .pointwise, measure, .cost(cost))?.differenceToPlain, let choice = both.difference
        else { continue }
        table.rows.append(
          PageTable.Row(cells: [
            measure.title, spent(.cost(cost)), plain.mean.fixed(3), both.mean.fixed(3),
            total.paired.mean.fixed(3, isSigned: true), head.paired.mean.fixed(3, isSigned: true),
            choice.paired.mean.fixed(3, isSigned: true), choice.paired.t?.fixed(1) ?? "-",
            choice.interval?.fixed(3, isSigned: true) ?? "-",
          ]))
      }
    }
    return table
  }

  var calibrationTable: PageTable {
    var table = PageTable(
      columns: ["learner of", "accuracy", "ECE", "MCE", "Brier", "ECE of bounds", "certain", "right of these"])
    for policy in policies {
      guard let calibration = policy.calibration else { continue }
      table.rows.append(
        PageTable.Row(cells: [
          policy.name, calibration.accuracy.fixed(3), calibration.expectedError.fixed(3),
          calibration.maximumError.fixed(3), calibration.brierScore.fixed(3), calibration.expectedBoundError.fixed(3),
          calibration.certainShare.fixed(3),
          calibration.certainAccuracy?.fixed(3) ?? "-",
        ]))
    }
    return table
  }

  /// A budget, with what one pair a prompt spends of it where that is less: "1000 (random: 700)".
  private func title(_ target: BudgetTarget) -> String {
    let budget =
      switch target {
      case .labels(let count), .cost(let count): "\(count)"
      }
    return spent(target) == budget ? budget : "\(budget) (random: \(spent(target)))"
  }

  /// What random pairs spent of a budget, as text; the budget itself where it could be spent.
  func spent(_ target: BudgetTarget) -> String {
    switch target {
    case .labels(let budget):
      figure("random", nil, .gap, target).map { $0.labelCount.fixed(0) } ?? "\(budget)"
    case .cost(let budget):
      figure("random", nil, .gap, target).map { $0.cost.fixed(0) } ?? "\(budget)"
    }
  }
}
