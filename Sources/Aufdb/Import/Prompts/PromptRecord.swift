// One record that brings a prompt, its responses, or both, parsed: PromptLayout.swift tells what such records look like.
//
// Texts are slices of the record or of the reader's memory: valid until the next one is parsed. JSON that the store
// keeps stands in one writer, which may move while it grows: hence ranges in it, and bytes only when all is parsed.

import Crypto

/// A prompt with its responses; one value is reused for all records.
struct PromptRecord: ~Copyable {
  struct Response {
    var model: Bytes = PromptRecord.unknownModel
    /// nil: the record doesn't number it.
    var sample: Int64?
    var text = Bytes(start: nil, count: 0)
    var systemPrompt: Bytes?
    var principle: Bytes?
    var critique: Bytes?
    var score: Double?
    /// Whether the score is UltraFeedback's 10 where 1 was meant.
    var isScoreSuspect = false
    // Where in `json` the canonical text of the annotations and of all other fields stands.
    var aspects: Range<Int>?
    var metadata: Range<Int>?

    /// Whether a judge said anything about it.
    var isScored: Bool { score != nil || aspects != nil || critique?.isEmpty == false }
  }

  /// What is said of the two responses of a record of preferences: the first is the chosen one.
  struct Preference {
    var chosenScore: Double?
    var rejectedScore: Double?
    var judge: Bytes?
    var isTie = false
    var method: Bytes?
    var batch: Int64?
  }

  /// The name of a model that nobody named.
  static var unknownModel: Bytes { Bytes(unknownName) }
  private static let unknownName: StaticString = "unknown"

  /// nil: the record has none.
  var givenID: Bytes?
  var source: Bytes?
  var responses: [Response] = []
  var preference: Preference?

  var promptText: Bytes?
  var promptJSON: Range<Int>?
  var promptMetadata: Range<Int>?
  private let derivedID = HeldBytes()

  var reader = JSONReader()
  /// For values inside the one that `reader` reads.
  var valueReader = JSONReader()
  var json = JSONWriter()
  var promptOthers = OtherFields()
  var responseOthers = OtherFields()
  var messageOthers = OtherFields()
  /// Messages of lists that were read, one list after the other.
  var messages: [Message] = []

  init() {}

  /// Parses a record.
  ///
  /// - Throws: `JSONError`, or `.badData` that names the field.
  mutating func parse(_ line: Bytes, as layout: PromptLayout) throws {
    (givenID, source, promptText, promptJSON, promptMetadata, preference) = (nil, nil, nil, nil, nil, nil)
    responses.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    json.removeAll()
    promptOthers.removeAll()
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    switch layout {
    case .completions: try parseCompletions()
    case .ultrafeedback: try parseUltraFeedback()
    case .responses: try parseResponse()
    case .preferences: try parsePreference()
    }
    promptMetadata = promptOthers.end(in: &json)
    if givenID == nil { deriveID() }
  }

  private func deriveID() {
    guard hasPrompt else { return }
    derivedID.set(hexadecimal: SHA256.hash(data: prompt))
  }

  // What it holds, once it is parsed.

  var isDerived: Bool { givenID == nil }
  var promptID: Bytes { givenID ?? derivedID.bytes }
  var hasPrompt: Bool { promptText != nil || promptJSON != nil }
  /// The prompt: its text, or its messages as JSON.
  var prompt: Bytes { promptText ?? bytes(promptJSON) ?? Bytes(start: nil, count: 0) }
  var isMessages: Bool { promptJSON != nil }
  var metadata: Bytes? { bytes(promptMetadata) }

  /// The JSON that a range stands for; valid until the next record is parsed.
  func bytes(_ range: Range<Int>?) -> Bytes? {
    guard let range else { return nil }
    return json.withBytes { Bytes(rebasing: $0[range]) }
  }

  /// Appends a value to `json`, without white space.
  mutating func append(_ value: Bytes) throws(JSONError) -> Range<Int> {
    let start = json.count
    valueReader.begin(value)
    try valueReader.copyValue(to: &json)
    let end = json.count
    json.newline()
    return start..<end
  }

  /// null, [] or {}, perhaps with white space inside: what a field holds that was never filled.
  static func saysNothing(_ value: Bytes) -> Bool {
    if value.elementsEqual("null".utf8) { return true }
    guard value.first == UInt8(ascii: "[") || value.first == UInt8(ascii: "{") else { return false }
    return value.dropFirst().dropLast().allSatisfy { $0 <= 0x20 }
  }
}
