// What pairs count when several responses of a prompt were compared with one another.

/// Weights of pairs that share responses.
public enum PairWeights {
  /// Weights pairs so that a prompt counts by its judged responses: with all m (m - 1) / 2 pairs of m responses, each
  /// pair weighs 2 / m, so that each response weighs what it would in pairs of its own.
  ///
  /// - Parameters:
  ///   - pairs: rows.
  ///   - prompts: the prompt of each pair, by any number.
  /// - Returns: 2 / m for each pair, where m is how many different rows the pairs of its prompt have; 1 where m = 2.
  /// - Complexity: O(pairs).
  public static func byPrompt(_ pairs: [PairIndex], prompts: [Int]) -> [Double] {
    precondition(pairs.count == prompts.count, "another number of prompts than pairs")
    var rows: [Int: Set<Int>] = [:]
    for (pair, prompt) in zip(pairs, prompts) { rows[prompt, default: []].formUnion([pair.chosen, pair.rejected]) }
    return prompts.map { 2 / Double(max(2, rows[$0]?.count ?? 2)) }
  }
}

extension MatrixView<Float> {
  /// Returns chosen less rejected, one row a pair.
  /// - Throws: `LinearFitError.input` for what is wrong with a row that a pair has.
  func differences(_ pairs: [PairIndex]) throws(LinearFitError) -> Matrix<Float> {
    var result = Matrix<Float>(rowCount: pairs.count, columnCount: columnCount)
    for pair in pairs {
      for row in [pair.chosen, pair.rejected] {
        precondition(0..<rowCount ~= row, "a pair outside the inputs")
        do {
          try part(rows: row..<row + 1, columns: 0..<columnCount).check()
        } catch {
          throw .input(error.movedDown(by: row))
        }
      }
    }
    result.withUnsafeMutableElements { elements in
      guard let start else { return }
      for (index, pair) in pairs.enumerated() {
        let (chosen, rejected) = (start + pair.chosen * rowStep, start + pair.rejected * rowStep)
        for column in 0..<columnCount {
          elements[index * columnCount + column] = chosen[column * columnStep] - rejected[column * columnStep]
        }
      }
    }
    return result
  }
}

extension EmbeddingError {
  /// The same error, seen from a matrix in which the rows come later.
  fileprivate func movedDown(by rowCount: Int) -> EmbeddingError {
    guard case .outOfRange(let row, let column, let value) = self else { return self }
    return .outOfRange(row: row + rowCount, column: column, value: value)
  }
}
