// An explanation as JSON: the shape that `select --explain` stores and the filter writes.
//
//     {"first":{"reward":0.9,"lower":0.7,"upper":1.1},"second":{...},
//      "criterion":"u_i - l_j","value":1.1,"runner_up":{"first":...,"second":...,"value":0.4}}
//
// What isn't known is left out. The two of runner_up are named as the caller names responses.

import AufdbAcquisition

extension Explanation {
  /// Writes the object; `name` writes which response an index stands for, as one value.
  func write(to writer: inout JSONWriter, name: (Int, inout JSONWriter) -> Void) {
    writer.beginObject()
    writer.key("first")
    Self.write(first, to: &writer)
    writer.key("second")
    Self.write(second, to: &writer)
    if let criterion, let value {
      writer.key("criterion")
      writer.string(criterion)
      writer.member("value", value)
    }
    if let runnerUp, let runnerUpValue {
      writer.key("runner_up")
      writer.beginObject()
      writer.key("first")
      name(runnerUp.first, &writer)
      writer.key("second")
      name(runnerUp.second, &writer)
      writer.member("value", runnerUpValue)
      writer.endObject()
    }
    writer.endObject()
  }

  /// The object, with each of the runner-up's responses as {"model","sample"}.
  func json(of group: CandidateGroup) -> String {
    var writer = JSONWriter(capacity: 512)
    write(to: &writer) { index, writer in
      let response = group.response(index)
      writer.beginObject()
      writer.key("model")
      writer.string(response.model)
      writer.key("sample")
      writer.int(response.sample)
      writer.endObject()
    }
    return writer.text
  }

  private static func write(_ known: Known, to writer: inout JSONWriter) {
    writer.beginObject()
    // The shortest decimal of the float32 that was seen, and not of the double that it widens to.
    if let reward = known.reward { writer.member("reward", Double("\(reward)") ?? Double(reward)) }
    if let lower = known.lower { writer.member("lower", Double("\(lower)") ?? Double(lower)) }
    if let upper = known.upper { writer.member("upper", Double("\(upper)") ?? Double(upper)) }
    if let score = known.score { writer.member("score", score) }
    if let length = known.length {
      writer.key("length")
      writer.int(Int64(length))
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// Writes a member; a value beyond doubles (a gap of two huge bounds) becomes null.
  fileprivate mutating func member(_ name: StaticString, _ value: Double) {
    key("\(name)")
    if (try? double(value)) == nil { null() }
  }
}
