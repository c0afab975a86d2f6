// Whether a score says anything that an import would keep, and exactly so.

/// A score that can come in again.
struct ScoreShape {
  /// nil for a row without score, aspects and critique, and for one whose aspects are an empty object or list, which an
  /// import takes for none.
  init?(_ row: SQLStatement, score: Int32, aspects: Int32, critique: Int32) {
    if row.isNull(aspects) {
      guard !row.isNull(score) || !row.bytes(critique).isEmpty else { return nil }
    } else {
      guard !Self.saysNothing(row.bytes(aspects)) else { return nil }
    }
  }

  /// null, [] or {}, perhaps with white space inside.
  static func saysNothing(_ value: Bytes) -> Bool {
    if value.isEmpty || value.elementsEqual("null".utf8) { return true }
    guard value.first == UInt8(ascii: "[") || value.first == UInt8(ascii: "{") else { return false }
    return value.dropFirst().dropLast().allSatisfy { $0 <= 0x20 }
  }
}
