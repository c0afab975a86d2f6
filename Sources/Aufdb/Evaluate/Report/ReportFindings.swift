// What was found and what wasn't, in plain sentences made of the figures.
//
// A difference counts as found where its interval over seeds and test prompts leaves out 0. With ten methods and
// several measures a few intervals do so by chance, which the sentences say.

extension EvaluationReport {
  /// The findings, one a sentence or two.
  public var findings: [String] {
    let lines =
      [gapFinding, headlineFinding(.accuracy), headlineFinding(.bestScore), largestBudgetFinding]
      + costFindings + [componentFinding, lengthFinding]
    return lines.compactMap(\.self) + [
      "A difference counts as found where its 95 % interval leaves out 0: one in twenty does so by chance alone."
    ]
  }

  /// The methods that were asked for, without random.
  var methodNames: [String] { policies.filter { !$0.isBaseline && $0.name != "random" }.map(\.name) }

  private var gapFinding: String? {
    guard let budget = budgets.last else { return nil }
    let wider = found(.gap, nil, .labels(budget)) { $0 > 0 }
    guard !methodNames.isEmpty else { return nil }
    return wider.isEmpty
      ? "No method collects pairs with a wider gap of score than random pairs, at the largest budget."
      : "Wider gaps of score than random pairs' are collected, at the largest budget, by \(list(wider))."
  }

  private func headlineFinding(_ measure: Measure) -> String? {
    let all = methodNames.compactMap { headline($0, .plain, measure) }
    guard !all.isEmpty else { return nil }
    func names(_ isMeant: (Interval) -> Bool) -> [String] {
      all.filter { $0.difference.interval.map(isMeant) ?? false }.map {
        described($0.policy, $0.difference)
      }
    }
    let (better, worse) = (names { $0.low > 0 }, names { $0.high < 0 })
    let rest = all.filter { $0.difference.interval.map { $0.low <= 0 && $0.high >= 0 } ?? true }.map(\.policy)
    var parts: [String] = []
    if !better.isEmpty { parts.append("better than random: \(list(better))") }
    if !worse.isEmpty { parts.append("worse: \(list(worse))") }
    if !rest.isEmpty { parts.append("no difference found: \(list(rest))") }
    return
      "On \(measure.title) with the plain linear model, over the smaller budgets: \(parts.joined(separator: "; "))."
  }

  private var largestBudgetFinding: String? {
    guard let budget = budgets.last, !methodNames.isEmpty else { return nil }
    let spent = figure("random", .plain, .accuracy, .labels(budget))?.labelCount.fixed(0) ?? "\(budget)"
    func sentence(_ measure: Measure) -> String {
      let better = found(measure, .plain, .labels(budget)) { $0 > 0 }
      return better.isEmpty
        ? "no method is found better than random pairs on \(measure.title)"
        : "better than random pairs on \(measure.title): \(list(better))"
    }
    return "At the largest budget (\(spent) labels), \(sentence(.accuracy)); \(sentence(.bestScore))."
  }

  /// How much of what `far` with the pointwise head gains is the head, and how much the choice.
  private var costFindings: [String] {
    judgeCosts.prefix(2).compactMap { cost in
      guard models.contains(.pointwise), let both = figure("far", .pointwise, .accuracy, .cost(cost)),
        let head = figure("random", .pointwise, .accuracy, .cost(cost)), let total = both.differenceToPlain,
        let ofHead = head.differenceToPlain, let choice = both.difference, let factor = both.factor,
        let ofBest = figure("far", .pointwise, .bestScore, .cost(cost)), let bestFactor = ofBest.factor,
        let bestChoice = ofBest.difference
      else { return nil }
      let (bestTotal, bestHead) = (
        ofBest.differenceToPlain?.paired.mean,
        figure("random", .pointwise, .bestScore, .cost(cost))?.differenceToPlain?.paired.mean
      )
      func parts(_ total: Double?, _ head: Double?, _ choice: Comparison) -> String {
        let interval = choice.interval.map { " \($0.fixed(3, isSigned: true))" } ?? ""
        return "\((total ?? .nan).fixed(3, isSigned: true)), of which the head brings "
          + "\((head ?? .nan).fixed(3, isSigned: true)) with random pairs, and the choice "
          + "\(choice.paired.mean.fixed(3, isSigned: true))\(interval)"
      }
      return "With \(cost) judged responses, far pairs with the pointwise PCA-prior head reach what takes random pairs "
        + "with the plain linear model \(factor.text) times as many on (a), and \(bestFactor.text) times on (b). "
        + "The gain on (a) is \(parts(total.paired.mean, ofHead.paired.mean, choice)); on (b) "
        + "\(parts(bestTotal, bestHead, bestChoice))."
    }
  }

  private var componentFinding: String? {
    guard let budget = budgets.last, let accuracy = figure("random", .component, .accuracy, .labels(budget)),
      let best = figure("random", .component, .bestScore, .labels(budget)),
      let plain = figure("random", .plain, .accuracy, .labels(budget)),
      let plainBest = figure("random", .plain, .bestScore, .labels(budget))
    else { return nil }
    return "One direction, the first principal component of how candidates differ, with nothing but its sign learnt, "
      + "reaches \(accuracy.mean.fixed(3)) on (a) and \(best.mean.fixed(3)) on (b); \(plain.labelCount.fixed(0)) random "
      + "labels with the plain linear model \(plain.mean.fixed(3)) and \(plainBest.mean.fixed(3))."
  }

  private var lengthFinding: String? {
    guard let budget = budgets.last, let accuracy = figure("random", .length, .accuracy, .labels(budget)) else {
      return nil
    }
    let matched = figure("random", .length, .matchedAccuracy, .labels(budget)).map {
      ", and \($0.mean.fixed(3)) of the length-matched"
    }
    return
      "Length alone, as a reward, orders \(accuracy.mean.fixed(3)) of the test pairs as the judge does\(matched ?? "")."
  }

  /// The methods whose difference to random pairs is found, with the difference.
  private func found(
    _ measure: Measure, _ model: FinalModel?, _ target: BudgetTarget, _ isMeant: (Double) -> Bool
  ) -> [String] {
    methodNames.compactMap { name in
      guard let difference = figure(name, model, measure, target)?.difference, let interval = difference.interval,
        isMeant(interval.low), isMeant(interval.high)
      else { return nil }
      return described(name, difference)
    }
  }

  /// Such as "drts (+0.012)"; with the price of a label where that isn't two judged responses.
  private func described(_ name: String, _ difference: Comparison) -> String {
    let cost = policies.first { $0.name == name }?.costPerLabel ?? 2
    let price = cost > 2 ? " at \(cost.fixed(0)) judged responses a label" : ""
    return "\(name) (\(difference.paired.mean.fixed(3, isSigned: true))\(price))"
  }

  private func list(_ items: [String]) -> String { items.joined(separator: ", ") }
}
