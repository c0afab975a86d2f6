// Rubrics as files:
//
//   name: brevity
//   version: 1                     # another text is another version
//   mode: pointwise                # or pairwise
//   system: You grade answers.     # may be left out
//   question: |                    # what the model is asked, with the places {prompt}, {response} and {aspect};
//     ...                          # of a pairwise rubric: {prompt}, {first} and {second}
//     Answer with one digit from 1 to 5.
//   aspects:                       # pointwise only
//     brevity: |
//       ...
//   least_mass: 0.1                # may be left out

import Yams

extension Rubric {
  private static let keys = ["name", "version", "mode", "system", "question", "aspects", "least_mass"]

  /// Reads a rubric's file.
  ///
  /// - Parameters:
  ///   - yaml: the file's text.
  ///   - file: the file's name, for errors.
  /// - Throws: `.badData` with the line: no YAML, an unknown or missing key, a question without its places.
  public init(yaml: String, file: String) throws(AufdbError) {
    let map = try YAMLMap(yaml: yaml, file: file, what: "a rubric")
    try map.refuseKeys(otherThan: Self.keys, in: "a rubric")
    let name = try map.requiredText("name", in: "a rubric")
    let version = try map.requiredText("version", in: "a rubric")
    let modeName = try map.requiredText("mode", in: "a rubric")
    guard let mode = JudgeMode(rawValue: modeName) else {
      throw AufdbError(
        .badData, "mode takes pointwise or pairwise, not \(modeName.quoted)",
        at: .init(file: file, line: map["mode"]?.line))
    }
    let question = try map.requiredText("question", in: "a rubric")
    let system = try map.text("system")
    var aspects: [Aspect] = []
    if let entry = map["aspects"] {
      let texts = try YAMLMap(entry.value, file: file, what: "aspects")
      for aspect in texts.entries {
        aspects.append(Aspect(aspect.key, try texts.requiredText(aspect.key, in: "aspects")))
      }
    }
    var leastMass = Self.defaultLeastMass
    if let entry = map["least_mass"] {
      guard let number = entry.value.scalar.flatMap({ Double($0.string) }) else {
        throw map.refusal(of: entry, "a number from 0 to 1")
      }
      leastMass = number
    }
    do throws(AufdbError) {
      try self.init(
        name: name, version: version, mode: mode, system: system, question: question, aspects: aspects,
        leastMass: leastMass)
    } catch {
      throw AufdbError(error.kind, error.message, hint: error.hint, at: .init(file: file, line: map["question"]?.line))
    }
  }
}
