// The messages of a stored prompt, one after another.

/// Reads JSON lists of messages, each an object with role and content.
struct MessageReader: ~Copyable {
  /// One message; its texts lie in the list or in the reader's memory, valid until the next list.
  struct Message {
    /// nil where it has none.
    var role: Bytes?
    var content: Bytes?

    func isBy(_ name: StaticString) -> Bool {
      role?.isEqual(to: Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount)) == true
    }
  }

  private var reader = JSONReader()

  init() {}

  /// Goes to the beginning of a list.
  ///
  /// - Throws: `JSONError`, here and from `next`, where it is no list of objects whose roles and contents are texts.
  mutating func begin(_ list: Bytes) throws(JSONError) {
    reader.begin(list)
    try reader.beginArray()
  }

  /// The next message; nil after the last.
  mutating func next() throws(JSONError) -> Message? {
    guard try reader.nextElement() else {
      try reader.finish()
      return nil
    }
    var message = Message()
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "role": message.role = try reader.string()
      case "content": message.content = try reader.string()
      default: _ = try reader.skipValue()
      }
    }
    return message
  }
}
