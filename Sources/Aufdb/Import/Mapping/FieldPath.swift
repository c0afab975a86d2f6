// Where in a record a value stands: `data.answer`, `turns[0].text`, `"a key with. dots".c`.
//
//   path = key step*          step = "." key | "[" digits "]"
//   key  = characters other than . [ ] " and white space
//        | " characters, where \" and \\ stand for the quote and the backslash "

/// A way from an object to a value inside it.
public struct FieldPath: Sendable, Equatable {
  enum Step: Equatable {
    case key([UInt8])
    /// Counted from 0.
    case index(Int)
  }

  /// The first is a key.
  private(set) var steps: [Step] = []

  /// Parses a path.
  ///
  /// - Throws: what is wrong with it, and at which character.
  init(parsing text: Substring) throws(FieldPathError) {
    var reader = FieldPathReader(text)
    steps = try reader.steps()
  }
}

/// Why a path was refused.
struct FieldPathError: Error {
  let reason: String
  /// Of the path, counted from 0.
  let offset: Int
}

/// Goes through a path's characters.
private struct FieldPathReader {
  private let characters: [Character]
  private var offset = 0

  init(_ text: Substring) { characters = Array(text) }

  private var next: Character? { offset < characters.count ? characters[offset] : nil }

  private func failure(_ reason: String) -> FieldPathError { FieldPathError(reason: reason, offset: offset) }

  mutating func steps() throws(FieldPathError) -> [FieldPath.Step] {
    var steps: [FieldPath.Step] = [.key(try key())]
    while let character = next {
      switch character {
      case ".":
        offset += 1
        steps.append(.key(try key()))
      case "[":
        offset += 1
        steps.append(.index(try index()))
      case "]": throw failure("a closing bracket without an opening one")
      default: throw failure("a point or a bracket is missing")
      }
    }
    return steps
  }

  private mutating func key() throws(FieldPathError) -> [UInt8] {
    if next == "\"" { return try quotedKey() }
    let first = offset
    while let character = next, !".[]\"".contains(character) {
      guard !character.isWhitespace, !Self.isControl(character) else {
        throw failure("a key with blanks stands in double quotes")
      }
      offset += 1
    }
    guard offset > first else { throw failure("a key is missing") }
    return Array(String(characters[first..<offset]).utf8)
  }

  private mutating func quotedKey() throws(FieldPathError) -> [UInt8] {
    let first = offset
    var text = ""
    offset += 1
    while let character = next {
      offset += 1
      switch character {
      case "\"": return Array(text.utf8)
      case "\\":
        guard let escaped = next, escaped == "\"" || escaped == "\\" else {
          throw failure("after a backslash stands a quote or another backslash")
        }
        text.append(escaped)
        offset += 1
      default: text.append(character)
      }
    }
    throw FieldPathError(reason: "the quotes aren't closed", offset: first)
  }

  private mutating func index() throws(FieldPathError) -> Int {
    let first = offset
    while let character = next, character != "]" {
      guard character.isASCII, character.isNumber else { throw failure("an index is a number, counted from 0") }
      offset += 1
    }
    guard next == "]" else { throw FieldPathError(reason: "the bracket isn't closed", offset: first - 1) }
    guard let index = Int(String(characters[first..<offset])) else {
      throw FieldPathError(reason: "an index is a number, counted from 0", offset: first)
    }
    offset += 1
    return index
  }

  static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
  }
}
