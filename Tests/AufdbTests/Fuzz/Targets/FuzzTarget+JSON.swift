// JSON: the reader, the records of a stream, and the documents that other programs may have written.

@testable import Aufdb

extension FuzzTarget {
  static let json = [
    FuzzTarget("json", seeds: jsonSeeds.map { Array($0.utf8) }) { bytes in
      let once = try compacted(bytes)
      let twice = try once.withUnsafeBytes { try compacted($0) }
      try require(once == twice, "what was written is read otherwise")
      try once.withUnsafeBytes { try readAll($0) }
    },
    FuzzTarget(
      "records",
      seeds: ["{\"a\":1}\n\n {\"b\":[2]}\n", "[ {\"a\":1}, {\"b\":\"]\\\"\"} ]", "\u{FEFF}{}\r\n{}"].map {
        Array($0.utf8)
      }
    ) { bytes in
      try FuzzFile.withDescriptor(bytes) { descriptor in
        var records = RecordReader(try ByteSource(descriptor: descriptor), recordLimit: 1 << 16)
        var last = 0
        while let record = try records.next() {
          try require(record.number >= last, "line \(record.number) after \(last)")
          try require(!record.bytes.isEmpty, "an empty record")
          last = record.number
        }
      }
    },
    FuzzTarget("manifest", seeds: [Array(manifest.utf8)]) { _ = try WrittenManifest($0) },
    FuzzTarget("judge", seeds: [Array(#"{"id":3,"choice":"first","first_score":8,"second_score":5.5}"#.utf8)]) {
      bytes in
      var reader = JSONReader()
      _ = try JudgeAnswer(bytes, &reader)
    },
    FuzzTarget("filter", seeds: filterLines.map { Array($0.utf8) }) { bytes in
      for method in ["drts", "maxmin"] {
        let filter = try SelectionFilter(FilterOptions(method: method, judgedCount: 3, skipsBad: true))
        try FuzzFile.withPath(bytes) { path in
          let report = try filter.run(path: path) { line in
            try require(line.last == UInt8(ascii: "\n"), "a line without an end")
          }
          // Three judged responses make three pairs of a prompt at most.
          try require(report.pairCount <= 3 * report.promptCount, "\(report.pairCount) pairs")
        }
      }
    },
  ]

  private static let jsonSeeds = [
    #"{"a":[1,-2.5e-3,true,false,null,"x\u00e9\ud83d\ude00\n"],"b":{"":{}},"c":[[],[[]]]}"#,
    #""\u0000\/\\\"漢字""#, "[9223372036854775807,-9223372036854775808,1e308,5e-324,0.1]", " [ ] ",
  ]
  private static let filterLines = [
    #"{"prompt_id":"p1","rewards":[0.1,0.9,0.4],"lower":[0.0,0.7,0.3],"upper":[0.2,1.1,0.9]}"# + "\n",
    #"{"prompt_id":"p1","scores":[1,5,3.5],"models":["a","b","c"],"rewards":[1e30,-1,0]}"# + "\n",
  ]
  private static let manifest = """
    {"aufdb":"0.1.0","commit":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","compression":{"name":\
    "zstd","level":3},"extra_files":[{"path":"dataset_info.json","sha256":"00","bytes":3}],"fields":["a"],"files":\
    [{"path":"data/train-00000-of-00001.jsonl.zst","split":"train","rows":3,"bytes":10,"sha256":"ab"}],"format":"dpo",\
    "options":{"judge":"overall","min_margin":0.5},"rows":{"train":3}}
    """

  private static func compacted(_ text: Bytes) throws -> [UInt8] {
    var reader = JSONReader()
    var writer = JSONWriter()
    reader.begin(text)
    try reader.copyValue(to: &writer)
    try reader.finish()
    return writer.withBytes { Array($0) }
  }

  /// Asks for every value of a text by its kind.
  private static func readAll(_ text: Bytes) throws {
    var reader = JSONReader()
    reader.begin(text)
    try readValue(&reader)
    try reader.finish()
  }

  private static func readValue(_ reader: inout JSONReader) throws {
    switch try reader.peekKind() {
    case .object:
      try reader.beginObject()
      while let key = try reader.nextKey() {
        try require(key.text.utf8.count <= 1 << 20, "a key that is longer than the text")
        try readValue(&reader)
      }
    case .array:
      try reader.beginArray()
      while try reader.nextElement() { try readValue(&reader) }
    case .string: _ = try reader.stringValue()
    case .number: _ = try reader.number()
    case .bool: _ = try reader.bool()
    case .null: try reader.null()
    }
  }
}
