// numpy's format, versions 1.0, 2.0 and 3.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
//
//   bytes  what
//   6      93 "NUMPY"
//   2      version
//   2, 4   the length of what follows, little-endian: two bytes in version 1.0, four in the others
//   ...    a Python dictionary {'descr': '<f2', 'fortran_order': False, 'shape': (384, 64), }, blanks and a newline
//
// and then the array. Of Python only what numpy itself writes is read: anything else is no matrix of ours anyway.

extension MatrixHeader {
  static let npyMagic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// numpy writes some hundred bytes, for an array with a name for each column perhaps some thousand.
  private static let npyHeaderLimit = 1 << 16

  static func npy(_ beginning: inout MatrixBeginning) throws -> MatrixHeader {
    let version = (beginning.bytes[6], beginning.bytes[7])
    guard (1...3).contains(version.0), version.1 == 0 else {
      throw AufdbError(
        .badData, "it has version \(version.0).\(version.1) of .npy, which is not known",
        hint: "1.0, 2.0 and 3.0 are known")
    }
    let cutOff = AufdbError(.badData, "the header is cut off", hint: "copy or download it again")
    let start = version.0 == 1 ? 10 : 12
    guard try beginning.extend(to: start) else { throw cutOff }
    let length = beginning.number(at: 8, count: start - 8)
    guard length <= npyHeaderLimit else {
      throw AufdbError(.badData, "the header has \(length) bytes: more than \(npyHeaderLimit) are not read")
    }
    let end = start + Int(length)
    guard try beginning.extend(to: end) else { throw cutOff }
    var dictionary = NPYDictionary(beginning.bytes[start..<end])
    try dictionary.parse()
    guard let descr = dictionary.descr, let isFortranOrder = dictionary.isFortranOrder, let shape = dictionary.shape
    else {
      throw AufdbError(.badData, "the header lacks one of descr, fortran_order and shape")
    }
    let element = try MatrixElement(numpy: descr)
    guard !isFortranOrder else {
      throw AufdbError(
        .badData, "the array is stored column by column (fortran_order)",
        hint: "save numpy.ascontiguousarray(array) instead")
    }
    return try MatrixHeader(element, shape: shape, offset: end)
  }
}

/// The dictionary in a header, read from left to right.
private struct NPYDictionary {
  private(set) var descr: String?
  private(set) var isFortranOrder: Bool?
  private(set) var shape: [Int64]?

  private var rest: ArraySlice<UInt8>
  private let start: Int

  init(_ text: ArraySlice<UInt8>) {
    rest = text
    start = text.startIndex
  }

  mutating func parse() throws(AufdbError) {
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil:
        guard !isNext("[") else {
          throw AufdbError(.badData, "the elements are records with fields, not float16 or float32")
        }
        descr = try string()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try bool()
      case "shape" where shape == nil: shape = try tuple()
      default: throw damaged()
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipBlanks()
    guard rest.isEmpty else { throw damaged() }
  }

  private func damaged() -> AufdbError {
    AufdbError(.badData, "the header is not what numpy writes: it goes wrong at its byte \(rest.startIndex - start)")
  }

  private mutating func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x0A } }

  private mutating func isNext(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    return rest.first == UInt8(ascii: character)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isNext(character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(AufdbError) {
    guard take(character) else { throw damaged() }
  }

  private mutating func take(word: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func bool() throws(AufdbError) -> Bool {
    if take(word: "True") { return true }
    guard take(word: "False") else { throw damaged() }
    return false
  }

  /// A string without escapes.
  private mutating func string() throws(AufdbError) -> String {
    skipBlanks()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { throw damaged() }
    let content = rest.dropFirst().prefix { $0 != quote && $0 != UInt8(ascii: "\\") }
    guard content.endIndex < rest.endIndex, rest[content.endIndex] == quote else { throw damaged() }
    rest = rest[(content.endIndex + 1)...]
    return String(decoding: content, as: UTF8.self)
  }

  /// A tuple of whole numbers.
  private mutating func tuple() throws(AufdbError) -> [Int64] {
    var numbers: [Int64] = []
    try expect("(")
    while !take(")") {
      skipBlanks()
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let number = Int64(String(decoding: digits, as: UTF8.self)) else { throw damaged() }
      rest = rest[digits.endIndex...]
      numbers.append(number)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }
}
