// Headers of matrix files: those that numpy and safetensors write, all that can be wrong with them, and noise.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// Bytes held in memory, as a plain file's or as a stream's.
private final class MemoryBytes: MatrixBytes {
  let isForwardOnly: Bool
  var sizeBytes: Int? { isForwardOnly ? nil : bytes.count }
  private let bytes: [UInt8]

  init(_ bytes: [UInt8], isStream: Bool) {
    (self.bytes, isForwardOnly) = (bytes, isStream)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StreamError) -> Int {
    guard offset < bytes.count else { return 0 }
    let part = bytes[offset..<min(bytes.count, offset + buffer.count)]
    buffer.copyBytes(from: part)
    return part.count
  }
}

/// A header that is refused.
struct BadHeader: CustomTestStringConvertible {
  let bytes: [UInt8]
  let message: String
  var tensor: String?
  var hint: String?

  var testDescription: String { message }
}

@Suite("Headers of matrix files") struct MatrixHeaderTests {
  private static func read(_ bytes: [UInt8], tensor: String? = nil, isStream: Bool = false) throws -> MatrixHeader {
    try MatrixHeader.read(MemoryBytes(bytes, isStream: isStream), tensor: tensor)
  }

  private static let data = [UInt8](repeating: 0, count: 24)
  private static let good = MatrixFiles.npy("<f4", rows: 2, dimension: 3, data)

  private static let goodDictionaries = [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
    "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
    "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2,3,)}",
    " { 'descr' : '<f4' , 'fortran_order' : False ,"
      + "\n 'shape' : ( 2 , 3 , ) , } ",
  ]

  @Test("numpy's three versions, and the ways in which the dictionary may be spelt", arguments: goodDictionaries)
  func numpy(dictionary: String) throws {
    for version in [(1, 0), (2, 0), (3, 0)] as [(UInt8, UInt8)] {
      let bytes = MatrixFiles.npy(version: version, header: dictionary, Self.data)
      for isStream in [false, true] {
        let header = try Self.read(bytes, isStream: isStream)
        #expect(header.element == .float32 && header.rowCount == 2 && header.dimension == 3 && header.rowBytes == 12)
        #expect(header.offset == bytes.count - 24 && header.fileSizeBytes == bytes.count)
      }
    }
  }

  @Test("the largest dimension, and one beyond it")
  func dimensions() throws {
    let bytes = MatrixFiles.npy("<f2", rows: 1, dimension: 65_536, Array(repeating: 0, count: 131_072))
    #expect(try Self.read(bytes).rowBytes == 131_072)
    for dimension in [0, 65_537] {
      let file = MatrixFiles.npy("<f2", rows: 1, dimension: dimension, Array(repeating: 0, count: 2 * dimension))
      #expect(
        throws: AufdbError(
          .badData, "the rows have \(dimension) elements: 1 to 65536 are possible",
          hint: "the shape must be (rows, dimension), and is (1, \(dimension))")
      ) { try Self.read(file) }
    }
  }

  private static func npy(_ header: String, _ message: String, hint: String? = nil) -> BadHeader {
    BadHeader(bytes: MatrixFiles.npy(header: header, data), message: message, hint: hint)
  }

  private static func descr(_ descr: String, _ message: String, hint: String? = nil) -> BadHeader {
    npy("{'descr': \(descr), 'fortran_order': False, 'shape': (2, 3), }", message, hint: hint)
  }

  private static func shape(_ shape: String, _ message: String) -> BadHeader {
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }", message)
  }

  private static let notNumpy = "the header is not what numpy writes: it goes wrong at its byte "

  private static let badNumpy: [BadHeader] = [
    descr("'<f8'", "the elements ('<f8') are float64", hint: "convert them: array.astype('<f4')"),
    descr("'>f8'", "the elements ('>f8') are float64", hint: "convert them: array.astype('<f4')"),
    descr("'>f4'", "the elements ('>f4') are big-endian", hint: "convert them: array.astype('<f4')"),
    descr("'>f2'", "the elements ('>f2') are big-endian", hint: "convert them: array.astype('<f2')"),
    descr(
      "'|V2'", "the elements ('|V2') are two bytes of no type that .npy knows",
      hint: "if they are bfloat16, save them as .safetensors, or convert them: array.astype('<f4')"),
    descr("'<i4'", "the elements are '<i4', not float16 or float32"),
    descr("'|u1'", "the elements are '|u1', not float16 or float32"),
    descr("''", "the elements are '', not float16 or float32"),
    descr("[('x', '<f4')]", "the elements are records with fields, not float16 or float32"),
    descr("<f4", notNumpy + "10"), descr("'<f\\4'", notNumpy + "10"), descr("'<f4", notNumpy + "17"),
    npy(
      "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }",
      "the array is stored column by column (fortran_order)", hint: "save numpy.ascontiguousarray(array) instead"),
    npy("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }", notNumpy + "34"),
    shape("()", "the array has the shape (), not (rows, dimension)"),
    shape("(6,)", "the array has the shape (6), not (rows, dimension)"),
    shape("(1, 2, 3)", "the array has the shape (1, 2, 3), not (rows, dimension)"),
    shape(
      "(1, 1, 1, 1, 1, 1, 1, 1, 6)", "the array has the shape (1, 1, 1, 1, 1, 1, 1, 1, ...), not (rows, dimension)"),
    shape("(0, 3)", "the matrix has no rows: its shape is (0, 3)"),
    shape("(2, -3)", notNumpy + "54"), shape("(2 3)", notNumpy + "53"), shape("(2, 3", notNumpy + "57"),
    shape("[2, 3]", notNumpy + "50"), shape("(2, 99999999999999999999)", notNumpy + "54"),
    shape("(9223372036854775807, 3)", "the shape (9223372036854775807, 3) is larger than any file"),
    shape("(2305843009213693951, 1)", "the shape (2305843009213693951, 1) is larger than any file"),
    npy("{'descr': '<f4', 'shape': (2, 3), }", "the header lacks one of descr, fortran_order and shape"),
    npy("{}", "the header lacks one of descr, fortran_order and shape"),
    npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", notNumpy + "25"),
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}", notNumpy + "62"),
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x", notNumpy + "60"),
    npy("{'descr': '<f4' 'fortran_order': False, 'shape': (2, 3), }", notNumpy + "16"),
    npy("", notNumpy + "54"),
    BadHeader(
      bytes: MatrixFiles.npy(version: (4, 0), header: goodDictionaries[0], data),
      message: "it has version 4.0 of .npy, which is not known", hint: "1.0, 2.0 and 3.0 are known"),
    BadHeader(
      bytes: MatrixFiles.npy(version: (1, 1), header: goodDictionaries[0], data),
      message: "it has version 1.1 of .npy, which is not known"),
    BadHeader(
      bytes: MatrixFiles.npy(version: (0, 0), header: goodDictionaries[0], data),
      message: "it has version 0.0 of .npy, which is not known"),
    BadHeader(
      bytes: [0x93] + Array("NUMPY".utf8) + [2, 0] + MatrixFiles.littleEndian(1 << 17, 4) + data,
      message: "the header has 131072 bytes: more than 65536 are not read"),
    BadHeader(
      bytes: good, message: "a .npy file has one array, without a name", tensor: "x",
      hint: "leave out --tensor, or name a .safetensors file"),
  ]

  private static func tensors(
    _ header: String, _ message: String, tensor: String? = nil, hint: String? = nil
  ) -> BadHeader {
    BadHeader(bytes: MatrixFiles.safetensors(header: header, data), message: message, tensor: tensor, hint: hint)
  }

  /// One tensor `v` of 24 bytes, with one member replaced.
  private static func tensor(
    dtype: String = #""F32""#, shape: String = "[2,3]", offsets: String = "[0,24]", _ message: String
  ) -> BadHeader {
    tensors(#"{"v":{"dtype":\#(dtype),"shape":\#(shape),"data_offsets":\#(offsets)}}"#, message)
  }

  private static let notJSON = "the header is not JSON that says where tensors are: "
  private static let two =
    #"{"b":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[2,4],"data_offsets":[8,24]}}"#

  private static let badSafetensors: [BadHeader] = [
    tensor(dtype: #""F64""#, "the elements (F64) are float64"),
    tensor(dtype: #""I64""#, "the elements are I64, not F16, BF16 or F32"),
    tensor(dtype: #""f32""#, "the elements are f32, not F16, BF16 or F32"),
    tensor(dtype: "4", notJSON + "expected a string, found a number"),
    tensor(shape: "[6]", "the array has the shape (6), not (rows, dimension)"),
    tensor(shape: "[0,3]", "the matrix has no rows: its shape is (0, 3)"),
    tensor(shape: "[-2,3]", "the matrix has no rows: its shape is (-2, 3)"),
    tensor(shape: "[2,-3]", "the rows have -3 elements: 1 to 65536 are possible"),
    tensor(shape: "[2,4]", "the tensor 'v' has 24 bytes, and by its shape it would be 32"),
    tensor(shape: "[2,2]", "the tensor 'v' has 24 bytes, and by its shape it would be 16"),
    tensor(shape: "[2,3.0]", notJSON + "expected an integer, found a number with a fraction or an exponent"),
    tensor(shape: "[4611686018427387904,3]", "the shape (4611686018427387904, 3) is larger than any file"),
    tensor(
      offsets: "[1,24]",
      "the tensor 'v' stands from 1 to 24, where 0 would be next: tensors may not overlap nor leave gaps"),
    tensor(
      offsets: "[24,0]",
      "the tensor 'v' stands from 24 to 0, where 0 would be next: tensors may not overlap nor leave gaps"),
    tensor(
      offsets: "[-24,0]",
      "the tensor 'v' stands from -24 to 0, where 0 would be next: tensors may not overlap nor leave gaps"),
    tensor(
      offsets: "[0]",
      "the tensor 'v' stands from 0 to -1, where 0 would be next: tensors may not overlap nor leave gaps"
    ),
    tensor(offsets: "[0,9223372036854775807]", "the tensors are larger than any file"),
    tensors(
      #"{"v":{"dtype":"F32","shape":[2,3]}}"#, "the tensor 'v' has 0 bytes, and by its shape it would be 24"),
    tensors("{}", "the file has no tensors"), tensors(#"{"__metadata__":{}}"#, "the file has no tensors"),
    tensors("{", notJSON + "the text ends before its value does"),
    tensors("{} x", notJSON + "something follows the value"),
    tensors(#"{"v":[]}"#, notJSON + "expected an object, found an array"),
    tensors(#"{"v":{},"v":{}}"#, notJSON + "the key \"v\" stands twice in one object"),
    tensors(two, "the file has 2 tensors", hint: "choose one with --tensor: a, b"),
    tensors(two, "there is no tensor 'c'", tensor: "c", hint: "there are: a, b"),
    tensors(
      two.replacing("[8,24]", with: "[4,24]"),
      "the tensor 'a' stands from 4 to 24, where 8 would be next: tensors may not overlap nor leave gaps", tensor: "b"),
    tensors(
      two.replacing("[8,24]", with: "[9,24]"),
      "the tensor 'a' stands from 9 to 24, where 8 would be next: tensors may not overlap nor leave gaps", tensor: "b"),
    BadHeader(
      bytes: MatrixFiles.littleEndian(100_000_001, 8) + Array("{".utf8) + data,
      message: "the header has 100000001 bytes, and the format allows 100000000"),
    BadHeader(
      bytes: MatrixFiles.littleEndian(.min, 8) + Array("{".utf8) + data,
      message: "the header has 9223372036854775808 bytes, and the format allows 100000000"),
    BadHeader(
      bytes: MatrixFiles.littleEndian(50_000_000, 8) + Array("{".utf8) + data, message: "the header is cut off",
      hint: "copy or download it again"),
    BadHeader(bytes: [], message: "the file is empty"),
    BadHeader(bytes: [0x93], message: "the file is cut off in its header"),
    BadHeader(
      bytes: Array("{\"row\": 0, \"prompt_id\"".utf8), message: "this is neither a .npy nor a .safetensors file"),
  ]

  @Test("what can be wrong, as a file and as a stream", arguments: badNumpy + badSafetensors)
  func bad(_ bad: BadHeader) throws {
    for isStream in [false, true] {
      let error = #expect(throws: AufdbError.self) { try Self.read(bad.bytes, tensor: bad.tensor, isStream: isStream) }
      #expect(error?.message == bad.message)
      if let hint = bad.hint { #expect(error?.hint == hint) }
      #expect(error.map { [.badData, .usage, .refused].contains($0.kind) } == true)
    }
  }

  private static let whole = [
    good, MatrixFiles.npy(version: (2, 0), header: goodDictionaries[0], data),
    MatrixFiles.safetensors("F32", rows: 2, dimension: 3, data),
  ]

  @Test("cut off at any length: a file shows it at once, a stream where the bytes end", arguments: whole)
  func cutOff(bytes: [UInt8]) throws {
    let folder = try ScratchFolder()
    let dataStart = bytes.count - Self.data.count
    for count in 0..<bytes.count {
      let part = Array(bytes.prefix(count))
      let error = #expect(throws: AufdbError.self) { try Self.read(part) }
      #expect(error?.kind == .badData && error?.message.contains(count == 0 ? "empty" : "cut off") == true)
      guard count >= dataStart else {
        #expect(throws: AufdbError.self) { try Self.read(part, isStream: true) }
        continue
      }
      let path = try folder.file("x", folder.compressed(part, .gzip(level: 1)))
      let rows = try MatrixRows(path: path, tensor: nil, bufferSize: count % 40 + 1)
      let late = #expect(throws: AufdbError.self) {
        for row in 0..<2 { _ = try rows.row(row) }
        try rows.finish()
      }
      #expect(late?.message == "the file is cut off in row \((count - dataStart) / 12) of 2", "\(count) bytes")
      #expect(late?.place?.file == path)
    }
  }

  @Test("bytes that follow, in a file and in a stream", arguments: whole)
  func trailing(bytes: [UInt8]) throws {
    #expect(throws: AufdbError(.badData, "something follows the last element: 1 bytes")) {
      try Self.read(bytes + [0])
    }
    let folder = try ScratchFolder()
    let path = try folder.file("x", folder.compressed(bytes + [0], .zstd()))
    let rows = try MatrixRows(path: path, tensor: nil)
    for row in 0..<2 { #expect(try rows.row(row).count == 12) }
    #expect(throws: AufdbError(.badData, "something follows the last element", at: .init(file: path))) {
      try rows.finish()
    }
  }

  @Test("a stream that ends behind the matrix, inside another tensor")
  func cutOffBehind() throws {
    let folder = try ScratchFolder()
    let bytes = MatrixFiles.safetensors(header: Self.two, Self.data)
    for count in 1...16 {
      let path = try folder.file("x", folder.compressed(Array(bytes.dropLast(count)), .gzip(level: 1)))
      let rows = try MatrixRows(path: path, tensor: "b")
      for row in 0..<2 { #expect(try rows.row(row).count == 4) }
      let error = #expect(throws: AufdbError.self) { try rows.finish() }
      #expect(error?.message == "the file is cut off behind the matrix")
    }
  }

  @Test("noise is refused or makes sense, and nothing worse", arguments: 1...4 as ClosedRange<UInt64>)
  func noise(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func outcome(_ bytes: [UInt8], tensor: String?) throws -> MatrixHeader? {
      let outcomes = [false, true].map { isStream in
        Result { try Self.read(bytes, tensor: tensor, isStream: isStream) }
      }
      for case .failure(let error) in outcomes { #expect(error is AufdbError, "seed \(seed): \(error) <- \(bytes)") }
      return try? outcomes[0].get()
    }
    let seeds = Self.whole + [MatrixFiles.safetensors(header: Self.two, Self.data)]
    for turn in 0..<2_000 {
      var bytes = seeds[turn % seeds.count]
      if turn % 8 == 7 {
        bytes =
          Array(bytes.prefix(turn % 16 == 7 ? 8 : 10))
          + (0..<40).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      } else {
        let headerSize = bytes.count - Self.data.count
        for _ in 0...Int.random(in: 0..<3, using: &generator) {
          bytes[Int.random(in: 0..<headerSize, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
        }
      }
      guard let header = try outcome(bytes, tensor: turn % 4 == 3 ? "b" : nil) else { continue }
      // Then it is a matrix that lies in the file.
      #expect(header.fileSizeBytes == bytes.count && header.rowCount > 0, "seed \(seed), turn \(turn)")
      #expect(header.offset + header.rowCount * header.rowBytes <= bytes.count, "seed \(seed), turn \(turn)")
    }
  }
}
