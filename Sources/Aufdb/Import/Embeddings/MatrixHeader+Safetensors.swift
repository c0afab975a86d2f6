// safetensors (https://github.com/huggingface/safetensors#format):
//
//   bytes  what
//   8      the length N of what follows, little-endian
//   N      JSON: {"NAME": {"dtype": "F16", "shape": [384, 64], "data_offsets": [BEGIN, END]}, ...}, perhaps blanks
//
// and then the tensors. Offsets count from there, and the tensors fill all of it, without gaps, in any order. A member
// named __metadata__ is none.

extension MatrixHeader {
  /// The format's own limit for its header.
  private static let safetensorsHeaderLimit = 100_000_000

  static func safetensors(_ beginning: inout MatrixBeginning, tensor: String?) throws -> MatrixHeader {
    let length = beginning.number(at: 0, count: 8)
    guard length <= safetensorsHeaderLimit else {
      throw AufdbError(.badData, "the header has \(length) bytes, and the format allows \(safetensorsHeaderLimit)")
    }
    let end = 8 + Int(length)
    guard try beginning.extend(to: end) else {
      throw AufdbError(.badData, "the header is cut off", hint: "copy or download it again")
    }
    let entries: [SafetensorsEntry]
    do throws(JSONError) {
      entries = try beginning.bytes.span.bytes.withUnsafeBytes { bytes throws(JSONError) in
        try SafetensorsEntry.parse(UnsafeRawBufferPointer(rebasing: bytes[8..<end]))
      }
    } catch {
      throw AufdbError(.badData, "the header is not JSON that says where tensors are: \(error.reason)")
    }
    let dataEnd = try SafetensorsEntry.end(of: entries)
    let entry = try choose(tensor, among: entries)
    let (fileSizeBytes, isTooLarge) = dataEnd.addingReportingOverflow(end)
    guard !isTooLarge else { throw AufdbError(.badData, "the tensors are larger than any file") }
    let header = try MatrixHeader(
      MatrixElement(safetensors: entry.dtype), shape: entry.shape, offset: end + entry.begin,
      fileSizeBytes: fileSizeBytes)
    guard header.rowCount * header.rowBytes == entry.end - entry.begin else {
      throw AufdbError(
        .badData,
        "the tensor \(entry.name.quoted) has \(entry.end - entry.begin) bytes, and by its shape it would be "
          + "\(header.rowCount * header.rowBytes)")
    }
    return header
  }

  private static func choose(_ name: String?, among entries: [SafetensorsEntry]) throws(AufdbError) -> SafetensorsEntry
  {
    let names = entries.map(\.name).sorted()
    let shown = names.prefix(10).map { $0.shortened(to: 80) } + (names.count > 10 ? ["..."] : [])
    let list = shown.joined(separator: ", ")
    if let name {
      guard let entry = entries.first(where: { $0.name == name }) else {
        throw AufdbError(
          .refused, "there is no tensor \(name.quoted)",
          hint: names.isEmpty ? "the file has none" : "there are: \(list)")
      }
      return entry
    }
    guard let entry = entries.first else { throw AufdbError(.badData, "the file has no tensors") }
    guard entries.count == 1 else {
      throw AufdbError(.usage, "the file has \(entries.count) tensors", hint: "choose one with --tensor: \(list)")
    }
    return entry
  }
}

/// One tensor of a header.
private struct SafetensorsEntry {
  var name: String
  var dtype = ""
  var shape: [Int64] = []
  /// Where it stands, behind the header.
  var begin = 0
  var end = 0

  static func parse(_ text: Bytes) throws(JSONError) -> [SafetensorsEntry] {
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
