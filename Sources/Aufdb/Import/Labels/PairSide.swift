// The two sides of a pair, in a record of labels or of preferences: the names that their fields go by.

/// A field of one side, such as `chosen_model`.
struct PairField {
  enum Property {
    case model
    case sample
    case score
  }

  let isChosen: Bool
  let property: Property
  let name: StaticString

  private init(_ isChosen: Bool, _ property: Property, _ name: StaticString) {
    (self.isChosen, self.property, self.name) = (isChosen, property, name)
  }

  /// All names. Those of the store and of its exports come first, then those of published sets.
  static let all: [PairField] = [
    PairField(true, .model, "chosen_model"), PairField(false, .model, "rejected_model"),
    PairField(true, .sample, "chosen_sample"), PairField(false, .sample, "rejected_sample"),
    PairField(true, .score, "chosen_score"), PairField(false, .score, "rejected_score"),
    PairField(true, .score, "score_chosen"), PairField(false, .score, "score_rejected"),
    PairField(true, .model, "chosen-model"), PairField(false, .model, "rejected-model"),
    PairField(true, .model, "model_chosen"), PairField(false, .model, "model_rejected"),
    PairField(true, .score, "chosen-score"), PairField(false, .score, "rejected-score"),
    PairField(true, .score, "chosen-rating"), PairField(false, .score, "rejected-rating"),
    PairField(true, .score, "chosen_rating"), PairField(false, .score, "rejected_rating"),
    PairField(true, .score, "rating_chosen"), PairField(false, .score, "rating_rejected"),
  ]

  /// The field of a name; nil where it is none of a side's.
  init?(_ key: JSONKey) {
    guard let field = Self.all.first(where: { key == $0.name }) else { return nil }
    self = field
  }
}

/// What is known of one side while its record is read: its fields come in any order, and under more than one name.
struct PairSide {
  /// "chosen" or "rejected".
  let name: String
  private(set) var model: Bytes?
  private(set) var sample: Int64?
  private(set) var score: Double?
  // The names that they came under.
  private var modelName = ""
  private var sampleName = ""
  private var scoreName: StaticString?

  init(name: String) { self.name = name }

  mutating func setModel(_ value: Bytes, _ name: String) throws {
    guard model == nil else { throw Self.twice(modelName, name) }
    (model, modelName) = (value, name)
  }

  mutating func setSample(_ value: Int64, _ name: String) throws {
    guard sample == nil else { throw Self.twice(sampleName, name) }
    (sample, sampleName) = (value, name)
  }

  /// Reads the value of a field.
  ///
  /// - Parameter isLenient: whether there may be null for a model or a sample, and a text for a score.
  mutating func parse(_ field: PairField, _ reader: inout JSONReader, isLenient: Bool) throws {
    let name = field.name.description
    switch field.property {
    case .model:
      if isLenient, try reader.nullIfPresent() { return }
      try setModel(Field.name(&reader, name), name)
    case .sample:
      if isLenient, try reader.nullIfPresent() { return }
      try setSample(Field.wholeNumber(&reader, name), name)
    case .score:
      if let scoreName { throw Self.twice(scoreName.description, name) }
      scoreName = field.name
      score = try isLenient ? Field.score(&reader, name) : Field.optionalNumber(&reader, name)
    }
  }

  /// The error for two names of one field. Their order is that of the alphabet, whichever came first.
  static func twice(_ one: String, _ other: String) -> AufdbError {
    AufdbError(
      .badData, "\(min(one, other)) and \(max(one, other)) stand in one line",
      hint: "they are two names of one field: keep one of them")
  }
}
