// How pairs worth annotating are picked: the contract of all selection methods.
//
// A method looks at one prompt: what is believed or known of each of its k responses (`Candidates`), and a random
// source that belongs to this prompt alone (`KeyedRandom`). It answers with an ordered pair. Methods are pure and
// know neither store nor files, so that a prompt's pair depends on its own numbers, the parameters and the seed, and
// on nothing else.
//
// Adding a method: one file under Methods/ with one type, and one line in `SelectionMethods.all`. Help, documentation
// and the tests that hold for every method follow from that list. A method that needs numbers of another kind adds a
// column to `CandidateColumns`, `Candidates` and `CandidateStorage`.
//
// Formulas: the ActiveUltraFeedback paper (arXiv 2603.09692); where we differ from its code stands with each method.

/// A way to pick the pair of a prompt's responses that is worth annotating.
///
/// Conforming types are small values made once a run; `pick` runs once a prompt and must not allocate.
public protocol SelectionMethod: Sendable {
  /// The name on the command line and in records; also part of the key of every random draw, so it never changes.
  static var name: String { get }
  /// One line for help.
  static var summary: String { get }
  /// How the pair is found, as a formula in words of the docstring: r, l, u, s_i = (u_i - l_i) / 2, and so on.
  static var formula: String { get }
  /// Who proposed it, and where.
  static var source: String { get }
  /// The value that pairs (i, j) are compared by, as a formula; nil where pairs aren't compared.
  static var criterionFormula: String? { get }
  /// The parameters it has, in the order in which they are shown and recorded.
  static var parameterDefinitions: [ParameterDefinition] { get }
  /// The sets of columns it can work from; `needs` is one of them.
  static var alternativeNeeds: [CandidateColumns] { get }

  /// Makes the method from texts; parameters that aren't given take their defaults.
  init(texts: ParameterTexts) throws(ParameterError)

  /// The columns that it reads with its present parameters.
  var needs: CandidateColumns { get }
  /// All its parameters, in the order of `parameterDefinitions`: with the name and the seed enough to pick again.
  var parameters: [Parameter] { get }

  /// Picks a pair; callers use `select`, which checks first.
  ///
  /// - Precondition: k >= 2, and every column of `needs` is present.
  func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome

  /// The values by which `pick` chooses with the same draws, for explanations and `responses`.
  ///
  /// - Precondition: as for `pick`.
  /// - Complexity: O(k^2) or so; it may allocate.
  func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion

  /// The response to judge next, after those of `chosen`; nil leaves it to a uniform draw.
  func next(after chosen: [Int], _ candidates: Candidates, random: KeyedRandom) -> Int?
}

extension SelectionMethod {
  public static var criterionFormula: String? { nil }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    .none(count: candidates.count)
  }

  public func next(after chosen: [Int], _ candidates: Candidates, random: KeyedRandom) -> Int? {
    criterion(candidates, random: random).next(after: chosen)
  }
}

extension SelectionMethod {
  public var name: String { Self.name }
  public var summary: String { Self.summary }

  /// What the method needs, for help: such as "rewards or scores", or "nothing".
  public static var needsText: String {
    alternativeNeeds.map(\.description).joined(separator: " or ")
  }

  /// Picks the pair of one prompt.
  ///
  /// - Parameters:
  ///   - candidates: the prompt's k responses. Fewer than two make a skipped prompt, not an error.
  ///   - random: the prompt's own random source, keyed with this method's name.
  /// - Returns: a pair of two different indices in 0 ..< k, or why there is none.
  /// - Throws: `CandidatesError.missing` where a column that the method needs is absent.
  /// - Complexity: O(k) for the methods here, without allocation.
  public func select(_ candidates: Candidates, random: KeyedRandom) throws(CandidatesError) -> SelectionOutcome {
    guard candidates.count >= 2 else { return .skipped(.tooFewResponses) }
    guard candidates.columns.isSuperset(of: needs) else {
      throw .missing(columns: needs.subtracting(candidates.columns), method: name)
    }
    return pick(candidates, random: random)
  }

  /// The key of all prompts' random sources under this method.
  public func randomKey(seed: UInt64) -> RandomKey {
    RandomKey(seed: seed, purpose: name)
  }
}
