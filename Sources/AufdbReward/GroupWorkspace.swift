// What every computation over a prompt's embeddings begins with: checking them, and taking their mean away.
//
// A group is the embeddings of one prompt's k responses, k x d floats, row after row. Only differences between its
// rows carry information about preferences, so its mean is taken away first, in double precision: an encoder's common
// direction is often larger than all differences, and would drown them in rounding errors.

/// Reusable memory for computations over one group after another: once it has grown to the largest group, nothing is
/// allocated any more. One belongs to one thread.
public struct GroupWorkspace: Sendable {
  var means: [Double] = []
  var floats: [Float] = []
  var doubles: [Double] = []

  /// Makes an empty workspace.
  public init() {}
}

enum Group {
  /// The largest magnitude that an embedding's number may have: the sum of 256 squares of differences is then finite
  /// as a Float.
  static var magnitudeLimit: Float { 0x1p58 }

  /// Checks that all numbers of a group are finite and of moderate size.
  /// - Complexity: O(k d).
  static func check(_ group: UnsafeBufferPointer<Float>, columnCount: Int) throws(EmbeddingError) {
    let limit = magnitudeLimit
    // Counted, and not looked for: a loop without a way out is done on vectors. NaN compares false.
    var badCount = 0
    for value in group { badCount &+= value.magnitude <= limit ? 0 : 1 }
    guard badCount > 0 else { return }
    for index in group.indices where !(group[index].magnitude <= limit) {
      throw .outOfRange(row: index / columnCount, column: index % columnCount, value: "\(group[index])")
    }
  }

  /// Writes the mean of a checked group's rows into `means`, which gets one element a column.
  /// - Precondition: the group isn't empty.
  static func takeMeans(of group: UnsafeBufferPointer<Float>, columnCount: Int, into means: inout [Double]) {
    means.removeAll(keepingCapacity: true)
    means.append(contentsOf: repeatElement(0, count: columnCount))
    let rowCount = group.count / columnCount
    means.withUnsafeMutableBufferPointer { means in
      for row in 0..<rowCount {
        let values = UnsafeBufferPointer(rebasing: group[row * columnCount..<(row + 1) * columnCount])
        for column in 0..<columnCount { means[column] += Double(values[column]) }
      }
      let rows = Double(rowCount)
      for column in 0..<columnCount { means[column] /= rows }
    }
  }

  /// Writes a group's rows less their means.
  static func subtract<Element: MatrixElement>(
    _ means: [Double], from group: UnsafeBufferPointer<Float>, into centred: UnsafeMutableBufferPointer<Element>
  ) {
    means.withUnsafeBufferPointer { means in
      for start in stride(from: 0, to: group.count, by: means.count) {
        for column in means.indices {
          centred[start + column] = Element(Double(group[start + column]) - means[column])
        }
      }
    }
  }
}

extension Array {
  /// Makes room for at least `count` elements; what was there may stay.
  mutating func grow(to count: Int, filler: Element) {
    if self.count < count { append(contentsOf: repeatElement(filler, count: count - self.count)) }
  }
}
