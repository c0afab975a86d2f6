// Parameters that come as text, from a command line or a configuration, on their way to a typed initialiser.

/// The texts given for a method's parameters, and the columns that the caller has.
public struct ParameterTexts: Sendable {
  private let texts: [String: String]
  /// The columns that the caller will fill; a default may depend on them.
  public let available: CandidateColumns

  /// Takes parameter name -> value as text, and the columns that the caller will fill.
  public init(_ texts: [String: String], available: CandidateColumns) {
    self.texts = texts
    self.available = available
  }

  /// The number given for a `.real` parameter, or nil where none was given. Its range is the initialiser's to check.
  func real(_ definition: ParameterDefinition) throws(ParameterError) -> Double? {
    guard let text = texts[definition.name] else { return nil }
    guard let number = Double(text) else { throw definition.refusal(of: text) }
    return number
  }

  /// The number given for an `.integer` parameter, or nil where none was given.
  func integer(_ definition: ParameterDefinition) throws(ParameterError) -> Int? {
    guard let text = texts[definition.name] else { return nil }
    guard let number = Int(text) else { throw definition.refusal(of: text) }
    return number
  }

  /// The text given for a `.text` parameter.
  ///
  /// - Throws: `ParameterError` where none was given.
  func text(_ definition: ParameterDefinition) throws(ParameterError) -> String {
    guard let text = texts[definition.name] else { throw definition.refusal(of: nil) }
    return text
  }

  /// The word given for a `.word` parameter, or nil where none was given.
  func word<Word: RawRepresentable<String>>(_ definition: ParameterDefinition) throws(ParameterError) -> Word? {
    guard let text = texts[definition.name] else { return nil }
    guard let word = Word(rawValue: text) else { throw definition.refusal(of: text) }
    return word
  }
}
