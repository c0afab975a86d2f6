// What can be wrong with a record that an import may go on without.

/// Why a record is bad. What is no fault of a record is none: a damaged container, a full disk, SQLite's errors, options.
struct RecordFault {
  /// What an error would say of this record.
  let reason: String
  /// The same without what differs from record to record, so that equal faults can be counted.
  let kind: String

  /// - Returns: nil where the error isn't about one record.
  init?(_ error: any Error) {
    switch error {
    case let error as JSONError:
      reason = error.reason.description
      kind =
        switch error.reason {
        case .unexpectedByte: "unexpected character, where JSON has none"
        case .duplicateKey: "a key stands twice in one object"
        default: reason
        }
    case let error as AufdbError:
      // What has a place already is about a file: a matrix that is cut off.
      guard error.sqliteCode == nil, error.kind == .badData || error.kind == .refused,
        error.place == nil || error.isAboutRecord
      else { return nil }
      reason = error.message
      kind = Self.generalised(error.message)
    default: return nil
    }
  }

  /// The message with "..." for what stands in quotes, and N for numbers.
  private static func generalised(_ message: String) -> String {
    // Names stand unquoted in these.
    if message.hasPrefix("there is no response of ") { return "there is no such response" }
    if message.hasSuffix(" is there already and differs") { return "another value is there already" }
    if message.hasSuffix(" is there already with another content") { return "another content is there already" }
    var text = ""
    var previous: Character = " "
    var rest = message[...]
    while let character = rest.first {
      if character == "'" || character == "\"", !previous.isLetter,
        let end = rest.dropFirst().lastIndex(of: character)
      {
        text += "..."
        rest = rest[end...].dropFirst()
      } else if character.isNumber, !previous.isLetter {
        text += "N"
        rest = rest.drop { $0.isNumber || $0 == "." || $0 == "-" }
      } else {
        text.append(character)
        rest = rest.dropFirst()
      }
      previous = character
    }
    return text
  }
}
