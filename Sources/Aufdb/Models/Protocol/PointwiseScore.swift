// All ratings of one response by one judge: what a row of the relation scores holds.

/// A response's ratings, aspect by aspect.
public struct PointwiseScore: Sendable, Equatable {
  /// A rating, or why there is none.
  public struct AspectRating: Sendable, Equatable {
    public let aspect: String
    public let rating: Result<Rating, ModelFailure>
  }

  /// In the order of the rubric.
  public private(set) var aspects: [AspectRating] = []

  /// - Parameter answers: of each of the rubric's aspects, in their order.
  public init(_ rubric: Rubric, answers: [KeptAnswer]) {
    precondition(answers.count == rubric.aspects.count, "an answer for each aspect")
    for (aspect, answer) in zip(rubric.aspects, answers) {
      aspects.append(AspectRating(aspect: aspect.name, rating: Self.rating(answer, rubric.leastMass)))
    }
  }

  private static func rating(_ answer: KeptAnswer, _ leastMass: Double) -> Result<Rating, ModelFailure> {
    do throws(ModelFailure) {
      return .success(try Rating(try answer.chat(), leastMass: leastMass))
    } catch {
      return .failure(error)
    }
  }

  /// The mean of the ratings, from 1 to 5: each aspect weighs the same. nil where any is missing: the mean of the
  /// others would be of another scale.
  public var overall: Double? {
    var sum = 0.0
    for aspect in aspects {
      guard case .success(let rating) = aspect.rating else { return nil }
      sum += rating.expectation
    }
    return sum / Double(aspects.count)
  }

  /// The column `aspects`:
  ///
  ///     {"honesty": {"rating": 3.7, "mass": 0.98, "logprobs": [["4", -0.2], ...]},
  ///      "truthfulness": {"failure": "none of 1 to 5 is among the first tokens", "text": "I"}}
  public var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    for aspect in aspects {
      writer.key(aspect.aspect)
      writer.beginObject()
      switch aspect.rating {
      case .success(let rating): writer.reading("rating", rating.expectation, rating.mass, rating.logprobs)
      case .failure(let failure): writer.reading(failure)
      }
      writer.endObject()
    }
    writer.endObject()
    return writer.text
  }
}

extension JSONWriter {
  /// Writes the fields of what was read off a first token.
  mutating func reading(_ name: String, _ value: Double, _ mass: Double, _ logprobs: [TokenLogprob]) {
    for (name, value) in [(name, value), ("mass", mass)] {
      key(name)
      // Both are finite.
      if (try? double(value)) == nil { null() }
    }
    key("logprobs")
    beginArray()
    for token in logprobs { token.write(to: &self) }
    endArray()
  }

  /// Writes the fields of a failure.
  mutating func reading(_ failure: ModelFailure) {
    key("failure")
    string(failure.message)
    if let text = failure.text {
      key("text")
      string(text.shortened(to: 1_000))
    }
  }
}
