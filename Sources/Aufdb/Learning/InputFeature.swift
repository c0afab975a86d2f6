// What a reward head sees of a response, by name.

import Glibc

/// A feature of a response that becomes one or more columns of a head's input.
public enum InputFeature: String, Sendable, Hashable, CaseIterable {
  /// The encoder's vector.
  case embedding
  /// log(1 + the number of the text's code points): judges' preference for length is strong, and a head that may see
  /// it needn't find it in the embedding.
  case logLength = "log-length"

  /// Reads "embedding,log-length".
  ///
  /// - Returns: the features in the order of `allCases`.
  /// - Throws: `.usage` for an unknown or repeated name, or a list without the embedding.
  public static func list(_ text: String) throws(AufdbError) -> [InputFeature] {
    var features: Set<InputFeature> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let feature = InputFeature(rawValue: String(name)) else {
        throw AufdbError(
          .usage, "there is no feature '\(name)'",
          hint: "features: \(allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard features.insert(feature).inserted else {
        throw AufdbError(.usage, "the feature '\(name)' is named twice")
      }
    }
    guard features.contains(.embedding) else {
      throw AufdbError(.usage, "a reward head needs the embedding", hint: "add it: embedding,\(text)")
    }
    return allCases.filter(features.contains)
  }

  /// How the list is written.
  static func text(_ features: [InputFeature]) -> String { features.map(\.rawValue).joined(separator: ",") }

  /// The value of log-length.
  static func logLength(codePointCount: Int) -> Float { Float(log1p(Double(codePointCount))) }
}
