// One line of the filter's input: which columns it has, and the values of those that are wanted.

import AufdbAcquisition

/// Reads one line after another into the same memory.
struct FilterRecord: ~Copyable {
  /// Valid until the next line is read.
  private(set) var promptID = Bytes(start: nil, count: 0)
  /// The columns that were wanted, of k responses.
  private(set) var storage = CandidateStorage()

  private var reader = JSONReader()
  private var textReader = JSONReader()
  private var present: CandidateColumns = []
  /// The column that k comes from; nil before the first.
  private var countedKey: FilterKey?
  private var hasLengths = false
  /// The texts of the responses, still to be read where there turn out to be no lengths.
  private var responses: Bytes?

  /// Which columns a line has, whatever is in them.
  ///
  /// - Throws: `JSONError` for a line that is no object of valid JSON, or has a key twice.
  mutating func columns(of line: Bytes) throws(JSONError) -> CandidateColumns {
    var columns: CandidateColumns = []
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      if try reader.nullIfPresent() { continue }
      _ = try reader.skipValue()
      columns.formUnion(FilterKey(key)?.column ?? [])
    }
    try reader.finish()
    return columns
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - needs: the columns that it must have. Without any, k comes from whatever columns there are.
  ///   - others: columns that are read, too, where there are any.
  /// - Throws: `JSONError`, or an `AufdbError` without a place.
  mutating func parse(_ line: Bytes, needs: CandidateColumns, others: CandidateColumns) throws {
    storage.removeAll()
    (present, countedKey, hasLengths, responses) = ([], nil, false, nil)
    let wanted = needs.union(others)
    let counted = needs.isEmpty ? .all : wanted
    var promptID: Bytes?
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let name = try reader.nextKey() {
      let key = FilterKey(name)
      if key == .promptID {
        promptID = try Self.promptID(&reader)
      } else if let key, !key.column.isDisjoint(with: counted) {
        if try !reader.nullIfPresent() { try read(key, isWanted: !key.column.isDisjoint(with: wanted)) }
      } else {
        _ = try reader.skipValue()
      }
    }
    try reader.finish()
    try readResponses(isWanted: wanted.contains(.textLengths))
    guard let promptID else { throw Field.missing(FilterKey.promptID.rawValue) }
    guard present.isSuperset(of: needs) else { throw Self.missing(needs.subtracting(present), needs: needs) }
    guard countedKey != nil else {
      throw AufdbError(
        .badData, "the line has nothing that tells how many responses there are",
        hint: "give one of \(FilterKey.allCases.dropFirst().map(\.rawValue).joined(separator: ", "))")
    }
    self.promptID = promptID
  }

  /// Reads the value of a column's key, or counts its elements where it isn't wanted.
  private mutating func read(_ key: FilterKey, isWanted: Bool) throws {
    let length: Int
    switch key {
    case .responses:
      // Lengths may yet come.
      responses = try reader.skipValue()
      return
    case _ where !isWanted: length = try FilterColumn.elementCount(&reader, key)
    case .promptID, .rewards: length = try FilterColumn.floats(&reader, key, into: &storage.rewards)
    case .lower: length = try FilterColumn.floats(&reader, key, into: &storage.lower)
    case .upper: length = try FilterColumn.floats(&reader, key, into: &storage.upper)
    case .scores: length = try FilterColumn.doubles(&reader, key, into: &storage.scores)
    case .lengths: length = try FilterColumn.wholeNumbers(&reader, key, into: &storage.textLengths)
    case .models: length = try FilterColumn.models(&reader, key, into: &storage)
    case .heads: length = try FilterColumn.matrix(&reader, key, into: &storage.heads)
    case .features: length = try FilterColumn.matrix(&reader, key, into: &storage.features)
    }
    if key == .lengths { hasLengths = true }
    try take(length, of: key)
  }

  /// Reads the texts of the responses, if they are there and no lengths are.
  private mutating func readResponses(isWanted: Bool) throws {
    guard let responses, !hasLengths else { return }
    textReader.begin(responses)
    let length =
      isWanted
      ? try FilterColumn.textLengths(&textReader, .responses, into: &storage.textLengths)
      : try FilterColumn.elementCount(&textReader, .responses)
    try take(length, of: .responses)
  }

  /// Takes the length of a column for k, or compares it.
  private mutating func take(_ length: Int, of key: FilterKey) throws {
    present.formUnion(key.column)
    guard let countedKey else {
      (countedKey, storage.count) = (key, length)
      return
    }
    guard length == storage.count else {
      throw AufdbError(
        .badData, "\(key.rawValue) has \(length) values, and \(countedKey.rawValue) \(storage.count)")
    }
  }

  private static func promptID(_ reader: inout JSONReader) throws -> Bytes {
    guard try reader.peekKind() != .number else {
      throw AufdbError(
        .badData, "prompt_id is a number, not a text", hint: #"write it in quotes: {"prompt_id":"17",...}"#)
    }
    return try Field.name(&reader, FilterKey.promptID.rawValue)
  }

  private static func missing(_ columns: CandidateColumns, needs: CandidateColumns) -> AufdbError {
    let keys = FilterKey.allCases.filter { !$0.column.isDisjoint(with: columns) && $0 != .responses }
    return AufdbError(
      .badData, "\(keys.map(\.rawValue).joined(separator: ", ")) \(keys.count == 1 ? "is" : "are") missing",
      hint: "the method needs \(needs)")
  }
}
