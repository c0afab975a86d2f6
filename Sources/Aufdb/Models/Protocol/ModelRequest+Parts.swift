// A request for several vectors taken apart: for when a server refuses the whole of it because of one text.

extension ModelRequest {
  /// A request for each question by itself, with the same ids; none where there is only one question.
  ///
  /// - Complexity: O(length of the body), and for each part what isn't its text.
  public var parts: [ModelRequest] {
    guard questions.count > 1, let fields = try? InputFields(body), fields.texts.count == questions.count else {
      return []
    }
    return zip(questions, fields.texts).map { question, text in
      ModelRequest(
        questions: [question], expectation: expectation, body: fields.body(of: text), inputTokens: text.tokenEstimate,
        outputTokens: 0)
    }
  }
}

/// The fields of a body with the list `input`.
private struct InputFields {
  private(set) var texts: [String] = []
  private var others: [(place: Int, name: String, json: [UInt8])] = []
  private var inputPlace = 0

  init(_ body: [UInt8]) throws(JSONError) {
    self = try body.lend { bytes throws(JSONError) in
      var reader = JSONReader()
      var fields = InputFields()
      reader.begin(bytes)
      try reader.beginObject()
      var place = 0
      while let key = try reader.nextKey() {
        if key == "input" {
          fields.inputPlace = place
          try reader.beginArray()
          while try reader.nextElement() { fields.texts.append(try reader.stringValue()) }
        } else {
          fields.others.append((place, key.text, Array(try reader.skipValue())))
        }
        place += 1
      }
      return fields
    }
  }

  private init() {}

  func body(of text: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    for place in 0...others.count {
      if place == inputPlace {
        writer.key("input")
        writer.beginArray()
        writer.string(text)
        writer.endArray()
      } else if let other = others.first(where: { $0.place == place }) {
        writer.key(other.name)
        other.json.withUnsafeBytes { writer.raw($0) }
      }
    }
    writer.endObject()
    return writer.withBytes { Array($0) }
  }
}
