// The scaled inputs of several prompts' responses, in one piece of memory for a head to estimate.

import AufdbReward

/// Prompts whose responses are estimated together.
struct InputBatch {
  /// The prompts; their rows have moved to `inputs`.
  private(set) var groups: [InputGroup] = []
  /// Where each prompt's responses begin.
  private(set) var starts: [Int] = []
  private(set) var groupSizes: [Int] = []
  private var inputs: [Float] = []
  private var rowMemory: [Float] = []
  private let width: Int

  /// Makes an empty batch.
  init(width: Int) { self.width = width }

  /// Reads prompts' responses and scales them.
  ///
  /// - Parameter isMeant: whether a response of the prompt of an index is to be held.
  init(
    _ promptIDs: some Sequence<[UInt8]>, _ reader: InputReader, _ scaling: InputScaling,
    where isMeant: ((Int, ResponseKey) -> Bool)? = nil
  ) throws {
    self.init(width: reader.inputCount)
    var vector = EmbeddingVector()
    for id in promptIDs { try append(id, reader, scaling, &vector, where: isMeant) }
  }

  /// Takes prompts off a list until there are enough responses, in place of what it held; its memory is used again,
  /// because new memory costs more than what is put into it.
  mutating func refill(
    from promptIDs: inout ArraySlice<[UInt8]>, atLeast enough: Int, _ reader: InputReader, _ scaling: InputScaling,
    _ vector: inout EmbeddingVector
  ) throws {
    groups.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    groupSizes.removeAll(keepingCapacity: true)
    inputs.removeAll(keepingCapacity: true)
    while rowCount < enough, let id = promptIDs.popFirst() { try append(id, reader, scaling, &vector) }
  }

  private mutating func append(
    _ promptID: [UInt8], _ reader: InputReader, _ scaling: InputScaling, _ vector: inout EmbeddingVector,
    where isMeant: ((Int, ResponseKey) -> Bool)? = nil
  ) throws {
    var group = InputGroup()
    swap(&group.rows, &rowMemory)
    try reader.read(promptID, into: &group, &vector)
    if let isMeant { group.keep(width: width) { isMeant(groups.count, $0) } }
    group.rows.withUnsafeMutableBufferPointer { scaling.apply(to: UnsafeBufferPointer($0), into: $0) }
    starts.append(rowCount)
    groupSizes.append(group.responses.count)
    inputs.append(contentsOf: group.rows)
    // The rows are in `inputs` now; their memory serves the next prompt.
    swap(&group.rows, &rowMemory)
    rowMemory.removeAll(keepingCapacity: true)
    groups.append(group)
  }

  var rowCount: Int { width == 0 ? 0 : inputs.count / width }

  /// Lends all inputs, prompt after prompt.
  func withInputs<Result, Failure: Error>(
    _ body: (MatrixView<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try inputs.withUnsafeBufferPointer { (inputs) throws(Failure) in
      try body(MatrixView(inputs, rowCount: rowCount, columnCount: width))
    }
  }

  /// Lends the input of one response.
  func withInput<Result>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try inputs.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[row * width..<(row + 1) * width])) }
  }

  /// The row of a response; nil where it isn't there.
  func row(_ group: Int, _ response: ResponseKey) -> Int? {
    groups[group].responses.firstIndex(of: response).map { starts[group] + $0 }
  }

  /// Says which response an error of a head is about.
  func naming(_ error: EmbeddingError) -> AufdbError {
    guard case .outOfRange(let row, _, _) = error, let group = starts.lastIndex(where: { $0 <= row }) else {
      return AufdbError(.badData, "\(error)", hint: error.hint)
    }
    return groups[group].naming(error, firstRow: starts[group])
  }
}
