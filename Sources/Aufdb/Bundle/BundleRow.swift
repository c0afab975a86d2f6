// One row of a bundle, taken in before it is stored: checked value by value against the schema's columns.

/// The last row that was read; its memory is used again for the next.
final class BundleRow {
  /// What a value is, as CommitBytes.swift tags it.
  enum Kind: UInt8 {
    case null, integer, real, text, blob
  }

  private struct Value {
    var kind: Kind
    /// The bits of a number, or where a text or blob begins.
    var bits: UInt64
    var count = 0
  }

  private var values: [Value] = []
  private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  private var used = 0

  deinit { storage.deallocate() }

  /// Reads the next row.
  ///
  /// - Throws: `.badData` for what is no row of the relation.
  func read(_ relation: Relation, from source: BundleSource) throws(AufdbError) {
    values.removeAll(keepingCapacity: true)
    used = 0
    for _ in 0..<relation.firstColumns.count { values.append(try value(from: source)) }
    let end = values.count + relation.lateColumns.count
    if source.version > 1 {
      let known = BundleFormat.lateColumns(of: relation, inVersion: source.version)
      try readLate(from: source, upTo: values.count + known.count)
    }
    while values.count < end { values.append(Value(kind: .null, bits: 0)) }
  }

  /// Reads the late columns that aren't NULL, and notes those between them that are.
  private func readLate(from source: BundleSource, upTo end: Int) throws(AufdbError) {
    let firstLate = values.count
    for _ in 0..<(try source.byte()) {
      let column = firstLate + Int(try source.byte())
      guard column >= values.count, column < end else { throw source.damaged("a row's late columns are out of order") }
      while values.count < column { values.append(Value(kind: .null, bits: 0)) }
      let value = try value(from: source)
      guard value.kind != .null else { throw source.damaged("a late column has no value") }
      values.append(value)
    }
  }

  private func value(from source: BundleSource) throws(AufdbError) -> Value {
    guard let kind = Kind(rawValue: try source.byte()) else { throw source.damaged("a value has an unknown type") }
    switch kind {
    case .null: return Value(kind: kind, bits: 0)
    case .integer: return Value(kind: kind, bits: try source.number())
    case .real:
      let bits = try source.number()
      let real = Double(bitPattern: bits)
      guard !real.isNaN, real != 0 || bits == 0 else { throw source.damaged("a number is none") }
      return Value(kind: kind, bits: bits)
    case .text, .blob:
      let count = try source.count(of: "bytes in a value", limit: BundleFormat.byteLimit - UInt64(used))
      let value = Value(kind: kind, bits: UInt64(used), count: count)
      try source.take(count) { append($0) }
      return value
    }
  }

  private func append(_ bytes: UnsafeRawBufferPointer) {
    if storage.count - used < bytes.count {
      // Twice what has come so far, and not what is said to come.
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(storage.count * 2, used + bytes.count), alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<used]))
      storage.deallocate()
      storage = larger
    }
    UnsafeMutableRawBufferPointer(rebasing: storage[used...]).copyMemory(from: bytes)
    used += bytes.count
  }

  /// Whether its values are such as the columns hold. SQLite would turn some others into these silently, and then they
  /// wouldn't be the ones that were digested.
  func suits(_ columns: [ColumnShape]) -> Bool {
    values.count == columns.count
      && zip(values, columns).allSatisfy { $0.kind == .null ? $1.isOptional : $0.kind == $1.kind }
  }

  /// Stores it.
  func insert(with writer: RowWriter) throws(AufdbError) {
    for value in values {
      switch value.kind {
      case .null: writer.null()
      case .integer: writer.integer(Int64(bitPattern: value.bits))
      case .real: writer.real(Double(bitPattern: value.bits))
      case .text: writer.text(bytes(of: value))
      case .blob: writer.blob(bytes(of: value))
      }
    }
    try writer.insert()
  }

  private func bytes(of value: Value) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: storage[Int(value.bits)..<Int(value.bits) + value.count])
  }
}

/// What a column of the schema holds.
struct ColumnShape: Equatable {
  var kind: BundleRow.Kind
  /// Whether it may be NULL.
  var isOptional: Bool
}

extension Connection {
  /// The shapes of a relation's columns, as the schema declares them.
  func columnShapes(_ relation: Relation) throws -> [ColumnShape] {
    let declared = try all("SELECT name, type, \"notnull\" FROM pragma_table_info('\(relation.table)')") {
      (name: $0.string(0), type: $0.string(1), isRequired: $0.integer(2) != 0)
    }
    let kinds: [String: BundleRow.Kind] = ["INTEGER": .integer, "REAL": .real, "TEXT": .text, "BLOB": .blob]
    return try relation.columns.map { column in
      guard let found = declared.first(where: { $0.name == column }), let kind = kinds[found.type] else {
        throw AufdbError(.badData, "the store is damaged: \(relation.table) has no column \(column)")
      }
      return ColumnShape(kind: kind, isOptional: !found.isRequired)
    }
  }
}
