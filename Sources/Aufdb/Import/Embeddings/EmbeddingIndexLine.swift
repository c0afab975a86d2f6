// One line of an index, parsed: what the vector in a row of the matrix belongs to.
//
//   row         which row of the matrix, counted from 0
//   prompt_id
//   model       whose response it is the vector of; null: it is the prompt's own
//   sample?     which of the model's responses, 0 where it isn't given; for a prompt it can't be anything else
//
// Fields of other names are passed over. Texts are slices of the line or of the reader's memory: valid until the
// reader's next line.

/// What a row's vector belongs to.
struct EmbeddingIndexLine {
  let row: Int
  var promptID: Bytes
  /// nil: the prompt itself.
  let model: Bytes?
  var sample: Int64

  /// Parses a line.
  ///
  /// - Throws: `JSONError`, or `.badData` that names the field.
  init(_ line: Bytes, _ reader: inout JSONReader) throws {
    var (row, sample): (Int64?, Int64) = (nil, 0)
    var (promptID, model): (Bytes?, Bytes?)
    var hasModel = false
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "row": row = try Field.wholeNumber(&reader, "row")
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "model":
        model = try reader.nullIfPresent() ? nil : Field.name(&reader, "model")
        hasModel = true
      case "sample": sample = try Field.wholeNumber(&reader, "sample")
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let row else { throw Field.missing("row") }
    guard let promptID else { throw Field.missing("prompt_id") }
    guard hasModel else {
      throw AufdbError(.badData, "model is missing", hint: "null says that the vector is the prompt's own")
    }
    guard model != nil || sample == 0 else {
      throw AufdbError(.badData, "sample is \(sample), but without a model the vector is the prompt's own")
    }
    (self.row, self.promptID, self.model, self.sample) = (Int(row), promptID, model, sample)
  }

  /// What it is the vector of, in words.
  var owner: String {
    let prompt = "'\(Field.excerpt(promptID))'"
    guard let model else { return "the prompt \(prompt)" }
    return "\(Field.excerpt(model)) for \(prompt)"
  }
}
