// `--decontaminate`: the prompts of an evaluation, whose words must not be trained on.
//
// A prompt is contaminated if it shares an n-gram of words with an evaluation prompt, or is, or has a message that is, one
// with fewer words than n, word for word. (13-gram overlap: T. Brown et al., "Language Models are Few-Shot Learners",
// arXiv 2005.14165, appendix C.) Case and punctuation don't count (WordGrams.swift). System messages are passed over on
// both sides: evaluations share them.

/// The n-grams of one file of evaluation prompts. Memory: some 30 bytes a word.
struct EvaluationPrompts {
  /// As it was named.
  let file: String
  /// The SHA-256 of the file: 64 hexadecimal digits, lower case.
  let sha256: String
  private(set) var promptCount = 0
  private let gramLength: Int
  private var grams = HashTable()
  /// Those with fewer words than an n-gram has.
  private var shortTexts = HashTable()

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: JSON Lines, a JSON array, or lines of text; plain or compressed (EvaluationFile.swift).
  ///   - gramLength: n, at least 1.
  /// - Throws: `.cannotOpenInput`; `.badData`, with the place, for what has no prompt; and for a file with nothing in it.
  init(file: String, gramLength: Int) throws(AufdbError) {
    self.file = file
    self.gramLength = gramLength
    sha256 = try EvaluationFile.sha256(of: file)
    var words = WordGrams()
    var messages = PromptMessages()
    try EvaluationFile.forEachPrompt(in: file) { (prompt, isMessages) throws(JSONError) in
      promptCount += 1
      try messages.forEach(of: prompt, isMessages: isMessages) { isSystem, content in
        guard !isSystem else { return }
        words.set(content)
        add(words)
      }
    }
    guard grams.count + shortTexts.count > 0 else {
      throw AufdbError(
        .badData, "there is no evaluation prompt in it", hint: "nothing would be compared with it",
        at: .init(file: file))
    }
  }

  private mutating func add(_ words: WordGrams) {
    if words.words.count < gramLength {
      if let whole = words.whole { shortTexts.insert(whole) }
    } else {
      words.forEach(length: gramLength) { gram in
        grams.insert(gram)
        return true
      }
    }
  }

  /// Whether a text shares an n-gram with one of the prompts, or is a short one of them.
  func touches(_ text: WordGrams) -> Bool {
    if text.words.count < gramLength { return text.whole.map(shortTexts.contains) == true }
    var isFound = false
    text.forEach(length: gramLength) { gram in
      isFound = grams.contains(gram)
      return !isFound
    }
    return isFound
  }
}
