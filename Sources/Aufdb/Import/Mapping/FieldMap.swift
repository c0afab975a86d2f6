// Other people's names: a field that import knows, and where records have it. FieldPath.swift tells how a place is
// written.
//
//   response=data.answer                   a record's field
//   completions[].response_text=output     a field of each object in a list; the path begins in that object

/// What a user says about one field.
public struct FieldMap: Sendable, Equatable {
  /// As it was given: `model`, or `completions[].model`.
  public let field: String
  /// As it was given.
  public let pathText: String

  /// The list whose objects have the field; nil for a field of the record itself.
  let list: String?
  /// The field's name in its object.
  let name: String
  let path: FieldPath

  /// Parses "field=path".
  ///
  /// - Throws: `.usage`, with the place where that helps.
  public init(_ text: String) throws(AufdbError) {
    // A newline is no part of a field's name, and where a path has one in quotes, it is most likely a slip of the shell.
    if let offset = text.unicodeScalars.map({ $0.value < 0x20 || $0.value == 0x7f }).firstIndex(of: true) {
      throw Self.failure(text, offset, "a control character")
    }
    guard let sign = text.firstIndex(of: "=") else {
      throw AufdbError(
        .usage, "'\(text)' is not FIELD=PATH", hint: "such as response=data.answer, or completions[].model=engine")
    }
    field = String(text[..<sign])
    let path = text[text.index(after: sign)...]
    pathText = String(path)
    let pathOffset = field.count + 1
    guard !field.isEmpty else { throw Self.failure(text, 0, "a field is missing before '='") }
    guard !path.isEmpty else { throw Self.failure(text, pathOffset, "a path is missing after '='") }
    guard KnownFields.all.contains(field) else { throw Self.unknown(field) }
    if let brackets = field.firstRange(of: "[].") {
      list = String(field[..<brackets.lowerBound])
      name = String(field[brackets.upperBound...])
    } else {
      (list, name) = (nil, field)
    }
    do throws(FieldPathError) {
      self.path = try FieldPath(parsing: path)
    } catch {
      throw Self.failure(text, pathOffset + error.offset, error.reason)
    }
  }

  private static func failure(_ text: String, _ offset: Int, _ reason: String) -> AufdbError {
    AufdbError(
      .usage, "'\(text)', character \(offset + 1): \(reason)",
      hint: #"a path is like data.answer, turns[0].text, or "a key with blanks".text"#)
  }

  private static func unknown(_ field: String) -> AufdbError {
    let nearest = KnownFields.all.nearest(to: field)
    return AufdbError(
      .usage, "'\(field)' is no field that records are read by",
      hint: nearest.map { "did you mean \($0)?" }
        ?? "the fields are \(KnownFields.ofRecords.joined(separator: ", ")); and in lists, as in completions[].model, "
        + KnownFields.all.filter { $0.contains("[]") }.joined(separator: ", "))
  }

  /// Makes sure that no field is mapped twice.
  ///
  /// - Throws: `.usage`.
  static func check(_ maps: [FieldMap]) throws(AufdbError) {
    var first: [String: FieldMap] = [:]
    for map in maps {
      if let other = first.updateValue(map, forKey: map.field) {
        throw AufdbError(.usage, "\(map.field) is mapped twice: to \(other.pathText), and to \(map.pathText)")
      }
    }
  }
}
