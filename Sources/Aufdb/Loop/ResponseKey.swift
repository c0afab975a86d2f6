// A response's natural key within its prompt.

/// One response among those of a prompt.
struct ResponseKey: Equatable, Hashable {
  var model: String
  var sample: Int64

  func isBefore(_ other: ResponseKey) -> Bool {
    model == other.model ? sample < other.sample : model.utf8.lexicographicallyPrecedes(other.model.utf8)
  }

  /// The response in words, for a message.
  var name: String { model + (sample == 0 ? "" : " (sample \(sample))") }
}
