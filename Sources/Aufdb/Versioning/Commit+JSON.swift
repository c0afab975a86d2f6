// A commit as JSON, in the shape that scripts rely on, and its time as text.

import Glibc

extension Commit {
  /// The time as ISO 8601 in UTC with milliseconds: "2026-03-01T12:00:00.000Z".
  public var time: String {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    var seconds = time_t(remainder < 0 ? quotient - 1 : quotient)
    let rest = remainder < 0 ? remainder + 1000 : remainder
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    let date = [digits(Int(parts.tm_year) + 1900, 4), digits(Int(parts.tm_mon) + 1, 2), digits(Int(parts.tm_mday), 2)]
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0), 2) }
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(digits(Int(rest), 3))Z"
  }

  /// {id, parents, author, time, message, operation, changes: {table: {added, retired}}}, on one line.
  public var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("id")
    writer.string(id.description)
    writer.key("parents")
    writer.beginArray()
    for parent in parents { writer.string(parent.description) }
    writer.endArray()
    for (key, value) in [("author", author), ("time", time), ("message", message)] {
      writer.key(key)
      writer.string(value)
    }
    writer.key("operation")
    var operation = operation
    operation.withUTF8 { writer.raw(UnsafeRawBufferPointer($0)) }
    writer.key("changes")
    writer.beginObject()
    for change in changes {
      writer.key(change.relation.name)
      writer.beginObject()
      writer.key("added")
      writer.int(Int64(change.added))
      writer.key("retired")
      writer.int(Int64(change.retired))
      writer.endObject()
    }
    writer.endObject()
    writer.endObject()
    return writer.text
  }
}
