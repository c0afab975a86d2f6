// A report as JSON: all settings and figures, in a fixed order, so that equal reports are equal bytes.

extension EvaluationReport {
  /// The report as one JSON object, indented, with a line feed at its end. What isn't a number is null.
  public var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("subject")
    subject.write(to: &writer)
    writer.key("settings")
    writer.object(settings)
    writer.key("policies")
    writer.array(policies) { $0.write(to: &$1) }
    writer.key("figures")
    writer.array(figures) { $0.write(to: &$1) }
    writer.key("headlines")
    writer.array(headlines) { $0.write(to: &$1) }
    writer.key("random_curve")
    writer.array(curve) { point, writer in
      writer.beginObject()
      writer.field("labels", point.labelCount)
      for measure in Measure.allCases where measure.isOfModel { writer.field(measure.rawValue, point.means[measure]) }
      writer.endObject()
    }
    writer.key("notes")
    writer.array(notes) { $1.string($0) }
    writer.endObject()
    return IndentedJSON.text(of: writer.text)
  }
}

extension EvaluationReport.Subject {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("commit", commit)
    writer.field("judge", judge)
    writer.field("encoder", encoder)
    writer.field("dimension", dimension)
    writer.field("training_prompts", trainingPromptCount)
    writer.field("test_prompts", testPromptCount)
    writer.field("responses", responseCount)
    writer.field("test_pairs", testPairCount)
    writer.field("length_matched_test_pairs", matchedPairCount)
    writer.field("unscored_prompts", omissions.unscoredPromptCount)
    writer.field("unembedded_prompts", omissions.unembeddedPromptCount)
    writer.field("too_few_responses_prompts", omissions.tooFewPromptCount)
    writer.field("empty_responses", omissions.emptyResponseCount)
    writer.endObject()
  }
}

extension PolicyReport {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("policy", name)
    writer.field("summary", summary)
    writer.key("parameters")
    writer.object(parameters)
    writer.field("baseline", isBaseline)
    writer.field("labels", labelCount)
    writer.field("ties", tieCount)
    writer.field("cost_per_label", costPerLabel)
    writer.key("calibration")
    if let calibration { calibration.write(to: &writer) } else { writer.null() }
    writer.endObject()
  }
}

extension CalibrationReport {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("accuracy", accuracy)
    writer.field("ece", expectedError)
    writer.field("mce", maximumError)
    writer.field("brier", brierScore)
    writer.field("bound_ece", expectedBoundError)
    writer.field("certain_share", certainShare)
    writer.field("certain_accuracy", certainAccuracy)
    writer.key("bins")
    writer.array(bins) { bin, writer in
      writer.beginObject()
      writer.field("share", bin.share)
      writer.field("predicted", bin.predicted)
      writer.field("observed", bin.observed)
      writer.endObject()
    }
    writer.endObject()
  }
}

extension EvaluationFigure {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("policy", policy)
    writer.field("model", model?.rawValue)
    writer.field("measure", measure.rawValue)
    switch target {
    case .labels(let budget): writer.field("label_budget", budget)
    case .cost(let budget): writer.field("judge_cost_budget", budget)
    }
    writer.field("labels", labelCount)
    writer.field("judge_cost", cost)
    writer.key("reached")
    writer.bool(isReached)
    writer.field("mean", mean)
    writer.field("interval", interval)
    writer.field("difference", difference)
    writer.field("difference_to_random_plain", differenceToPlain)
    writer.key("factor")
    if let factor {
      writer.beginObject()
      writer.field("value", factor.value)
      writer.field("bound", factor.bound.rawValue)
      writer.field("interval", factor.interval)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.endObject()
  }
}

extension Headline {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("policy", policy)
    writer.field("model", model?.rawValue)
    writer.field("measure", measure.rawValue)
    writer.field("difference", difference)
    writer.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func array<Item>(_ items: [Item], _ body: (Item, inout JSONWriter) -> Void) {
    beginArray()
    for item in items { body(item, &self) }
    endArray()
  }

  fileprivate mutating func object(_ values: [NamedValue]) {
    beginObject()
    for value in values { field(value.name, value.value) }
    endObject()
  }

  fileprivate mutating func field(_ name: String, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  fileprivate mutating func field(_ name: String, _ value: Int) {
    key(name)
    int(Int64(value))
  }

  fileprivate mutating func field(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  fileprivate mutating func field(_ name: String, _ value: Double?) {
    key(name)
    write(value)
  }

  fileprivate mutating func field(_ name: String, _ interval: Interval?) {
    key(name)
    guard let interval else { return null() }
    beginArray()
    write(interval.low)
    write(interval.high)
    endArray()
  }

  fileprivate mutating func field(_ name: String, _ comparison: Comparison?) {
    key(name)
    guard let comparison else { return null() }
    beginObject()
    field("mean", comparison.paired.mean)
    field("standard_error", comparison.paired.standardError)
    field("t", comparison.paired.t)
    field("p", comparison.paired.p)
    field("interval", comparison.interval)
    endObject()
  }

  /// A number; null for what JSON has no number for.
  private mutating func write(_ value: Double?) {
    guard let value, (try? double(value)) != nil else { return null() }
  }
}
