// Shares as people read them.

enum Percent {
  /// "72.3 %", rounded to the nearest tenth.
  static func text(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
