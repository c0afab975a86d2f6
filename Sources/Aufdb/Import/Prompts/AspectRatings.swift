// The ratings inside UltraFeedback's annotations: {"honesty": {"Rating": "4", "Rationale": ...}, ...}. A rating is a
// number, or a text that may be one: "N/A" where the annotator gave none.
//
// UltraFeedback has an overall_score of 10 in some 2,600 responses where its annotator wrote 1: the point of "1.0" was
// lost on the way (https://github.com/OpenBMB/UltraFeedback/issues/8). The aspects' ratings, from 1 to 5, tell them
// apart: their mean is 2 or less.

enum AspectRatings {
  /// The mean of the ratings that there are, from 1 to 5; nil where there are none.
  ///
  /// - Parameter annotations: JSON of any shape. Complexity: O(its length).
  static func mean(of annotations: Bytes, _ reader: inout JSONReader) throws(JSONError) -> Double? {
    reader.begin(annotations)
    guard try reader.peekKind() == .object else { return nil }
    var (sum, count) = (0.0, 0)
    try reader.beginObject()
    while try reader.nextKey() != nil {
      guard try reader.peekKind() == .object else {
        _ = try reader.skipValue()
        continue
      }
      try reader.beginObject()
      while let key = try reader.nextKey() {
        if key == "Rating" {
          guard let rating = try rating(&reader) else { continue }
          sum += rating
          count += 1
        } else {
          _ = try reader.skipValue()
        }
      }
    }
    return count == 0 ? nil : sum / Double(count)
  }

  private static func rating(_ reader: inout JSONReader) throws(JSONError) -> Double? {
    switch try reader.peekKind() {
    case .number: return try reader.double()
    case .string:
      let text = try reader.string()
      var inner = JSONReader()
      inner.begin(text)
      return try? inner.double()
    default:
      _ = try reader.skipValue()
      return nil
    }
  }
}
