// How likely each of some one-letter words is as the first token of an answer.
//
// Which tokens are a word: those whose text is that letter, white space around it left out. The text is the token's
// bytes where the server gives them, and otherwise, or where these are no word, its string. A string may stand for the
// blank before a word by U+2581 (SentencePiece's "▁4") or U+0120 (GPT-2's "Ġ4"). Anything longer ("4.", "45", "four")
// is no word: what follows it isn't known. Several tokens of one word, such as "4" and " 4", add up.

/// The probabilities of some words.
struct ExpectedTokens {
  /// Of each word, from 0 to 1.
  let probabilities: [Double]
  /// That of any of them, from 0 to 1: the share of the first token's probability that the words have.
  let mass: Double

  /// - Parameters:
  ///   - words: ASCII letters or digits, each another.
  ///   - tokens: the tokens that might come first. In what order they stand changes nothing.
  /// - Complexity: O(tokens log tokens).
  init(_ words: [UInt8], among tokens: [TokenLogprob]) {
    var found: [[Double]] = words.map { _ in [] }
    for token in tokens {
      if let letter = Self.letter(of: token), let place = words.firstIndex(of: letter) {
        found[place].append(token.probability)
      }
    }
    // The smallest first: a sum depends on its order.
    var sums = found.map { min($0.sorted().reduce(0, +), 1) }
    let whole = sums.reduce(0, +)
    // Rounding takes the sum of all tokens a little above 1.
    if whole > 1 { sums = sums.map { $0 / whole } }
    probabilities = sums
    mass = min(whole, 1)
  }

  /// The letter or digit that a token is; nil if it is anything else.
  private static func letter(of token: TokenLogprob) -> UInt8? {
    if let bytes = token.bytes, let letter = only(in: bytes[...]) { return letter }
    var token = token.token
    return token.withUTF8 { only(in: Bytes($0)[...]) }
  }

  private static func only(in text: some RandomAccessCollection<UInt8>) -> UInt8? {
    var text = text[...]
    for blank: [UInt8] in [[0xE2, 0x96, 0x81], [0xC4, 0xA0]] where text.starts(with: blank) {
      text = text.dropFirst(blank.count)
    }
    while let byte = text.first, isBlank(byte) { text = text.dropFirst() }
    while let byte = text.last, isBlank(byte) { text = text.dropLast() }
    return text.count == 1 ? text.first : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension ChatAnswer {
  /// How likely some words are as the first token.
  ///
  /// - Throws: where the server gave no probabilities, or the words have less than `leastMass` of them.
  func expected(
    _ words: [UInt8], named names: String, leastMass: Double
  ) throws(ModelFailure) -> (ExpectedTokens, [TokenLogprob]) {
    guard let firstToken else {
      throw ModelFailure("the server gave no probabilities of the first token (top_logprobs)", text: text)
    }
    let expected = ExpectedTokens(words, among: firstToken)
    guard expected.mass > 0 else { throw ModelFailure("none of \(names) is among the first tokens", text: text) }
    guard expected.mass >= leastMass else {
      throw ModelFailure(
        "\(names) have less than \(leastMass) of the first token's probability", text: text)
    }
    return (expected, firstToken)
  }
}
