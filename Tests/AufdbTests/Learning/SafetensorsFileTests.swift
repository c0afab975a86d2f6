// The numbers of reward heads as bytes: there and back, and what is refused.

import AufdbReward
import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Reward heads as .safetensors")
struct SafetensorsFileTests {
  private static func decode(_ bytes: [UInt8]) throws -> [HeadTensor] {
    // At an odd address, as a column's bytes may be.
    try ([0] + bytes).withUnsafeBytes { bytes in
      try SafetensorsFile.decode(UnsafeRawBufferPointer(rebasing: bytes[1...]))
    }
  }

  /// Tensors of both kinds and of any shape, elements of any bits.
  private static func tensors(_ generator: inout SeededGenerator) -> [HeadTensor] {
    (0..<Int.random(in: 0...6, using: &generator)).map { index in
      let shape = (0..<Int.random(in: 0...3, using: &generator)).map { _ in Int.random(in: 0...5, using: &generator) }
      let count = shape.reduce(1, *)
      let name = "\(generator.string(length: 6))\(index)"
      let bits = (0..<count).map { _ in generator.next() }
      // No NaN, which isn't equal to itself.
      return generator.next() % 2 == 0
        ? HeadTensor(name, shape: shape, .float32(bits.map { Float(bitPattern: UInt32($0 >> 32) & 0xBFFF_FFFF) }))
        : HeadTensor(name, shape: shape, .float64(bits.map { Double(bitPattern: $0 & 0xBFFF_FFFF_FFFF_FFFF) }))
    }
  }

  @Test(
    "What is written reads back, every bit, and is the same bytes in any order", arguments: 1...6 as ClosedRange<UInt64>
  )
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for turn in 0..<60 {
      let tensors = Self.tensors(&generator)
      let bytes = SafetensorsFile.encode(tensors)
      let found = try Self.decode(bytes)
      func sorted(_ tensors: [HeadTensor]) -> [HeadTensor] { tensors.sorted { $0.name < $1.name } }
      #expect(sorted(found) == sorted(tensors), "seed \(seed), turn \(turn)")
      #expect(SafetensorsFile.encode(tensors.shuffled(using: &generator)) == bytes, "seed \(seed), turn \(turn)")
      #expect(SafetensorsFile.encode(found) == bytes, "seed \(seed), turn \(turn)")
    }
  }

  @Test("The bytes are those of the reference implementation (safetensors 0.8.0, written by hand)")
  func bytes() {
    let tensors = [
      HeadTensor("b", shape: [2], .float32([1, -2])), HeadTensor("a/\u{e9}\"", shape: [1, 1], .float32([0.5])),
      HeadTensor("z", shape: [], .float64([3])), HeadTensor("none", shape: [0, 4], .float64([])),
    ]
    let header =
      #"{"none":{"dtype":"F64","shape":[0,4],"data_offsets":[0,0]},"z":{"dtype":"F64","shape":[],"#
      + #""data_offsets":[0,8]},"a/\#u{e9}\"":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},"#
      + #""b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let data: [UInt8] = [0, 0, 0, 0, 0, 0, 0x08, 0x40, 0, 0, 0, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(SafetensorsFile.encode(tensors) == MatrixFiles.safetensors(header: header + padding, data))
    #expect(SafetensorsFile.encode([]) == MatrixFiles.safetensors(header: "{}      ", []))
  }

  private static let four: [UInt8] = [0, 0, 0x80, 0x3F]
  private static func one(_ dtype: String, _ shape: String, _ offsets: String = "[0,4]") -> String {
    #"{"w":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  @Test(
    "What is refused",
    arguments: [
      (one("F16", "[2]"), four, "the elements of the tensor 'w' are F16, not F32 or F64"),
      (one("", "[1]"), four, "the elements of the tensor 'w' are , not F32 or F64"),
      (one("F32", "[2]"), four, "the tensor 'w' has 4 bytes, which are not those of its shape"),
      (one("F64", "[1]"), four, "the tensor 'w' has 4 bytes, which are not those of its shape"),
      (one("F32", "[-1]"), four, "the tensor 'w' has 4 bytes, which are not those of its shape"),
      (one("F32", "[0]"), four, "the tensor 'w' has 4 bytes, which are not those of its shape"),
      (one("F32", "[4611686018427387904,8]"), four, "the tensor 'w' has 4 bytes, which are not those of its shape"),
      (
        one("F32", "[1]", "[0,3]"), Array(four.dropLast()),
        "the tensor 'w' has 3 bytes, which are not those of its shape"
      ),
      (one("F32", "[1]", "[0,8]"), four, "the header tells of 8 bytes of tensors, and there are 4"),
      (one("F32", "[1]"), four + [0], "the header tells of 4 bytes of tensors, and there are 5"),
      (
        one("F32", "[1]", "[4,8]"), four,
        "the tensor 'w' stands from 4 to 8, where 0 would be next: tensors may not "
          + "overlap nor leave gaps"
      ),
      ("[]", [], "the header is not JSON that says where tensors are: expected an object, found an array"),
      ("{} x", [], "the header is not JSON that says where tensors are: something follows the value"),
    ] as [(String, [UInt8], String)])
  func refused(header: String, data: [UInt8], message: String) {
    let error = #expect(throws: AufdbError.self) { try Self.decode(MatrixFiles.safetensors(header: header, data)) }
    #expect(error?.kind == .badData && error?.message == message)
  }

  @Test("Cut off anywhere, or with something behind it")
  func cutOff() throws {
    var generator = SeededGenerator(seed: 7)
    let bytes = SafetensorsFile.encode([HeadTensor("w", shape: [2], .float32([1, 2]))] + Self.tensors(&generator))
    for count in 0..<bytes.count {
      let error = #expect(throws: AufdbError.self) { try Self.decode(Array(bytes.prefix(count))) }
      #expect(error?.kind == .badData, "\(count) bytes")
    }
    #expect(throws: AufdbError.self) { try Self.decode(bytes + [0]) }
    #expect(throws: AufdbError.self) { try Self.decode(MatrixFiles.littleEndian(-1, 8) + bytes) }
  }

  @Test("Noise is refused or makes sense, and nothing worse", arguments: [1, 2] as [UInt64])
  func noise(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = SafetensorsFile.encode([
      HeadTensor("w", shape: [3, 2], .float32([1, 2, 3, 4, 5, 6])), HeadTensor("b", shape: [2], .float64([1, 2])),
    ])
    for turn in 0..<2_000 {
      var changed = bytes
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        changed[Int.random(in: 0..<bytes.count - 40, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
      }
      do {
        let tensors = try Self.decode(changed)
        #expect(tensors.reduce(0) { $0 + $1.elements.count } <= 10, "seed \(seed), turn \(turn)")
      } catch let error as AufdbError {
        #expect(error.kind == .badData, "seed \(seed), turn \(turn)")
      }
    }
  }
}
