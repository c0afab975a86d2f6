// The keys and values of one JSON object, found in it, and what paths lead to inside them.

/// The entries of one object after another; texts are slices of the object's bytes or of the reader's memory, valid until
/// the next object.
struct ObjectEntries: ~Copyable {
  struct Entry {
    let key: Bytes
    /// The value as it stands in the object.
    let value: Bytes
  }

  private(set) var all: [Entry] = []
  private var reader = JSONReader()
  private var valueReader = JSONReader()

  /// Turns to an object.
  ///
  /// - Throws: `JSONError`: it is none, or has a key twice.
  mutating func read(_ object: Bytes) throws(JSONError) {
    all.removeAll(keepingCapacity: true)
    reader.begin(object)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() { all.append(Entry(key: key.bytes, value: try reader.skipValue())) }
    try reader.finish()
  }

  /// The value that a path leads to; nil where it leads nowhere.
  mutating func value(at path: FieldPath) throws(JSONError) -> Bytes? {
    guard case .key(let name) = path.steps[0], let entry = all.first(where: { Self.isEqual($0.key, name) }) else {
      return nil
    }
    if path.steps.count == 1 { return entry.value }
    valueReader.begin(entry.value)
    for step in path.steps.dropFirst() {
      guard try enter(step) else { return nil }
    }
    return try valueReader.skipValue()
  }

  /// Goes on to the value of a key or an index; returns whether there is one.
  private mutating func enter(_ step: FieldPath.Step) throws(JSONError) -> Bool {
    switch step {
    case .key(let name):
      guard try valueReader.peekKind() == .object else { return false }
      try valueReader.beginObject()
      while let key = try valueReader.nextKey() {
        if Self.isEqual(key.bytes, name) { return true }
        _ = try valueReader.skipValue()
      }
      return false
    case .index(let index):
      guard try valueReader.peekKind() == .array else { return false }
      try valueReader.beginArray()
      var count = 0
      while try valueReader.nextElement() {
        if count == index { return true }
        _ = try valueReader.skipValue()
        count += 1
      }
      return false
    }
  }

  static func isEqual(_ key: Bytes, _ name: [UInt8]) -> Bool { name.withUnsafeBytes { $0.isEqual(to: key) } }
}
