// One line of a labels file, parsed: a preference between two responses to one prompt.
//
//   prompt_id, chosen_model, chosen_sample?, rejected_model, rejected_sample?, judge?, tie?, chosen_score?,
//   rejected_score?, method?, batch?, details?
//
// These are the columns of the relation, so that rows which a query gives can come in again. Beside that,
//   chosen, rejected   stand for chosen_model and rejected_model; they hold the model's name, or {model, sample?}
//   ..._sample         is a whole number, 0 where it isn't given
//   judge              may be missing or null where the import names a judge for such lines
//   tie                is true, false, 1 or 0; false where it isn't given
//   details                    is any JSON, or a text that is JSON, kept without white space
//   ..._score, method, batch, details   may be null, which says as much as leaving them out
// PairSide.swift tells more names of the sides' fields. Two names of one field in one line are refused, even where they
// agree. Fields of other names are passed over.
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

  var promptID: Bytes
  var chosen: Side
  var rejected: Side
  /// nil: the line names none.
  var judge: Bytes?
  var isTie: Bool
  var method: Bytes?
  var batch: Int64?
  /// What is behind it, as JSON.
  var details: Bytes?

  init(
    promptID: Bytes, chosen: Side, rejected: Side, judge: Bytes?, isTie: Bool, method: Bytes?, batch: Int64?
  ) {
    (self.promptID, self.chosen, self.rejected, self.judge) = (promptID, chosen, rejected, judge)
    (self.isTie, self.method, self.batch) = (isTie, method, batch)
  }

  /// Parses a line.
  ///
  /// - Throws: `JSONError`, or `.badData` that names the field.
  init(_ line: Bytes, _ reader: inout JSONReader, details: inout JSONField) throws {
    var (promptID, judge, method): (Bytes?, Bytes?, Bytes?)
    var (isTie, batch): (Bool, Int64?) = (false, nil)
    var (chosen, rejected) = (PairSide(name: "chosen"), PairSide(name: "rejected"))
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "chosen": try chosen.parseResponse(&reader)
      case "rejected": try rejected.parseResponse(&reader)
      case "judge": judge = try reader.nullIfPresent() ? nil : Field.name(&reader, "judge")
      case "tie": isTie = try Self.parseTie(&reader)
      case "method": method = try reader.nullIfPresent() ? nil : Field.name(&reader, "method")
      case "batch": batch = try reader.nullIfPresent() ? nil : Field.wholeNumber(&reader, "batch")
      case "details": self.details = try details.parse(&reader)
      default:
        if let field = PairField(key) {
          try field.isChosen
            ? chosen.parse(field, &reader, isLenient: false) : rejected.parse(field, &reader, isLenient: false)
        } else {
          _ = try reader.skipValue()
        }
      }
    }
    try reader.finish()
    guard let promptID else { throw Field.missing("prompt_id") }
    self.promptID = promptID
    self.chosen = try chosen.side()
    self.rejected = try rejected.side()
    guard !self.chosen.isSameResponse(as: self.rejected) else { throw Self.sameResponse(self.chosen) }
    (self.judge, self.isTie, self.method, self.batch) = (judge, isTie, method, batch)
  }

  /// Reads whether a label is a tie.
  static func parseTie(_ reader: inout JSONReader) throws -> Bool {
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

  static func sameResponse(_ side: Side) -> AufdbError {
    AufdbError(.badData, "chosen and rejected are the same response, that of \(side.name)")
  }
}

extension PairSide {
  /// Reads a model's name, or an object with it.
  fileprivate mutating func parseResponse(_ reader: inout JSONReader) throws {
    switch try reader.peekKind() {
    case .string: try setModel(Field.name(&reader, name), name)
    case .object:
      var hasModel = false
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "model":
          try setModel(Field.name(&reader, "\(name).model"), name)
          hasModel = true
        case "sample": try setSample(Field.wholeNumber(&reader, "\(name).sample"), "\(name).sample")
        default: _ = try reader.skipValue()
        }
      }
      guard hasModel else { throw Field.missing("\(name).model") }
    default: throw Field.mistyped(&reader, name, "a model's name or an object with model and sample")
    }
  }

  fileprivate func side() throws -> LabelRecord.Side {
    guard let model else { throw Field.missing("\(name)_model") }
    return LabelRecord.Side(model: model, sample: sample ?? 0, score: score)
  }
}
