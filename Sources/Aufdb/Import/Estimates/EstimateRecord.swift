// One line of a file of estimates, parsed:
//
//   prompt_id, model, sample?, reward, lower, upper, heads?, snapshot?
//
// `heads` are the rewards of an ensemble's single heads: a list of numbers, of which each response of the snapshot has as
// many, or no list at all. `snapshot` may be missing or null where the import or the file's name says which. Fields of
// other names are passed over.
//
// Texts are slices of the line or of the reader's memory: valid until the next line is parsed.

/// An estimate; one value is reused for all lines.
struct EstimateRecord: ~Copyable {
  private(set) var promptID = Bytes(start: nil, count: 0)
  private(set) var model = Bytes(start: nil, count: 0)
  private(set) var sample: Int64 = 0
  private(set) var reward = 0.0
  private(set) var lower = 0.0
  private(set) var upper = 0.0
  /// nil: the line names none.
  private(set) var snapshot: Bytes?
  private(set) var hasHeads = false
  /// As the store keeps them: the bits of float32s, little-endian. Those of another line where this one has none.
  private(set) var heads: [UInt32] = []
  private var reader = JSONReader()

  private static let headLimit = 4096

  init() {}

  /// Parses a line.
  ///
  /// - Throws: `JSONError`, or `.badData` that names the field.
  mutating func parse(_ line: Bytes) throws {
    var (promptID, model): (Bytes?, Bytes?)
    var (reward, lower, upper): (Double?, Double?, Double?)
    (sample, hasHeads, snapshot) = (0, false, nil)
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "model": model = try Field.name(&reader, "model")
      case "sample": sample = try Field.wholeNumber(&reader, "sample")
      case "reward": reward = try number("reward")
      case "lower": lower = try number("lower")
      case "upper": upper = try number("upper")
      case "heads": hasHeads = try readHeads()
      case "snapshot": snapshot = try reader.nullIfPresent() ? nil : Field.name(&reader, "snapshot")
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let promptID else { throw Field.missing("prompt_id") }
    guard let model else { throw Field.missing("model") }
    guard let reward else { throw Field.missing("reward") }
    guard let lower else { throw Field.missing("lower") }
    guard let upper else { throw Field.missing("upper") }
    guard lower <= upper else { throw AufdbError(.badData, "lower (\(lower)) is above upper (\(upper))") }
    (self.promptID, self.model) = (promptID, model)
    (self.reward, self.lower, self.upper) = (reward, lower, upper)
  }

  /// A number that is still finite in single precision, in which methods compute.
  private mutating func number(_ name: String) throws -> Double {
    let value = try Field.number(&reader, name)
    guard Float(value).isFinite else {
      throw AufdbError(.badData, "\(name) is too large: estimates are in single precision")
    }
    return value
  }

  /// Reads `heads`; false for null.
  private mutating func readHeads() throws -> Bool {
    if try reader.nullIfPresent() { return false }
    guard try reader.peekKind() == .array else { throw Field.mistyped(&reader, "heads", "a list of numbers") }
    heads.removeAll(keepingCapacity: true)
    try reader.beginArray()
    while try reader.nextElement() {
      guard heads.count < Self.headLimit else {
        throw AufdbError(.badData, "heads has more than \(Self.headLimit) numbers")
      }
      guard try reader.peekKind() == .number else {
        throw Field.mistyped(&reader, "heads[\(heads.count)]", "a number")
      }
      // The sum makes 0.0 of -0.0, so that equal numbers have equal bytes.
      let head = Float(try reader.double()) + 0
      guard head.isFinite else {
        throw AufdbError(.badData, "heads[\(heads.count)] is too large: estimates are in single precision")
      }
      heads.append(head.bitPattern.littleEndian)
    }
    guard !heads.isEmpty else { throw AufdbError(.badData, "heads is empty") }
    return true
  }
}
