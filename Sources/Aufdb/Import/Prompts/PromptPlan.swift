// What was decided about the rows of one record, before any of them is written.

/// The decisions about a record with a prompt; one value is reused for all records.
struct PromptPlan {
  enum Folding {
    case none
    /// A record before it said that this prompt is another one.
    case isFolded
    case isToBeFolded
  }

  struct Response {
    let sample: Int64
    let outcome: Outcome
    /// nil: nobody scored it.
    var score: Outcome?
  }

  /// nil: the record brings no prompt.
  var prompt: Outcome?
  var folding = Folding.none
  /// Whether the store may have responses to the prompt.
  var isLookupNeeded = true
  private(set) var responses: [Response] = []
  /// nil: the record has no label, or none is possible.
  var label: Outcome?
  /// Whether a pair turned out to be one response, of which there is no label.
  var isOneResponse = false

  // Where responses and scores stand, by name. Looking at each is for short lists; longer ones have these filled.
  private var firstPlaces: [Name: Int] = [:]
  private var scoredPlaces: [Name: Int] = [:]
  private static let linearLimit = 64

  var isFolded: Bool { folding != .none }

  mutating func removeAll() {
    (prompt, folding, isLookupNeeded, label, isOneResponse) = (nil, .none, true, nil, false)
    if responses.count > Self.linearLimit {
      firstPlaces.removeAll()
      scoredPlaces.removeAll()
    }
    responses.removeAll(keepingCapacity: true)
  }

  /// Adds the decision about the next response of the record.
  mutating func append(_ response: Response, of all: [PromptRecord.Response]) {
    responses.append(response)
    guard responses.count > Self.linearLimit else { return }
    let isFirst = responses.count == Self.linearLimit + 1
    for place in isFirst ? 0..<responses.count : responses.count - 1..<responses.count {
      let name = Name(model: all[place].model, sample: responses[place].sample)
      if firstPlaces[name] == nil { firstPlaces[name] = place }
      if all[place].isScored, scoredPlaces[name] == nil { scoredPlaces[name] = place }
    }
  }

  /// The first response before the next one that has a name; or the first one that is scored, too.
  func place(of model: Bytes, _ sample: Int64, isScored: Bool, in all: [PromptRecord.Response]) -> Int? {
    if responses.count > Self.linearLimit {
      let name = Name(model: model, sample: sample)
      return isScored ? scoredPlaces[name] : firstPlaces[name]
    }
    return responses.indices.first { place in
      responses[place].sample == sample && all[place].model.isEqual(to: model) && (!isScored || all[place].isScored)
    }
  }

  private struct Name: Hashable {
    let model: Bytes
    let sample: Int64

    static func == (one: Name, other: Name) -> Bool {
      one.sample == other.sample && one.model.isEqual(to: other.model)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(sample)
      hasher.combine(bytes: model)
    }
  }
}
