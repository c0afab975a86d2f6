// What each format makes of a prompt and two answers.

extension TrainingRowWriter {
  /// The columns between the prompt's origin and the models.
  mutating func texts(_ pair: PreferencePair) {
    switch layout.format {
    case .dpo:
      conversation("prompt", hasPrompt: true, answer: nil)
      conversation("chosen", hasPrompt: false, answer: pair.chosen)
      conversation("rejected", hasPrompt: false, answer: pair.rejected)
    case .rm:
      conversation("chosen", hasPrompt: true, answer: pair.chosen)
      conversation("rejected", hasPrompt: true, answer: pair.rejected)
    case .strings:
      text("prompt", prompt.turns[0].content)
      text("chosen", pair.chosen)
      text("rejected", pair.rejected)
    case .nemo: ranks(pair)
    case .llamaFactory: layout.llamaFactoryStyle == .alpaca ? alpaca(pair) : sharegpt(pair)
    case .kto, .ultrafeedbackBinarized, .completions: break
    }
  }

  /// The whole row of one answer: TRL's unpaired preference. Its label is whether it is the chosen one.
  mutating func kto(_ pair: PreferencePair, isChosen: Bool) throws(AufdbError) {
    origin(pair)
    conversation("prompt", hasPrompt: true, answer: nil)
    conversation("completion", hasPrompt: false, answer: isChosen ? pair.chosen : pair.rejected)
    line.key("label")
    line.bool(isChosen)
    text("model", isChosen ? pair.chosenModel : pair.rejectedModel)
    try score("score", isChosen ? pair.chosenScore : pair.rejectedScore, pair)
  }

  /// The whole row in HuggingFaceH4/ultrafeedback_binarized's columns, and three more behind them. The prompt's text is
  /// what the user said last.
  mutating func ultrafeedbackBinarized(_ pair: PreferencePair) throws(AufdbError) {
    if let last = prompt.turns.last { text("prompt", last.content) }
    text("prompt_id", pair.promptID)
    conversation("chosen", hasPrompt: true, answer: pair.chosen)
    conversation("rejected", hasPrompt: true, answer: pair.rejected)
    conversation("messages", hasPrompt: true, answer: pair.chosen)
    try score("score_chosen", pair.chosenScore, pair)
    try score("score_rejected", pair.rejectedScore, pair)
    line.key("source")
    if let source = pair.source { line.string(source) } else { line.null() }
    text("chosen_model", pair.chosenModel)
    text("rejected_model", pair.rejectedModel)
  }

  /// NeMo-RL: the lower rank is the better one.
  private mutating func ranks(_ pair: PreferencePair) {
    conversation("context", hasPrompt: true, answer: nil)
    line.key("completions")
    line.beginArray()
    for (rank, answer) in [pair.chosen, pair.rejected].enumerated() {
      line.beginObject()
      line.key("rank")
      line.int(Int64(rank))
      conversation("completion", hasPrompt: false, answer: answer)
      line.endObject()
    }
    line.endArray()
  }

  private mutating func sharegpt(_ pair: PreferencePair) {
    line.key("conversations")
    line.beginArray()
    for turn in prompt.afterSystem { self.turn(turn.role == .user ? "human" : "gpt", turn.content) }
    line.endArray()
    line.key("chosen")
    turn("gpt", pair.chosen)
    line.key("rejected")
    turn("gpt", pair.rejected)
    systemText()
  }

  private mutating func alpaca(_ pair: PreferencePair) {
    if let last = prompt.turns.last { text("instruction", last.content) }
    line.key("input")
    line.string("")
    text("chosen", pair.chosen)
    text("rejected", pair.rejected)
    systemText()
  }

  private mutating func turn(_ from: String, _ value: Bytes) {
    line.beginObject()
    line.key("from")
    line.string(from)
    text("value", value)
    line.endObject()
  }

  /// LLaMA-Factory takes an empty text for none.
  private mutating func systemText() {
    line.key("system")
    if let system = prompt.system { line.string(system) } else { line.string("") }
  }
}
