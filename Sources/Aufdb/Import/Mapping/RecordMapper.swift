// Rewrites records so that they have the names that import knows.
//
// Where a path leads somewhere, its field gets that value, instead of the one that it may have under its own name; where
// it leads nowhere, all stays as it is. What was taken whole (a path of one key) is no longer there under its old name,
// where it would be kept as something unknown. All paths are followed in the record as it came, so that two fields can
// change places. Values are copied byte for byte.

/// Rewrites one record after another, through memory that it keeps.
final class RecordMapper {
  private let recordMaps: [FieldMap]
  /// By the list's name.
  private let elementMaps: [(list: [UInt8], maps: [FieldMap])]
  private var record = ObjectEntries()
  private var element = ObjectEntries()
  private var listReader = JSONReader()
  private var writer = JSONWriter()

  /// - Parameter maps: no field twice; without any there is nothing to rewrite, and no mapper.
  init?(_ maps: [FieldMap]) {
    if maps.isEmpty { return nil }
    recordMaps = maps.filter { $0.list == nil }
    elementMaps = Dictionary(grouping: maps.filter { $0.list != nil }) { $0.list ?? "" }
      .map { (list: Array($0.key.utf8), maps: $0.value) }
  }

  /// The record with its fields under the names that import knows; itself where it is no object or has a key twice,
  /// which the importer has its own words for.
  ///
  /// - Returns: bytes that are valid until the next call.
  /// - Complexity: O(record * paths through it).
  func rewritten(_ bytes: Bytes) -> Bytes {
    writer.removeAll()
    do throws(JSONError) {
      try record.read(bytes)
      let values = try Self.values(recordMaps, in: &record)
      writer.beginObject()
      for entry in record.all where !Self.isReplaced(entry.key, recordMaps, values) {
        writer.key(entry.key)
        try write(entry.value, of: entry.key)
      }
      for (map, value) in zip(recordMaps, values) {
        guard let value else { continue }
        writer.key(map.name)
        // An index rather than the name's bytes, which are lent only inside a closure.
        try write(value, elementMaps.firstIndex { $0.list.elementsEqual(map.name.utf8) })
      }
      writer.endObject()
    } catch {
      return bytes
    }
    return writer.withBytes { $0 }
  }

  /// An error of a field that is missing, with the map that was to give it.
  func explained(_ error: any Error) -> any Error {
    guard var error = error as? AufdbError, error.hint == nil, error.message.hasSuffix(" is missing"),
      let map = (recordMaps + elementMaps.flatMap(\.maps)).first(where: { error.message == "\($0.name) is missing" })
    else { return error }
    error.hint = "--map \(map.field)=\(map.pathText) leads nowhere in it"
    return error
  }

  private func write(_ value: Bytes, of key: Bytes) throws(JSONError) {
    try write(value, elementMaps.firstIndex { ObjectEntries.isEqual(key, $0.list) })
  }

  /// Writes a value of the record, and if it is a list whose objects have mapped fields, rewrites these.
  private func write(_ value: Bytes, _ list: Int?) throws(JSONError) {
    guard let list, value.first == UInt8(ascii: "[") else { return writer.raw(value) }
    let maps = elementMaps[list].maps
    listReader.begin(value)
    try listReader.beginArray()
    writer.beginArray()
    while try listReader.nextElement() {
      let value = try listReader.skipValue()
      // What is no object, or has a key twice, is the importer's to complain about.
      guard (try? element.read(value)) != nil else {
        writer.raw(value)
        continue
      }
      let values = try Self.values(maps, in: &element)
      writer.beginObject()
      for entry in element.all where !Self.isReplaced(entry.key, maps, values) {
        writer.key(entry.key)
        writer.raw(entry.value)
      }
      for (map, value) in zip(maps, values) {
        guard let value else { continue }
        writer.key(map.name)
        writer.raw(value)
      }
      writer.endObject()
    }
    writer.endArray()
  }

  /// What each map leads to.
  private static func values(
    _ maps: [FieldMap], in entries: inout ObjectEntries
  ) throws(JSONError) -> [Bytes?] {
    var values: [Bytes?] = []
    values.reserveCapacity(maps.count)
    for map in maps { values.append(try entries.value(at: map.path)) }
    return values
  }

  /// Whether an entry is written under another name, or another value under its name.
  private static func isReplaced(_ key: Bytes, _ maps: [FieldMap], _ values: [Bytes?]) -> Bool {
    zip(maps, values).contains { map, value in
      guard value != nil else { return false }
      if key.elementsEqual(map.name.utf8) { return true }
      guard map.path.steps.count == 1, case .key(let name) = map.path.steps[0] else { return false }
      return ObjectEntries.isEqual(key, name)
    }
  }
}
