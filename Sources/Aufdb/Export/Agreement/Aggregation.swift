// Several labels on one pair of responses become one preference.
//
// The pair's two responses are called first and second in the order of bytes of (model, sample), whichever way a label
// went. All labels are of different judges, since a judge has one label on a pair.
//
//   majority     each label that isn't a tie is a vote; more votes win, equally many are a tie
//   mean-score   the response with the higher mean of its scores wins, equal means are a tie; labels that don't have
//                both scores don't count, and where none has them the pair is left out
//   unanimous    what all labels say; where they differ the pair is left out
//   latest       what the label that was born last says

/// How the labels of several judges on one pair become one preference.
public enum Aggregation: String, CaseIterable, Sendable {
  case majority
  case meanScore = "mean-score"
  case unanimous
  case latest

  /// All names, as a list to choose from.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// One label on a pair, told of the pair's first and second response.
struct Vote {
  enum Choice: Int, CaseIterable, Sendable {
    case first, second, tie
  }

  /// Which judge: a number of the export's own.
  var judge: Int
  var choice: Choice
  /// The responses' own scores, where the label has both.
  var scores: Scores?
  /// The label's place in the order of birth.
  var position: Int

  struct Scores: Equatable {
    var first: Double
    var second: Double
  }
}

/// What the labels of a pair come to.
enum Decision: Equatable {
  case choice(Vote.Choice, Vote.Scores?)
  case omitted(OmissionReason)
}

extension Aggregation {
  /// What some labels come to.
  ///
  /// The scores of the outcome are means over the labels that have both, so that they are of the same labels; with
  /// `latest` they are those of the label that decides.
  ///
  /// - Parameter votes: at least one, in the order of birth.
  func decision(on votes: [Vote]) -> Decision {
    let scores = Self.meanScores(of: votes)
    switch self {
    case .majority:
      let lead = votes.reduce(0) { lead, vote in
        switch vote.choice {
        case .first: lead + 1
        case .second: lead - 1
        case .tie: lead
        }
      }
      return .choice(lead == 0 ? .tie : lead > 0 ? .first : .second, scores)
    case .meanScore:
      guard let scores else { return .omitted(.unscored) }
      return .choice(
        scores.first == scores.second ? .tie : scores.first > scores.second ? .first : .second, scores)
    case .unanimous:
      guard let choice = votes.first?.choice, votes.allSatisfy({ $0.choice == choice }) else {
        return .omitted(.disagreement)
      }
      return .choice(choice, scores)
    case .latest:
      guard let last = votes.last else { return .omitted(.disagreement) }
      return .choice(last.choice, last.scores)
    }
  }

  private static func meanScores(of votes: [Vote]) -> Vote.Scores? {
    var first = CompensatedMean()
    var second = CompensatedMean()
    for case let scores? in votes.lazy.map(\.scores) {
      first.add(scores.first)
      second.add(scores.second)
    }
    guard let firstMean = first.value, let secondMean = second.value else { return nil }
    return Vote.Scores(first: firstMean, second: secondMean)
  }
}
