// Rows as a bundle may bring them: whatever the schema's columns hold, in a commit that is as it should be. A digest
// proves that they are their sender's, not that they mean anything: whoever reads rows has to get along with them.

@testable import Aufdb

extension FuzzTarget {
  /// An input is a row a line, as a list: the relation's name, then its columns; what stands in a BLOB is a text, whose
  /// characters up to U+00FF are its bytes.
  static let rows = [
    FuzzTarget("rows", seeds: [Array(rowLines.utf8), try headLine()]) { bytes in
      try FuzzStore.withStore { path in
        try commit(bytes, to: path)
        try FuzzReaders.readEverywhere(path)
      }
    }
  ]

  private static let rowLines = #"""
    ["prompts","p2",null,"[{\"role\":\"user\",\"content\":\"Why?\"}]","messages","{\"a\":1}"]
    ["responses","p2","a",0,"So.","Be brief.","wit","{}"]
    ["responses","p2","b",0,"Or so.",null,null,null]
    ["embeddings","mini","p2","a",0,"f16","\u0000<\u0000@"]
    ["embeddings","mini","p2","b",0,"f32","\u0000\u0000\u0080?\u0000\u0000\u0000\u0000"]
    ["embeddings","mini","p2",null,0,"f16","\u0000<\u0000@"]
    ["scores","p2","a",0,"overall",4.5,"{\"wit\":{\"Rating\":\"3\"}}","dull"]
    ["snapshots","s1","import","{}"]
    ["estimates","s1","p2","a",0,0.5,0.25,0.75,"\u0000\u0000\u0000?"]
    ["estimates","s1","p2","b",0,0.5,0.25,0.75,null]
    ["selections","p2","a",0,"b",0,"drts",1,"s1",7,"{\"beta\":1}",null]
    ["labels","p2","a",0,"b",0,"overall",0,4.5,null,"drts",1,"{}"]
    ["progress","r",1,"drts",1,"s1",null,1,1,0,0.5,0.25,0.5,0.25,0.5,0.25,0,4.5,4,0.5,3,0.1,0.1,0,0,1,0.2,1,1,1]
    ["queries","q","SELECT count(*) FROM labels","of labels"]
    ["definitions","model","ember",1,"{\"model\":\"ember-3b\",\"parameters\":{}}","{\"url\":\"http://localhost:1/v1\"}"]
    """#

  /// The rows above, and a head that was trained with them.
  private static func headLine() throws -> [UInt8] {
    try FuzzStore.withStore { path in
      try Array(rowLines.utf8).withUnsafeBytes { try commit($0, to: path) }
      let context = CommitContext(author: "fuzz", milliseconds: 3_000_000)
      let options = TrainOptions(
        head: "h", kind: .linear, encoder: "mini", judge: "overall", epochCount: 1, allowsPartial: true)
      try Store(path, for: .writing(waitSeconds: 0, command: "fuzz")).train(options, threadCount: 1, context: context)
      let sql = "SELECT head, kind, encoder, configuration, state FROM reward_heads"
      return try Store(path, for: .reading).query(sql) { rows in
        var line = JSONWriter()
        line.beginArray()
        line.string("reward_heads")
        guard try rows.next() else { throw FuzzFailure(description: "a head that wasn't kept") }
        for column in 0..<5 {
          switch rows.value(column) {
          case .text(let bytes): line.string(bytes)
          case .blob(let bytes): line.string(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
          default: line.null()
          }
        }
        line.endArray()
        return line.withBytes { Array(rowLines.utf8) + [UInt8(ascii: "\n")] + $0 }
      }
    }
  }

  /// Commits the rows that have the types of their columns, as `BundleReceiver` does.
  private static func commit(_ lines: Bytes, to path: String) throws {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "fuzz"))
    let context = CommitContext(author: "fuzz", milliseconds: 2_000_000)
    _ = try store.commit(context) { change -> (CommitNote, Void) in
      for line in lines.split(separator: UInt8(ascii: "\n")) {
        var reader = JSONReader()
        reader.begin(Bytes(rebasing: line))
        try reader.beginArray()
        guard try reader.nextElement(), let relation = Relation(name: try reader.stringValue()) else { continue }
        let shapes = try change.connection.columnShapes(relation)
        var values: [SQLValue] = []
        while values.count < shapes.count, try reader.nextElement() {
          guard let value = try value(of: shapes[values.count], &reader) else { break }
          values.append(value)
        }
        if values.count == shapes.count { try insert(values[...], with: change.writer(relation)) }
      }
      return (CommitNote(message: "rows", operation: Operation("fuzz")), ())
    }
  }

  /// The next value; nil where the column holds no such one.
  private static func value(of shape: ColumnShape, _ reader: inout JSONReader) throws -> SQLValue? {
    switch (try reader.peekKind(), shape.kind) {
    case (.null, _) where shape.isOptional:
      try reader.null()
      return .null
    case (.string, .text): return .text(try reader.stringValue())
    case (.string, .blob):
      return .blob(try reader.stringValue().unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    case (.number, .integer): return .integer(try reader.int())
    case (.number, .real): return .real(try reader.double())
    default: return nil
    }
  }

  private static func insert(_ values: ArraySlice<SQLValue>, with writer: RowWriter) throws {
    switch values.first {
    case nil: try writer.insert()
    case .blob(let bytes):
      // Has to stay in place until the row is in.
      try bytes.withUnsafeBytes {
        writer.blob($0)
        try insert(values.dropFirst(), with: writer)
      }
    case .some(let value):
      switch value {
      case .integer(let number): writer.integer(number)
      case .real(let number): writer.real(number)
      case .text(let text): writer.text(text)
      default: writer.null()
      }
      try insert(values.dropFirst(), with: writer)
    }
  }
}
