// The tokens that might have come first in a chat's answer.

extension ChatParser {
  /// Reads the field `logprobs` of a choice.
  mutating func readLogprobs() throws(JSONError) {
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      // null is passed over, too.
      guard key == "content", try reader.peekKind() != .null else {
        _ = try reader.skipValue()
        continue
      }
      try reader.beginArray()
      var isFirst = true
      while try reader.nextElement() {
        if isFirst { try readFirstToken() } else { _ = try reader.skipValue() }
        isFirst = false
      }
    }
  }

  private mutating func readFirstToken() throws(JSONError) {
    var drawn = TokenFields()
    var alternatives: [TokenLogprob]?
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      guard key == "top_logprobs" else {
        try drawn.read(key, &reader)
        continue
      }
      guard try !reader.nullIfPresent() else { continue }
      alternatives = []
      try reader.beginArray()
      while try reader.nextElement() {
        var fields = TokenFields()
        try reader.beginObject(uniqueKeys: true)
        while let key = try reader.nextKey() { try fields.read(key, &reader) }
        if let token = fields.token { alternatives?.append(token) } else { lacksLogprob = true }
      }
    }
    // Without alternatives a single token's probability says nothing about the others, which may be digits, too.
    guard var tokens = alternatives, !tokens.isEmpty else { return }
    // What was drawn needn't be among the likeliest. Some servers give its bytes and not those of the others.
    if let token = drawn.token,
      !tokens.contains(where: { $0.token == token.token && ($0.bytes ?? token.bytes) == token.bytes })
    {
      tokens.append(token)
    }
    for token in tokens {
      mostLogprob = max(mostLogprob, token.logprob)
      sum += token.probability
    }
    answer.firstToken = tokens
  }
}

/// The fields of one token.
private struct TokenFields {
  private var name: String?
  private var logprob: Double?
  private var bytes: [UInt8]?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) {
    switch key {
    case "token": name = try reader.nullIfPresent() ? nil : try reader.stringValue()
    case "logprob": logprob = try reader.nullIfPresent() ? nil : try reader.double()
    case "bytes": bytes = try reader.nullIfPresent() ? nil : try reader.bytes()
    default: _ = try reader.skipValue()
    }
  }

  /// nil without a probability.
  var token: TokenLogprob? {
    guard let logprob else { return nil }
    let name = name ?? ""
    return TokenLogprob(name, logprob, bytes: bytes.flatMap { $0.elementsEqual(name.utf8) ? nil : $0 })
  }
}
