// A report as a page: one file with nothing from elsewhere, for reading in a browser or sending on.

extension EvaluationReport {
  /// The page, in HTML that is well-formed XML.
  public var page: String {
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>Selection methods compared</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <main>
      \(headSection)
      \(headlineSection)
      \(curveSection)
      \(costSection)
      \(calibrationSection)
      \(tableSection)
      \(settingsSection)
      </main>
      </body>
      </html>

      """
    return page.source
  }

  private var headSection: Markup {
    """
    <h1>Selection methods compared</h1>
    <p class="soft">\(subject.trainingPromptCount) prompts to select from, \(subject.testPromptCount) for testing; \
    \(subject.responseCount) responses, scored by \(subject.judge), embedded by \(subject.encoder) \
    (\(subject.dimension) wide); \(seedCount) \(seedCount == 1 ? "seed" : "seeds"); commit \(String(subject.commit.prefix(12))).</p>
    <h2>What was found, and what wasn't</h2>
    <ul>
    \(findings.map { "<li>\($0)</li>" })
    </ul>
    """
  }

  private var smallerBudgets: String {
    budgets.dropLast(budgets.count > 1 ? 1 : 0).map { spent(.labels($0)) }.joined(separator: ", ")
  }

  private var headlineSection: Markup {
    """
    <h2>Difference to random pairs with few labels</h2>
    <p>The mean over \(smallerBudgets) labels of a method's figure less that of random pairs, with the interval that 95 % of \
    resamples of seeds and test prompts fall into. Right of the line is better. Grey: the interval holds 0, so that no \
    difference was found.</p>
    <div class="panels three">
    \([Measure.accuracy, .bestScore, .gap].map { headlineChart($0) })
    </div>
    <details><summary>The numbers, with t</summary>
    \(Measure.allCases.map { measure -> Markup in
      let table = headlineTable(measure)
      return table.rows.isEmpty ? "" : "<h3>\(measure.title)</h3>\(table.html)"
    })
    </details>
    """
  }

  private var curveSection: Markup {
    """
    <h2>Learning curves</h2>
    <p>Over the number of labels (logarithmic); blue is the method, grey are random pairs, the shades 95 % intervals. \
    (a) and (b) are of the plain linear model. Shades of two lines hold the same test prompts and move together: whether \
    two lines differ is seen above, not by whether their shades overlap.</p>
    \([Measure.accuracy, .bestScore, .gap].map { "<h3>\($0.title)</h3>\n\(curvePanels($0))" as Markup })
    <details><summary>\(Measure.matchedAccuracy.title), and \(Measure.chosenScore.title)</summary>
    \([Measure.matchedAccuracy, .chosenScore].map { "<h3>\($0.title)</h3>\n\(curvePanels($0))" as Markup })
    </details>
    """
  }

  private var costSection: Markup {
    let parts = partsTable
    return """
      <h2>At equal judge cost: the head, or the choice?</h2>
      <p>Judges that rate responses one by one cost by the response. Shown are the plain baselines, and what a head with a \
      prior learned from unlabelled candidates makes of the same labels.</p>
      <div class="panels wide">
      \([Measure.accuracy, .bestScore].map { costChart($0) })
      </div>
      \(parts.rows.isEmpty ? "" : "<h3>Far pairs with the pointwise head, against random pairs with the plain model</h3>\(parts.html)" as Markup)
      <details><summary>All pairs and final models: (a) / (b), and what random pairs with the plain model cost for the same</summary>
      \(costTable.html)
      </details>
      """
  }

  private var calibrationSection: Markup {
    guard policies.contains(where: { $0.calibration != nil }) else { return "" }
    return """
      <h2>Does the learner know what it knows?</h2>
      <p>The active learner's estimates of the test prompts' responses at the end of its loop: of all pairs with different \
      scores, in both orders, how often the first was the better one, by the chance that it was given. On the line the \
      learner would be calibrated; flatter than the line, it is too sure. Dots are as large as the bin's share of pairs.</p>
      \(reliabilityPanels)
      <details><summary>The numbers</summary>
      \(calibrationTable.html)
      </details>
      """
  }

  private var tableSection: Markup {
    let blocks = Measure.allCases.flatMap { measure -> [Markup] in
      (measure.isOfModel ? models.map { FinalModel?.some($0) } : [nil]).map { model in
        let table = budgetTable(measure, model)
        let title = measure.title + (model.map { ", \($0.title)" } ?? "")
        return table.rows.isEmpty ? "" : "<h3>\(title)</h3>\n\(table.html)"
      }
    }
    return """
      <h2>All figures by number of labels</h2>
      <p>Each cell: the mean over seeds; the difference to random pairs with the same model, and its t; and how many \
      times as many labels random pairs with the plain linear model need for the same.</p>
      <details><summary>Tables</summary>
      \(blocks)
      </details>
      """
  }

  private var settingsSection: Markup {
    """
    <h2>How to read it, and how it was made</h2>
    <ul>
    \(notes.map { "<li>\($0)</li>" })
    </ul>
    <h3>Policies</h3>
    <dl>
    \(policies.map { "<dt>\($0.name)</dt><dd>\($0.summary)\($0.parameters.isEmpty ? "" : " (\($0.parameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")))")</dd>" as Markup })
    </dl>
    <h3>Settings</h3>
    <dl>
    \(settings.map { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" as Markup })
    </dl>
    """
  }
}
