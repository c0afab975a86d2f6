// Principles and their system prompts: under which of them a response is made is drawn by a keyed choice.
//
//   version: 1
//   principles:
//     helpfulness:               # the name that the column responses.principle gets
//       - You are ...            # one system prompt, and further ones that say the same in other words
//       - ...
//
// The draw depends on the seed, the prompt, the model and the sample alone: whatever else is generated, and in whatever
// order, this response is made under this prompt. Each principle is as likely as another, and each of its prompts too.

import AufdbAcquisition
import Yams

/// Some principles.
public struct Principles: Sendable, Equatable {
  /// A principle, in other words each time.
  public struct Principle: Sendable, Equatable {
    public let name: String
    /// One or more.
    public let systemPrompts: [String]
  }

  /// What a response is made under.
  public struct Choice: Sendable, Equatable {
    public let principle: String
    public let systemPrompt: String
  }

  /// The newest version of the files that this aufdb reads.
  public static let version = 1

  /// One or more.
  public let principles: [Principle]

  /// helpfulness, honesty, truthfulness and verbalized_calibration, in six wordings each.
  public static func shipped() throws(AufdbError) -> Principles {
    try Principles(yaml: shippedYAML, file: "principles.yaml")
  }

  /// The file of `shipped()`, as text.
  public static let shippedYAML = String(decoding: PackageResources.principles_yaml, as: UTF8.self)

  /// Reads a file of principles.
  ///
  /// - Parameters:
  ///   - yaml: the file's text.
  ///   - file: the file's name, for errors.
  /// - Throws: `.badData` with the line: no YAML, an unknown key, a principle without a system prompt.
  public init(yaml: String, file: String) throws(AufdbError) {
    let what = "a file of principles"
    let map = try YAMLMap(yaml: yaml, file: file, what: what)
    try map.refuseKeys(otherThan: ["version", "principles"], in: what)
    if let entry = map["version"] {
      guard let version = entry.value.scalar.flatMap({ Int($0.string) }), version >= 1 else {
        throw map.refusal(of: entry, "a whole number")
      }
      guard version <= Self.version else {
        throw AufdbError(
          .badData, "these principles are of version \(version), and this aufdb reads up to \(Self.version)",
          hint: "use a newer aufdb", at: .init(file: file, line: entry.line))
      }
    }
    guard let entry = map["principles"] else {
      throw AufdbError(.badData, "\(what) needs a key 'principles'", at: .init(file: file))
    }
    let named = try YAMLMap(entry.value, file: file, what: "principles")
    var principles: [Principle] = []
    for entry in named.entries {
      do throws(AufdbError) {
        try Store.checkName(entry.key, "principle")
      } catch {
        throw AufdbError(.badData, error.message, at: .init(file: file, line: entry.line))
      }
      principles.append(Principle(name: entry.key, systemPrompts: try Self.prompts(of: entry, in: named)))
    }
    guard !principles.isEmpty else {
      throw AufdbError(.badData, "there is no principle", at: .init(file: file, line: entry.line))
    }
    self.principles = principles
  }

  private static func prompts(of entry: YAMLMap.Entry, in map: YAMLMap) throws(AufdbError) -> [String] {
    guard case .sequence(let sequence) = entry.value, !sequence.isEmpty else {
      throw map.refusal(of: entry, "a list of system prompts")
    }
    var prompts: [String] = []
    for node in sequence {
      // A block of YAML ends with a line feed, which is none of the prompt's.
      guard let text = node.scalar?.string, case let prompt = text.withoutLineEnds, !prompt.isEmpty else {
        throw AufdbError(
          .badData, "a system prompt of \(entry.key) is no text, or an empty one",
          at: .init(file: map.file, line: node.mark?.line))
      }
      prompts.append(prompt)
    }
    return prompts
  }

  /// Draws the principle and the system prompt of a response.
  ///
  /// - Parameter model: the model's name, without a version.
  /// - Complexity: O(length of the names).
  public func choose(promptID: String, model: String, sample: Int, seed: UInt64) -> Choice {
    // The names can't hold U+0000, so that no two responses share their draws.
    var draws = KeyedGenerator(seed: seed, purpose: "principles", "\(promptID)\0\(model)\0\(sample)")
    let principle = principles[draws.below(principles.count)]
    return Choice(
      principle: principle.name, systemPrompt: principle.systemPrompts[draws.below(principle.systemPrompts.count)])
  }
}

extension String {
  /// The text without the line ends at its end.
  var withoutLineEnds: String {
    var text = Substring(self)
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
