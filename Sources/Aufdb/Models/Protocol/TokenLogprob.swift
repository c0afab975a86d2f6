// One token that a model might have said, and how likely it was.

import AufdbReward

/// A token, and the natural logarithm of its probability.
public struct TokenLogprob: Sendable, Equatable {
  /// As the server writes it; of a token that is no whole text, whatever it puts in its place.
  public var token: String
  /// Its bytes, where they are given and aren't those of `token`.
  public var bytes: [UInt8]?
  public var logprob: Double

  public init(_ token: String, _ logprob: Double, bytes: [UInt8]? = nil) {
    self.token = token
    self.logprob = logprob
    self.bytes = bytes
  }

  /// From 0 to 1. A logarithm that rounding took above 0 is a certainty.
  public var probability: Double { min(PortableMath.exp(logprob), 1) }
}

extension TokenLogprob {
  /// Writes it as [token, logprob], or as [token, logprob, [byte, ...]] where the bytes aren't those of the token.
  func write(to writer: inout JSONWriter) {
    writer.beginArray()
    writer.string(token)
    // What can't be written was never read: JSON has neither NaN nor infinities.
    if (try? writer.double(logprob)) == nil { writer.null() }
    if let bytes {
      writer.beginArray()
      for byte in bytes { writer.int(Int64(byte)) }
      writer.endArray()
    }
    writer.endArray()
  }

  /// Reads what `write(to:)` wrote.
  init(_ reader: inout JSONReader) throws(JSONError) {
    try reader.beginArray()
    _ = try reader.nextElement()
    token = try reader.stringValue()
    _ = try reader.nextElement()
    logprob = try reader.double()
    if try reader.nextElement() {
      bytes = try reader.bytes()
      _ = try reader.nextElement()
    }
  }
}

extension JSONReader {
  /// Reads an array of numbers from 0 to 255.
  mutating func bytes() throws(JSONError) -> [UInt8] {
    var bytes: [UInt8] = []
    try beginArray()
    while try nextElement() {
      let offset = offset
      guard let byte = UInt8(exactly: try int()) else { throw JSONError(offset: offset, reason: .numberTooLarge) }
      bytes.append(byte)
    }
    return bytes
  }
}
