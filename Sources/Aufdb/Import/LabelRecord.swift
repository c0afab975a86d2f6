// One line of a labels file, parsed: a preference between two responses to one prompt.
//
//   prompt_id, chosen_model, chosen_sample?, rejected_model, rejected_sample?, judge?, tie?, chosen_score?,
//   rejected_score?, method?, batch?
//
// These are the columns of the relation, so that rows which a query gives can come in again. Beside that,
//   chosen, rejected   stand for chosen_model and rejected_model; they hold the model's name, or {model, sample?}
//   ..._sample         is a whole number, 0 where it isn't given
//   judge              may be missing or null where the import names a judge for such lines
//   tie                is true, false, 1 or 0; false where it isn't given
//   ..._score, method, batch   may be null, which says as much as leaving them out
// Two names of one field in one line are refused, even where they agree. Fields of other names are passed over.
// `method` and `batch` name the selection that asked for the label; it may be one that this store never had.
//
// Texts are slices of the line or of the reader's memory: valid until the reader's next line.

/// A label.
struct LabelRecord {
  /// One of the two responses, and the judge's score of it.
  struct Side {
    var model: Bytes
    var sample: Int64
    var score: Double?

    /// The response in words, for an error.
    var name: String { Field.excerpt(model) + (sample == 0 ? "" : " (sample \(sample))") }

    func isSameResponse(as other: Side) -> Bool { sample == other.sample && model.isEqual(to: other.model) }
  }

  let promptID: Bytes
  let chosen: Side
  let rejected: Side
  /// nil: the line names none.
  let judge: Bytes?
  let isTie: Bool
  let method: Bytes?
  let batch: Int64?

  /// Parses a line.
  ///
  /// - Throws: `JSONError`, or `.badData` that names the field.
  init(_ line: Bytes, _ reader: inout JSONReader) throws {
    var (promptID, judge, method): (Bytes?, Bytes?, Bytes?)
    var (isTie, batch): (Bool, Int64?) = (false, nil)
    var (chosen, rejected) = (SideFields(name: "chosen"), SideFields(name: "rejected"))
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "chosen": try chosen.parseResponse(&reader)
      case "chosen_model": try chosen.setModel(Field.name(&reader, "chosen_model"))
      case "chosen_sample": try chosen.setSample(Field.wholeNumber(&reader, "chosen_sample"))
      case "chosen_score": chosen.score = try Field.optionalNumber(&reader, "chosen_score")
      case "rejected": try rejected.parseResponse(&reader)
      case "rejected_model": try rejected.setModel(Field.name(&reader, "rejected_model"))
      case "rejected_sample": try rejected.setSample(Field.wholeNumber(&reader, "rejected_sample"))
      case "rejected_score": rejected.score = try Field.optionalNumber(&reader, "rejected_score")
      case "judge": judge = try reader.nullIfPresent() ? nil : Field.name(&reader, "judge")
      case "tie": isTie = try Self.tie(&reader)
      case "method": method = try reader.nullIfPresent() ? nil : Field.name(&reader, "method")
      case "batch": batch = try reader.nullIfPresent() ? nil : Field.wholeNumber(&reader, "batch")
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let promptID else { throw Field.missing("prompt_id") }
    self.promptID = promptID
    self.chosen = try chosen.side()
    self.rejected = try rejected.side()
    guard !self.chosen.isSameResponse(as: self.rejected) else {
      throw AufdbError(.badData, "chosen and rejected are the same response, that of \(self.chosen.name)")
    }
    (self.judge, self.isTie, self.method, self.batch) = (judge, isTie, method, batch)
  }

  private static func tie(_ reader: inout JSONReader) throws -> Bool {
    switch try reader.peekKind() {
    case .bool: return try reader.bool()
    case .number:
      switch try reader.number() {
      case .int(0): return false
      case .int(1): return true
      default: throw AufdbError(.badData, "tie is a number other than 0 and 1")
      }
    default: throw Field.mistyped(&reader, "tie", "true, false, 0 or 1")
    }
  }
}

/// What is known of one side while its line is read: its fields come in any order, and under more than one name.
private struct SideFields {
  /// "chosen" or "rejected".
  let name: String
  var model: Bytes?
  var sample: Int64?
  var score: Double?

  init(name: String) { self.name = name }

  mutating func setModel(_ value: Bytes) throws {
    guard model == nil else { throw Self.twice(name, "\(name)_model") }
    model = value
  }

  mutating func setSample(_ value: Int64) throws {
    guard sample == nil else { throw Self.twice("\(name).sample", "\(name)_sample") }
    sample = value
  }

  private static func twice(_ one: String, _ other: String) -> AufdbError {
    AufdbError(
      .badData, "\(one) and \(other) stand in one line", hint: "they are two names of one field: keep one of them")
  }

  /// A model's name, or an object with it.
  mutating func parseResponse(_ reader: inout JSONReader) throws {
    switch try reader.peekKind() {
    case .string: try setModel(Field.name(&reader, name))
    case .object:
      var hasModel = false
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "model":
          try setModel(Field.name(&reader, "\(name).model"))
          hasModel = true
        case "sample": try setSample(Field.wholeNumber(&reader, "\(name).sample"))
        default: _ = try reader.skipValue()
        }
      }
      guard hasModel else { throw Field.missing("\(name).model") }
    default: throw Field.mistyped(&reader, name, "a model's name or an object with model and sample")
    }
  }

  func side() throws -> LabelRecord.Side {
    guard let model else { throw Field.missing("\(name)_model") }
    return LabelRecord.Side(model: model, sample: sample ?? 0, score: score)
  }
}
