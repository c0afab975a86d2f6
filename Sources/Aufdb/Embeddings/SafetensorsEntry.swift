// The header of safetensors (https://github.com/huggingface/safetensors#format):
//
//   bytes  what
//   8      the length N of what follows, little-endian
//   N      JSON: {"NAME": {"dtype": "F16", "shape": [384, 64], "data_offsets": [BEGIN, END]}, ...}, perhaps blanks
//
// and then the tensors. Offsets count from there, and the tensors fill all of it, without gaps, in any order. A member
// named __metadata__ is none.

/// One tensor of a header.
struct SafetensorsEntry {
  var name: String
  var dtype = ""
  var shape: [Int64] = []
  /// Where it stands, behind the header.
  var begin = 0
  var end = 0

  /// The format's own limit for its header.
  private static let headerLimit = 100_000_000

  static let cutOff = AufdbError(.badData, "the header is cut off", hint: "copy or download it again")

  /// What the first 8 bytes say.
  static func headerLength(_ number: UInt64) throws(AufdbError) -> Int {
    guard number <= headerLimit else {
      throw AufdbError(.badData, "the header has \(number) bytes, and the format allows \(headerLimit)")
    }
    return Int(number)
  }

  /// Reads the header's JSON: the tensors in its order, whose names differ.
  static func parse(_ text: Bytes) throws(AufdbError) -> [SafetensorsEntry] {
    do throws(JSONError) {
      return try entries(text)
    } catch {
      throw AufdbError(.badData, "the header is not JSON that says where tensors are: \(error.reason)")
    }
  }

  private static func entries(_ text: Bytes) throws(JSONError) -> [SafetensorsEntry] {
    var reader = JSONReader()
    var entries: [SafetensorsEntry] = []
    reader.begin(text)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      if key == "__metadata__" {
        _ = try reader.skipValue()
      } else {
        entries.append(try SafetensorsEntry(named: key.text, &reader))
      }
    }
    try reader.finish()
    return entries
  }

  /// Reads {"dtype", "shape", "data_offsets"}. What is missing stays empty, and no tensor of ours is empty.
  private init(named name: String, _ reader: inout JSONReader) throws(JSONError) {
    self.name = name
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "dtype": dtype = try reader.stringValue()
      case "shape": shape = try Self.numbers(&reader)
      case "data_offsets":
        let offsets = try Self.numbers(&reader)
        // Anything but two of them makes an end that can't be right.
        (begin, end) = offsets.count == 2 ? (Int(offsets[0]), Int(offsets[1])) : (0, -1)
      default: _ = try reader.skipValue()
      }
    }
  }

  private static func numbers(_ reader: inout JSONReader) throws(JSONError) -> [Int64] {
    var numbers: [Int64] = []
    try reader.beginArray()
    while try reader.nextElement() { numbers.append(try reader.int()) }
    return numbers
  }

  /// Where the last tensor ends: each begins where another ends, and the first at 0.
  static func end(of entries: [SafetensorsEntry]) throws(AufdbError) -> Int {
    var place = 0
    // An empty tensor comes before the one that begins where it does.
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == place, entry.end >= place else {
        throw AufdbError(
          .badData,
          "the tensor \(entry.name.quoted) stands from \(entry.begin) to \(entry.end), where "
            + "\(place) would be next: tensors may not overlap nor leave gaps")
      }
      place = entry.end
    }
    return place
  }
}
