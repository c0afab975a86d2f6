// Texts with places: {prompt} and its like, filled in one pass, so that braces in what is filled in stay what they are.
//
// A place is a word of small letters, digits and low lines in braces. Braces around anything else, such as JSON's, are
// only braces.

import AufdbAcquisition

/// A place in a rubric's question.
enum Placeholder: String, CaseIterable {
  case prompt, response, first, second, aspect

  /// Those that a question must have, and the only ones it can have.
  static func needed(in mode: JudgeMode) -> [Placeholder] {
    switch mode {
    case .pointwise: [.prompt, .response, .aspect]
    case .pairwise: [.prompt, .first, .second]
    }
  }
}

extension String {
  /// The words that stand in braces here, each with the range that goes with its braces.
  var placeholders: [(word: String, range: Range<String.Index>)] {
    var found: [(String, Range<String.Index>)] = []
    var open: String.Index?
    for index in utf8.indices {
      switch utf8[index] {
      case UInt8(ascii: "{"): open = index
      case UInt8(ascii: "}"):
        guard let start = open else { continue }
        open = nil
        let word = self[utf8.index(after: start)..<index]
        if !word.isEmpty { found.append((String(word), start..<utf8.index(after: index))) }
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): continue
      default: open = nil
      }
    }
    return found
  }

  /// The text with its places filled.
  ///
  /// - Precondition: there is a text for every place in it.
  func filled(_ texts: [Placeholder: String]) -> String {
    var result = ""
    var rest = startIndex
    for (word, range) in placeholders {
      guard let placeholder = Placeholder(rawValue: word), let text = texts[placeholder] else {
        preconditionFailure("the place {\(word)} has no text")
      }
      result += self[rest..<range.lowerBound]
      result += text
      rest = range.upperBound
    }
    return result + self[rest...]
  }

  /// Refuses a question that can't be asked in a mode.
  ///
  /// - Throws: `.badData` without a place in a file: for a place that is missing, and for one that nothing fills.
  func checkPlaceholders(for mode: JudgeMode) throws(AufdbError) {
    let needed = Placeholder.needed(in: mode).map(\.rawValue)
    let list = needed.map { "{\($0)}" }.joined(separator: ", ")
    let words = placeholders.map(\.word)
    for word in words where !needed.contains(word) {
      throw AufdbError(
        .badData, "nothing fills the place {\(word.shortened(to: 80))} of a \(mode.rawValue) rubric",
        hint: needed.nearest(to: word).map { "did you mean {\($0)}?" } ?? "its places: \(list)")
    }
    for word in needed where !words.contains(word) {
      throw AufdbError(
        .badData, "the question of a \(mode.rawValue) rubric has no place {\(word)}", hint: "it needs \(list)")
    }
  }
}
