// What a file is, told by its first record.

import Testing

@testable import Aufdb

@Suite("Recognising kinds") struct ImportKindTests {
  static let records: [(line: String, kind: ImportKind?)] = [
    (#"{"prompt_id":"p","prompt":"q","completions":[]}"#, .completions),
    (#"{"prompt_id":"p","completions":[]}"#, .completions),
    (#"{"prompt_id":"p","prompt":"q","instruction":"i","completions":[]}"#, .completions),
    (#"{"source":"s","instruction":"i","models":[],"completions":[]}"#, .ultrafeedback),
    (#"{"prompt_id":"p","instruction":"i","completions":[]}"#, .ultrafeedback),
    (#"{"prompt":"q","completions":[]}"#, nil), (#"{"instruction":"i","output":"o"}"#, nil),
    (#"{"prompt_id":"p","model":"m","response":"r"}"#, .responses),
    (#"{"prompt_id":"p","prompt":"q","model":"m","response_text":"r","sample":1}"#, .responses),
    (#"{"prompt":"q","model":"m","response":"r","score":1}"#, .responses), (#"{"model":"m","response":"r"}"#, nil),
    (#"{"prompt_id":"p","response":"r"}"#, nil), (#"{"prompt_id":"p","model":"m"}"#, nil),
    (#"{"prompt_id":"p","model":"m","score":1}"#, .scores),
    (#"{"prompt_id":"p","model":"m","judge":"j","aspects":{},"critique":""}"#, .scores),
    (#"{"prompt_id":"p","model":"m","reward":0,"lower":0,"upper":0}"#, .estimates),
    (#"{"prompt_id":"p","model":"m","reward":0,"lower":0,"upper":0,"score":1,"snapshot":"s"}"#, .estimates),
    (#"{"prompt_id":"p","model":"m","reward":0,"lower":0}"#, nil),
    (#"{"prompt_id":"p","chosen":"a","rejected":"b"}"#, .labels),
    (#"{"prompt_id":"p","chosen":{"model":"a"},"rejected":{"model":"b"}}"#, .labels),
    (#"{"prompt_id":"p","chosen_model":"a","rejected":"b","judge":"j"}"#, .labels),
    (#"{"prompt_id":"p","chosen":[],"rejected_model":"b"}"#, .labels),
    (#"{"prompt_id":"p","prompt":"q","chosen":"a","rejected":"b"}"#, .preferences),
    (#"{"prompt":"q","chosen":"a","rejected":"b","chosen_model":"a"}"#, .preferences),
    (#"{"prompt_id":"p","chosen":[],"rejected":[],"chosen_model":"a","rejected_model":"b"}"#, .preferences),
    (#"{"chosen":[],"rejected":[]}"#, .preferences), (#"{"chosen":"a","rejected":"b"}"#, nil),
    (#"{"prompt":"q","chosen":"a"}"#, nil), (#"{"row":0,"prompt_id":"p","model":null}"#, .embeddings),
    (#"{"prompt_id":"p"}"#, nil), ("{}", nil),
  ]

  @Test("by the keys of its first object", arguments: records)
  func keys(line: String, kind: ImportKind?) throws {
    let found = try? Array(line.utf8).withUnsafeBytes { try ImportKind.recognise($0) }
    #expect(found == kind)
  }

  @Test("what is said otherwise wins")
  func override() throws {
    let store = try ImportFixture()
    let line = #"{"prompt_id":"p","prompt":"q","chosen":"a","rejected":"b"}"#
    let error = try store.refusal(of: [line], as: .labels, judge: "j")
    #expect(error?.message == "there is no response of a (sample 0) to the prompt 'p'")
    #expect(try store.importLines([line]).report.added == [.prompts: 1, .responses: 2, .labels: 1])
  }
}
