// vector_json, cosine and dot: what they give, and what they refuse.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Functions on vectors") struct VectorFunctionsTests {
  private let test: TestQueryStore

  init() throws { test = try TestQueryStore() }

  private func value(_ sql: String, _ parameters: [String: SQLValue] = [:]) throws -> SQLValue? {
    try test.rows("SELECT \(sql)", at: .head, parameters).first?.first
  }

  @Test("a vector's numbers are the shortest that read back as the same float32")
  func json() throws {
    let halves: [Float16] = [1, -0.0, 0.1, 65_504, 0x1p-24, -2.5]
    #expect(
      try value("vector_json('f16', :v)", ["v": .blob(MatrixFiles.bytes(halves))])
        == .text("[1.0,-0.0,0.099975586,65504.0,5.9604645e-08,-2.5]"))
    let singles: [Float] = [0.1, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -16_777_216, 1e-5]
    #expect(
      try value("vector_json('f32', :v)", ["v": .blob(MatrixFiles.bytes(singles))])
        == .text("[0.1,3.4028235e+38,1e-45,-16777216.0,1e-05]"))
    #expect(try value("json_array_length(vector_json('f16', x'003c003c'))") == .integer(2))
    #expect(try value("VECTOR_JSON('f32', x'0000803f')") == .text("[1.0]"))
  }

  @Test("every number reads back as the element it was", arguments: [1, 2] as [UInt64])
  func roundTrip(seed: UInt64) throws {
    let halves = randomHalves(500, seed: seed)
    guard case .text(let text) = try value("vector_json('f16', :v)", ["v": .blob(MatrixFiles.bytes(halves))]) else {
      Issue.record("no text")
      return
    }
    let found = text.dropFirst().dropLast().split(separator: ",").map { Float($0).map { Float16($0).bitPattern } }
    #expect(found == halves, "seed \(seed)")
  }

  @Test("the cosine of the angle between two vectors")
  func cosine() throws {
    func cosine(_ a: [Float], _ b: [Float]) throws -> SQLValue? {
      try value(
        "cosine('f32', :a, :b)", ["a": .blob(MatrixFiles.bytes(a)), "b": .blob(MatrixFiles.bytes(b))])
    }
    #expect(try cosine([1, 0], [0, 5]) == .real(0))
    #expect(try cosine([1, 2, 3], [2, 4, 6]) == .real(1))
    #expect(try cosine([1, 2], [-2, -4]) == .real(-1))
    #expect(try cosine([3, 4], [4, 3]) == .real(24.0 / 25))
    #expect(try cosine([.greatestFiniteMagnitude, 0], [.greatestFiniteMagnitude, 0]) == .real(1))
    #expect(try cosine([.leastNonzeroMagnitude], [-.leastNonzeroMagnitude]) == .real(-1))
    #expect(try cosine([0, 0], [1, 0]) == .null)
    #expect(try cosine([0, -0.0], [0, 0]) == .null)
    #expect(try value("cosine('f16', x'003c0000', x'00bc0000')") == .real(-1))
  }

  @Test("against double precision, and with itself exactly 1", arguments: [1, 2, 3] as [UInt64])
  func cosineOfRandomVectors(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for dimension in [1, 2, 7, 384] {
      let vectors = (0..<2).map { _ in (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) } }
      let doubles = vectors.map { $0.map { Double($0) } }
      func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { $0 * $1 }.reduce(0, +) }
      let expected =
        product(doubles[0], doubles[1])
        / (product(doubles[0], doubles[0]).squareRoot() * product(doubles[1], doubles[1]).squareRoot())
      let parameters = ["a": SQLValue.blob(MatrixFiles.bytes(vectors[0])), "b": .blob(MatrixFiles.bytes(vectors[1]))]
      guard case .real(let found) = try value("cosine('f32', :a, :b)", parameters) else {
        Issue.record("seed \(seed): no number")
        continue
      }
      #expect(abs(found - expected) < 1e-14, "seed \(seed), dimension \(dimension)")
      #expect(try value("cosine('f32', :a, :a)", ["a": parameters["a"] ?? .null]) == .real(1), "seed \(seed)")
    }
  }

  @Test("the sum of the products of two vectors' elements")
  func dot() throws {
    func dot(_ a: [Float], _ b: [Float]) throws -> SQLValue? {
      try value("dot('f32', :a, :b)", ["a": .blob(MatrixFiles.bytes(a)), "b": .blob(MatrixFiles.bytes(b))])
    }
    #expect(try dot([1, 2, 3], [4, -5, 6]) == .real(12))
    #expect(try dot([0, 0], [1, 2]) == .real(0))
    #expect(try dot([.greatestFiniteMagnitude], [2]) == .real(2 * Double(Float.greatestFiniteMagnitude)))
    #expect(try dot([1, 1], [0x1p-60, 1]) == .real(1))
    #expect(try value("dot('f16', x'003c0040', x'0044003c')") == .real(6))
    #expect(try value("Dot('f16', x'003c', x'00bc')") == .real(-1))
  }

  @Test("a dot product doesn't depend on the order, and is a cosine's numerator", arguments: [4, 5] as [UInt64])
  func dotLaws(seed: UInt64) throws {
    for dimension in [1, 15, 384] {
      let bytes = (0..<2).map { MatrixFiles.bytes(randomHalves(dimension, seed: seed + UInt64($0))) }
      let parameters = ["a": SQLValue.blob(bytes[0]), "b": .blob(bytes[1])]
      #expect(try value("dot('f16', :a, :b) = dot('f16', :b, :a)", parameters) == .integer(1), "seed \(seed)")
      let quotient = "dot('f16', :a, :b) / sqrt(dot('f16', :a, :a) * dot('f16', :b, :b))"
      #expect(try value("cosine('f16', :a, :b) = \(quotient)", parameters) == .integer(1), "seed \(seed)")
    }
  }

  @Test("NULL in any place gives NULL")
  func nulls() throws {
    for sql in [
      "vector_json(NULL, x'003c')", "vector_json('f16', NULL)", "cosine(NULL, x'003c', x'003c')",
      "cosine('f16', NULL, x'003c')", "cosine('f16', x'003c', NULL)", "cosine('f16', NULL, x'00')",
      "dot(NULL, x'003c', x'003c')", "dot('f16', NULL, x'003c')", "dot('f16', x'003c', NULL)",
    ] { #expect(try value(sql) == .null, "\(sql)") }
    #expect(try test.rows("SELECT vector_json(element, vector) FROM embeddings") == [])
  }

  private static let wrongElement = ": the first argument is the column element, 'f16' or 'f32'"
  private static let wrong = [
    ("vector_json(x'003c')", "vector_json takes (element, vector), two columns of embeddings"),
    ("vector_json()", "vector_json takes (element, vector), two columns of embeddings"),
    ("vector_json('f16', x'003c', 1)", "vector_json takes (element, vector), two columns of embeddings"),
    ("vector_json(x'003c', 'f16')", "vector_json" + wrongElement),
    ("vector_json('F16', x'003c')", "vector_json" + wrongElement),
    ("vector_json(16, x'003c')", "vector_json" + wrongElement),
    ("vector_json('', x'003c')", "vector_json" + wrongElement),
    ("vector_json('f16', '[1.0]')", "vector_json: a vector is a blob, as the column vector is"),
    ("vector_json('f16', 1.5)", "vector_json: a vector is a blob, as the column vector is"),
    ("vector_json('f16', x'')", "a vector without elements"),
    ("vector_json('f16', x'003c00')", "a vector of 3 bytes, which aren't whole elements of f16"),
    ("vector_json('f32', x'003c')", "a vector of 2 bytes, which aren't whole elements of f32"),
    ("vector_json('f16', x'003c007c')", "vector_json: an element is not finite"),
    ("vector_json('f16', x'017e')", "vector_json: an element is not finite"),
    ("vector_json('f32', x'0000c07f')", "vector_json: an element is not finite"),
    ("cosine(x'003c', x'003c')", "cosine takes (element, a, b): the element of both vectors, and the vectors"),
    ("cosine(x'003c', x'003c', 'f16')", "cosine" + wrongElement),
    ("cosine('f16', x'003c', 'text')", "cosine: a vector is a blob, as the column vector is"),
    ("cosine('f16', x'003c', x'003c003c')", "cosine: the vectors have 1 and 2 elements"),
    ("cosine('f16', x'', x'')", "a vector without elements"),
    ("cosine('f16', x'00', x'003c')", "a vector of 1 bytes, which aren't whole elements of f16"),
    ("dot('f16', x'003c')", "dot takes (element, a, b): the element of both vectors, and the vectors"),
    ("dot('f64', x'003c', x'003c')", "dot" + wrongElement),
    ("dot('f16', x'003c', x'003c003c')", "dot: the vectors have 1 and 2 elements"),
    ("dot('f16', x'0000', x'007c')", "dot: an element is not finite"),
    ("dot('f16', x'007c', x'0000')", "dot: an element is not finite"),
    ("cosine('f16', x'007c', x'003c')", "cosine: an element is not finite"),
    ("cosine('f16', x'003c', x'007e')", "cosine: an element is not finite"),
  ]

  @Test("what is no vector of the element is an error, in any query", arguments: wrong)
  func refuses(sql: String, message: String) throws {
    for query in ["SELECT \(sql)", "SELECT 1 WHERE \(sql) = 1", "SELECT prompt_id FROM prompts ORDER BY \(sql)"] {
      let error = try test.error(query)
      #expect(error == AufdbError(.refused, message), "\(query)")
    }
    #expect(try value("vector_json('f16', x'003c')") == .text("[1.0]"), "and the next query works")
  }

  @Test("on a store that is open for writing, in queries one after the other")
  func writing() throws {
    let test = try TestQueryStore(.writing(waitSeconds: 0, command: "test"))
    for _ in 0..<3 {
      #expect(
        try test.rows("SELECT vector_json('f16', x'003c'), cosine('f16', x'003c', x'0040')")
          == [[.text("[1.0]"), .real(1)]])
    }
  }
}
