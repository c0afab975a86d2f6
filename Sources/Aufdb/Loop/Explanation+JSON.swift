// An explanation as JSON: the shape that `select --explain` stores and the filter writes.
//
//     {"first":{"reward":0.9,"lower":0.7,"upper":1.1},"second":{...},
//      "criterion":"u_i - l_j","value":1.1,"runner_up":{"first":...,"second":...,"value":0.4}}
//
// What isn't known is left out. The two of runner_up are named as the caller names responses.

import AufdbAcquisition

extension Explanation {
  /// Writes the object; `name` writes which response an index stands for, as one value.
  func write(to writer: inout JSONWriter, name: (Int, inout JSONWriter) throws -> Void) throws {
    writer.beginObject()
    writer.key("first")
    try Self.write(first, to: &writer)
    writer.key("second")
    try Self.write(second, to: &writer)
    if let criterion, let value {
      writer.key("criterion")
      writer.string(criterion)
      try writer.member("value", value)
    }
    if let runnerUp, let runnerUpValue {
      writer.key("runner_up")
      writer.beginObject()
      writer.key("first")
      try name(runnerUp.first, &writer)
      writer.key("second")
      try name(runnerUp.second, &writer)
      try writer.member("value", runnerUpValue)
      writer.endObject()
    }
    writer.endObject()
  }

  private static func write(_ known: Known, to writer: inout JSONWriter) throws(JSONError) {
    writer.beginObject()
    // The shortest decimal of the float32 that was seen, and not of the double that it widens to.
    if let reward = known.reward { try writer.member("reward", Double("\(reward)") ?? Double(reward)) }
    if let lower = known.lower { try writer.member("lower", Double("\(lower)") ?? Double(lower)) }
    if let upper = known.upper { try writer.member("upper", Double("\(upper)") ?? Double(upper)) }
    if let score = known.score { try writer.member("score", score) }
    if let length = known.length {
      writer.key("length")
      writer.int(Int64(length))
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// Writes a member; a value beyond doubles (a gap of two huge bounds) becomes null.
  fileprivate mutating func member(_ name: StaticString, _ value: Double) throws(JSONError) {
    key("\(name)")
    if value.isFinite { try double(value) } else { null() }
  }
}
