// What a judge is told to look at, and how it is asked.
//
// A pointwise rubric has aspects. Each is asked about by itself: the aspect's text goes into the question's {aspect},
// beside {prompt} and {response}; and the answer is one digit, 1 (worst) to 5 (best). A pairwise rubric asks which of
// {first} and {second} is better; the answer is the letter A or B. A rubric must say so to the model: nothing is added
// to its texts.
//
// Rubric+YAML.swift has the form of its files, Rubric+Shipped.swift what comes with aufdb.

/// A rubric: texts with places for a prompt and responses. What there is of one can be asked: its places are checked
/// when it is made.
public struct Rubric: Sendable, Equatable {
  /// One side of a response that is rated by itself.
  public struct Aspect: Sendable, Equatable {
    public let name: String
    public let text: String

    public init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The least share of the probability that must be on digits, or letters, unless a rubric says otherwise. Where less
  /// is, the model was about to say something else, and what it would have rated is noise.
  public static let defaultLeastMass = 0.1

  public let name: String
  public let version: String
  public let mode: JudgeMode
  /// The system's message; nil: none.
  public let system: String?
  /// The user's message, with its places.
  public let question: String
  /// Pointwise: what is rated, in this order. Pairwise: none.
  public let aspects: [Aspect]
  /// The least probability that must be on the expected tokens for an answer to count, from 0 to 1.
  public let leastMass: Double

  /// - Throws: `.badData` without a place in a file: a question without its places or with others, no aspects where
  ///   there should be some, or some where there should be none, an empty name or text.
  public init(
    name: String, version: String, mode: JudgeMode, system: String? = nil, question: String, aspects: [Aspect] = [],
    leastMass: Double = defaultLeastMass
  ) throws(AufdbError) {
    self.name = name
    self.version = version
    self.mode = mode
    self.system = system
    self.question = question
    self.aspects = aspects
    self.leastMass = leastMass
    try check()
  }

  private func check() throws(AufdbError) {
    guard !name.isEmpty, !version.isEmpty else { throw AufdbError(.badData, "a rubric has a name and a version") }
    try question.checkPlaceholders(for: mode)
    guard aspects.isEmpty == (mode == .pairwise) else {
      throw AufdbError(
        .badData, mode == .pairwise ? "a pairwise rubric has no aspects" : "a pointwise rubric has at least one aspect")
    }
    var names: Set<String> = []
    for aspect in aspects {
      guard !aspect.name.isEmpty, !aspect.text.isEmpty else {
        throw AufdbError(.badData, "an aspect has a name and a text")
      }
      guard names.insert(aspect.name).inserted else {
        throw AufdbError(.badData, "the aspect \(aspect.name.quoted) stands twice")
      }
    }
    for text in aspects.map(\.text) + [system ?? ""] {
      guard let (word, _) = text.placeholders.first(where: { Placeholder(rawValue: $0.word) != nil }) else { continue }
      throw AufdbError(.badData, "the place {\(word)} stands outside the question", hint: "only the question is filled")
    }
    guard leastMass >= 0, leastMass <= 1 else { throw AufdbError(.badData, "least_mass is a number from 0 to 1") }
  }
}
