// A pairwise judge's opinion of a pair: it is asked twice, once in each order, because models prefer a place.
//
//   order     shown first   p = probability that the one shown first is better
//   0         the first     p0
//   1         the second    p1
//
// The first is preferred in order 0 where p0 > 1/2, and in order 1 where p1 < 1/2. Where both orders prefer the same
// response, it is chosen; where they don't, or one of them prefers neither, it is a tie. Source: L. Zheng et al.,
// "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", NeurIPS 2023, section 3.4.

/// What a judge says of a pair, asked in both orders.
public struct PairOpinion: Sendable, Equatable {
  /// The comparison with the first response shown first, and the one with the second shown first.
  public let orders: [Result<PairComparison, ModelFailure>]

  /// - Parameters:
  ///   - inOrder: the answer about the first and the second response.
  ///   - swapped: the answer about the second and the first.
  public init(_ rubric: Rubric, inOrder: KeptAnswer, swapped: KeptAnswer) {
    orders = [inOrder, swapped].map { answer in
      do throws(ModelFailure) {
        return .success(try PairComparison(try answer.chat(), leastMass: rubric.leastMass))
      } catch {
        return .failure(error)
      }
    }
  }

  private var shares: (Double, Double)? {
    guard case .success(let one) = orders[0], case .success(let other) = orders[1] else { return nil }
    return (one.first, other.first)
  }

  /// The response that both orders prefer, or a tie; nil where an order has no comparison.
  public var choice: PairChoice? {
    guard let (one, other) = shares else { return nil }
    if one > 0.5, other < 0.5 { return .first }
    if one < 0.5, other > 0.5 { return .second }
    return .tie
  }

  /// The probability that the first response is better, over both orders: (p0 + 1 - p1) / 2. Of a choice, the chosen
  /// response's is above 1/2; of a tie it may be on either side. nil where an order has no comparison.
  public var probabilityOfFirst: Double? { shares.map { ($0 + (1 - $1)) / 2 } }

  /// How much the place did: the mean probability (p0 + p1) / 2 of the response that was shown first, 1/2 where the
  /// place does nothing. Its mean over many pairs, less 1/2, is the judge's position bias. nil where an order has no
  /// comparison.
  public var probabilityOfFirstPlace: Double? { shares.map { ($0 + $1) / 2 } }

  /// The column `details` of labels:
  ///
  ///     {"orders": [{"first": 0.81, "mass": 0.99, "logprobs": [["A", -0.2], ...]}, {...}]}
  public var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("orders")
    writer.beginArray()
    for order in orders {
      writer.beginObject()
      switch order {
      case .success(let comparison):
        writer.reading("first", comparison.first, comparison.mass, comparison.logprobs)
      case .failure(let failure): writer.reading(failure)
      }
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.text
  }
}
