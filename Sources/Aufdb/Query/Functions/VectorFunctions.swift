// vector_json, cosine and dot: what SQL can do with embeddings.
//
//   vector_json(element, vector)   the vector as a JSON list of numbers. Each is the shortest that reads back as the
//                                  same float32, which is the very element, float16 or not
//   cosine(element, a, b)          the cosine of the angle between two vectors, computed in double precision, from -1
//                                  to 1; NULL where one of them is all zeros, for then there is no angle
//   dot(element, a, b)             the sum of the products of their elements, in double precision
//
// A blob doesn't tell what its elements are, so all take the column `element` first. Where an argument is NULL, so is
// the answer; what is no vector of that element, vectors of different lengths, and elements that are not finite (which
// only something else than aufdb can have put there) are errors.
//
// The sums are those of CMatrix's Vectors.h, which says how exact they are: the same bits on every processor, and the
// same that `nearest` ranks by.

import CMatrix
import GRDBSQLite

enum VectorFunctions {
  static func json() -> ScalarFunction.Body {
    let calculation = VectorCalculation()
    return { try calculation.json($0) }
  }

  static func cosine() -> ScalarFunction.Body {
    let calculation = VectorCalculation()
    return { try calculation.cosine($0) }
  }

  static func dot() -> ScalarFunction.Body {
    let calculation = VectorCalculation()
    return { try calculation.dot($0) }
  }

  /// The cosine of the angle between two vectors whose squares are not zero.
  @inline(__always)
  static func cosine(product: Double, _ aSquares: Double, _ bSquares: Double) -> Double {
    // One root, not two: then a vector's cosine with itself is 1 to the last bit.
    min(1, max(-1, product / (aSquares * bSquares).squareRoot()))
  }
}

extension EmbeddingElement {
  /// The sums of a vector and a stored one of as many elements of this type, which stand at any address.
  @inline(__always)
  func sums(_ vector: UnsafeBufferPointer<Float>, _ stored: UnsafeRawPointer?) -> AufdbVectorSums {
    switch self {
    case .float16: aufdb_sums_with_halves(vector.count, vector.baseAddress, stored)
    case .float32: aufdb_sums_with_singles(vector.count, vector.baseAddress, stored)
    }
  }
}

/// Computes the answers, in memory that serves all rows of a query.
private final class VectorCalculation {
  private var vector = EmbeddingVector()
  private var writer = JSONWriter()

  func json(_ arguments: SQLArguments) throws -> SQLValue {
    guard arguments.count == 2 else {
      throw AufdbError(.usage, "vector_json takes (element, vector), two columns of embeddings")
    }
    guard let element = try element(of: arguments, "vector_json") else { return .null }
    try vector.decode(blob(arguments, 1, "vector_json"), as: element)
    writer.removeAll()
    writer.beginArray()
    try vector.withValues { values in
      for value in values {
        guard value.isFinite else { throw AufdbError(.badData, "vector_json: an element is not finite") }
        var digits = value.description
        digits.withUTF8 { writer.raw(UnsafeRawBufferPointer($0)) }
      }
    }
    writer.endArray()
    return .text(writer.text)
  }

  func cosine(_ arguments: SQLArguments) throws -> SQLValue {
    guard let (a, sums) = try sums(arguments, "cosine") else { return .null }
    guard a > 0, sums.squares > 0 else { return .null }
    return .real(VectorFunctions.cosine(product: sums.product, a, sums.squares))
  }

  func dot(_ arguments: SQLArguments) throws -> SQLValue {
    try sums(arguments, "dot").map { .real($0.sums.product) } ?? .null
  }

  /// The first vector's squares, and the sums of both; nil where any argument is NULL.
  private func sums(_ arguments: SQLArguments, _ function: String) throws -> (a: Double, sums: AufdbVectorSums)? {
    guard arguments.count == 3 else {
      throw AufdbError(.usage, "\(function) takes (element, a, b): the element of both vectors, and the vectors")
    }
    guard let element = try element(of: arguments, function) else { return nil }
    let second = try blob(arguments, 2, function)
    try vector.decode(second, as: element)
    let secondCount = vector.dimension
    try vector.decode(blob(arguments, 1, function), as: element)
    guard vector.dimension == secondCount else {
      throw AufdbError(.badData, "\(function): the vectors have \(vector.dimension) and \(secondCount) elements")
    }
    let (a, sums) = vector.withValues { values in
      (EmbeddingElement.float32.sums(values, values.baseAddress).squares, element.sums(values, second.baseAddress))
    }
    guard a.isFinite, sums.squares.isFinite else {
      throw AufdbError(.badData, "\(function): an element is not finite")
    }
    return (a, sums)
  }

  /// The element that the first argument names; nil where any argument is NULL.
  private func element(of arguments: SQLArguments, _ function: String) throws(AufdbError) -> EmbeddingElement? {
    guard !arguments.hasNull else { return nil }
    guard arguments.type(0) == SQLITE_TEXT, let name = arguments.text(0), let element = EmbeddingElement(named: name)
    else {
      throw AufdbError(.usage, "\(function): the first argument is the column element, 'f16' or 'f32'")
    }
    return element
  }

  /// A vector's bytes, for as long as SQLite keeps the argument.
  private func blob(_ arguments: SQLArguments, _ index: Int, _ function: String) throws(AufdbError) -> Bytes {
    guard let bytes = arguments.blob(index) else {
      throw AufdbError(.usage, "\(function): a vector is a blob, as the column vector is")
    }
    return bytes
  }
}
