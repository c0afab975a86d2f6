// Exports of random stores against the plainest program that does what the options say, over arrays in memory.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

/// A store's content, and what an export of it must be.
private struct ModelStore {
  struct Label {
    var promptID: String
    var chosen: String
    var rejected: String
    var judge: String
    var tie: Bool
    var scores: (Double?, Double?)
    var method: String?

    var pair: String { [promptID, min(chosen, rejected), max(chosen, rejected)].joined(separator: " ") }
    var choice: Int { tie ? 2 : chosen < rejected ? 0 : 1 }

    /// Of the response that comes first and of the other.
    var bothScores: (Double, Double)? {
      guard let a = scores.0, let b = scores.1 else { return nil }
      return chosen < rejected ? (a, b) : (b, a)
    }
  }

  /// What must be of a row.
  struct Row: Equatable {
    var promptID: String
    var chosen: String
    var rejected: String
    var scores: [Double?]
  }

  var prompts: [String: String] = [:]
  var sources: [String: String] = [:]
  var responses: [String: [String: String]] = [:]
  /// In the order of birth.
  var labels: [Label] = []

  static let judges = ["ada", "bob", "cy"]

  init(using generator: inout SeededGenerator) {
    let texts = ["", "yes", "no", "perhaps", "a much longer answer than these"]
    for index in 0..<Int.random(in: 1...12, using: &generator) {
      let promptID = "p\(index)"
      if Int.random(in: 0..<12, using: &generator) > 0 {
        prompts[promptID] = ["Why?", " WHY?", "What is it?", "How many are there?"].randomElement(using: &generator)
      }
      sources[promptID] = Bool.random(using: &generator) ? "web" : "books"
      for model in ["a", "b", "c"] where Int.random(in: 0..<12, using: &generator) > 0 {
        responses[promptID, default: [:]][model] = texts.randomElement(using: &generator)
      }
    }
    var taken: Set<String> = []
    for _ in 0..<Int.random(in: 1...60, using: &generator) {
      let pair = ["a", "b", "c"].shuffled(using: &generator)
      let scored = Int.random(in: 0..<4, using: &generator)
      let score = { (generator: inout SeededGenerator) in Double(Int.random(in: 0...3, using: &generator)) / 2 }
      let label = Label(
        promptID: "p\(Int.random(in: 0..<12, using: &generator))", chosen: pair[0], rejected: pair[1],
        judge: Self.judges.randomElement(using: &generator) ?? "", tie: Int.random(in: 0..<4, using: &generator) == 0,
        scores: scored == 0 ? (nil, nil) : scored == 1 ? (1, nil) : (score(&generator), score(&generator)),
        method: [nil, "drts", "random"].randomElement(using: &generator) ?? nil)
      if taken.insert(label.pair + label.judge).inserted { labels.append(label) }
    }
  }

  /// A store with this content, whose labels came in several commits.
  func store(using generator: inout SeededGenerator) throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      for (promptID, text) in prompts.sorted(by: { $0.key < $1.key }) {
        try change.addPrompt(promptID, text, source: sources[promptID])
      }
      for (promptID, texts) in responses.sorted(by: { $0.key < $1.key }) {
        for (model, text) in texts.sorted(by: { $0.key < $1.key }) { try change.addResponse(promptID, model, text) }
      }
    }
    var rest = labels[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...20, using: &generator))
      rest = rest.dropFirst(part.count)
      try store.commit { change in
        for label in part {
          try change.addLabel(
            label.promptID, chosen: label.chosen, rejected: label.rejected, judge: label.judge, tie: label.tie,
            scores: label.scores, method: label.method, batch: label.method == nil ? nil : 1)
        }
      }
    }
    return store
  }

  func rows(_ options: ExportOptions) -> (rows: [Row], omitted: [OmissionReason: Int], joinedCount: Int) {
    var omitted: [OmissionReason: Int] = [:]
    var (rows, joinedCount) = ([Row](), 0)
    func leaveOut(_ reason: OmissionReason) { omitted[reason, default: 0] += 1 }
    var counting: [Label] = []
    for label in labels {
      if !options.judges.isEmpty, !options.judges.contains(label.judge) {
        leaveOut(.otherJudge)
      } else if !options.methods.isEmpty, !options.methods.contains(label.method ?? "") {
        leaveOut(.otherMethod)
      } else if options.condition != nil, !(prompts[label.promptID] != nil && sources[label.promptID] == "web") {
        leaveOut(.condition)
      } else {
        counting.append(label)
      }
    }
    var seen: Set<String> = []
    var firstPrompts: [String: String] = [:]
    for label in counting {
      let group = options.aggregation == nil ? [label] : counting.filter { $0.pair == label.pair }
      guard options.aggregation == nil || seen.insert(label.pair).inserted else {
        joinedCount += 1
        continue
      }
      guard let outcome = outcome(label, group, options) else {
        leaveOut(options.aggregation == .unanimous ? .disagreement : .unscored)
        continue
      }
      if let reason = omission(of: outcome, options, &firstPrompts) {
        leaveOut(reason)
      } else {
        rows.append(
          Row(
            promptID: outcome.promptID, chosen: outcome.chosen, rejected: outcome.rejected,
            scores: [outcome.scores.0, outcome.scores.1]))
      }
    }
    return (rows, omitted, joinedCount)
  }

  private func outcome(_ label: Label, _ group: [Label], _ options: ExportOptions) -> Label? {
    guard let rule = options.aggregation else { return label }
    let counted = rule == .latest ? group.suffix(1) : group[...]
    let scores = counted.compactMap(\.bothScores)
    let first = scores.reduce(0) { $0 + $1.0 } / Double(scores.count)
    let second = scores.reduce(0) { $0 + $1.1 } / Double(scores.count)
    let choice: Int
    switch rule {
    case .majority:
      let votes = (0...1).map { side in group.count { $0.choice == side } }
      choice = votes[0] == votes[1] ? 2 : votes[0] > votes[1] ? 0 : 1
    case .meanScore:
      if scores.isEmpty { return nil }
      choice = first == second ? 2 : first > second ? 0 : 1
    case .unanimous:
      if Set(group.map(\.choice)).count > 1 { return nil }
      choice = group[0].choice
    case .latest: choice = group[group.count - 1].choice
    }
    var outcome = label
    outcome.tie = choice == 2
    let models = [min(label.chosen, label.rejected), max(label.chosen, label.rejected)]
    if choice < 2 { (outcome.chosen, outcome.rejected) = (models[choice], models[1 - choice]) }
    outcome.scores =
      scores.isEmpty ? (nil, nil) : outcome.chosen == models[0] ? (first, second) : (second, first)
    return outcome
  }

  private func omission(
    of label: Label, _ options: ExportOptions, _ firstPrompts: inout [String: String]
  ) -> OmissionReason? {
    if label.tie, !options.keepTies { return .tie }
    if options.hasMargin || options.minMargin != nil {
      guard let chosen = label.scores.0, let rejected = label.scores.1 else { return .noMargin }
      if let least = options.minMargin, chosen - rejected < least { return .smallMargin }
    }
    guard let prompt = prompts[label.promptID] else { return .missingPrompt }
    guard let chosen = responses[label.promptID]?[label.chosen],
      let rejected = responses[label.promptID]?[label.rejected]
    else { return .missingResponse }
    if chosen.isEmpty || rejected.isEmpty { return .emptyResponse }
    if chosen == rejected { return .identicalResponses }
    if let most = options.maxCharacters, prompt.count + max(chosen.count, rejected.count) > most { return .tooLong }
    if options.dedupes {
      let text = prompt.lowercased().trimmingCharacters(in: .whitespaces)
      if firstPrompts[text, default: label.promptID] != label.promptID { return .duplicatePrompt }
      firstPrompts[text] = label.promptID
    }
    return nil
  }
}

@Suite("Exports against a model")
struct ExportModelTests {
  private func options(_ directory: String, using generator: inout SeededGenerator) -> ExportOptions {
    var options = ExportOptions(format: .dpo, directory: directory)
    func sometimes() -> Bool { Int.random(in: 0..<3, using: &generator) == 0 }
    if sometimes() {
      options.judges = [ModelStore.judges.randomElement(using: &generator) ?? ""]
    } else {
      options.aggregation = Aggregation.allCases.randomElement(using: &generator)
      if sometimes() { options.judges = ["cy", "ada"] }
    }
    if sometimes() { options.methods = ["drts"] }
    if sometimes() { options.condition = "source = 'web' -- only these" }
    options.keepTies = sometimes()
    options.hasMargin = sometimes()
    if sometimes() { options.minMargin = 0.5 }
    if sometimes() { options.maxCharacters = 30 }
    options.dedupes = sometimes()
    if sometimes() { options.sharding = .count(2) }
    return options
  }

  @Test("rows, their order, and what was left out", arguments: 0..<60 as Range<UInt64>)
  func rows(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let model = ModelStore(using: &generator)
    let store = try model.store(using: &generator)
    for attempt in 0..<4 {
      let options = options(store.folder.path("out\(attempt)"), using: &generator)
      let expected = model.rows(options)
      let labels = model.labels.map(\.judge)
      // Judges or methods without any label are refused, which is tested elsewhere.
      guard options.judges.allSatisfy(labels.contains), !labels.isEmpty,
        options.methods.allSatisfy({ method in model.labels.contains { $0.method == method } }),
        options.aggregation != nil || !options.judges.isEmpty
      else { continue }
      guard !expected.rows.isEmpty else {
        let error = #expect(throws: AufdbError.self, "\(options)") { try store.reading().export(options) }
        #expect(error?.message.hasPrefix("none of the ") == true, "\(options)")
        continue
      }
      let report = try store.reading().export(options)
      let folder = ExportedFolder(path: options.directory, scratch: store.folder)
      let rows = try folder.rows().map { line in
        let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        if options.hasMargin {
          let (chosen, rejected) = (row["chosen_score"] as? Double, row["rejected_score"] as? Double)
          #expect(try row["margin"] as? Double == #require(chosen) - #require(rejected))
        }
        return ModelStore.Row(
          promptID: row["prompt_id"] as? String ?? "", chosen: row["chosen_model"] as? String ?? "",
          rejected: row["rejected_model"] as? String ?? "",
          scores: [row["chosen_score"] as? Double, row["rejected_score"] as? Double])
      }
      #expect(rows == expected.rows, "\(options)")
      #expect(report.omitted.filter { $0.value > 0 } == expected.omitted, "\(options)")
      #expect(report.joinedCount == expected.joinedCount)
      #expect(report.labelCount == model.labels.count)
      #expect(report.labelCount == report.pairCount + report.joinedCount + report.omitted.values.reduce(0, +))
    }
  }

  @Test("agreement is that of the labels that count, each pair once", arguments: 0..<20 as Range<UInt64>)
  func agreement(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var model = ModelStore(using: &generator)
    // Something to export, whatever else there is.
    model.prompts["z"] = "Z?"
    model.responses["z"] = ["a": "yes", "b": "no"]
    model.labels += ModelStore.judges.map {
      .init(promptID: "z", chosen: "a", rejected: "b", judge: $0, tie: false, scores: (nil, nil), method: nil)
    }
    let store = try model.store(using: &generator)
    let agreement = try #require(try store.export { $0.aggregation = .majority }.report.agreement)
    let pairs = Dictionary(grouping: model.labels, by: \.pair).values
    #expect(agreement.pairCount == pairs.count { $0.count > 1 })
    for (first, second) in [("ada", "bob"), ("ada", "cy"), ("bob", "cy")] {
      var table = JudgePairAgreement(categoryCount: 3)
      for labels in pairs {
        guard let one = labels.first(where: { $0.judge == first }),
          let other = labels.first(where: { $0.judge == second })
        else { continue }
        table.add(one.choice, other.choice)
      }
      let judges = agreement.judges.first { $0.first == first && $0.second == second }
      #expect(judges?.sharedCount ?? 0 == table.unitCount)
      #expect(judges?.kappa == table.kappa)
      #expect(judges?.raw == table.rawAgreement)
    }
  }
}
