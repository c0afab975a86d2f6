// How an error shows the texts that it is about.

extension String {
  /// The text in single quotes; of a long one only the beginning, because a message is one line for people.
  package var quoted: String { "'\(shortened(to: 80))'" }

  /// The text, or its beginning and "..." where it has more than `count` code points.
  package func shortened(to count: Int) -> String {
    // Code points, because what counts as one character can be as long as it likes.
    let scalars = unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return self }
    return self[..<end] + "..."
  }
}
