// Numbers as people read them in tables: so many digits after the point.

extension Double {
  /// The number rounded to `places` digits after the point, such as "0.704"; "-" for what is no number.
  ///
  /// - Parameters:
  ///   - places: 0 ... 9.
  ///   - isSigned: whether a number above 0 has a plus.
  package func fixed(_ places: Int, isSigned: Bool = false) -> String {
    guard isFinite, magnitude < 1e9 else { return "-" }
    let power = (0..<places).reduce(1.0) { result, _ in result * 10 }
    let units = Int64((magnitude * power).rounded())
    var digits = String(units)
    if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
    if places > 0 { digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places)) }
    // A number that rounds to 0 has no sign.
    let sign = units == 0 ? "" : self < 0 ? "-" : isSigned ? "+" : ""
    return sign + digits
  }
}

extension Interval {
  /// Such as "[0.012, 0.044]".
  package func fixed(_ places: Int, isSigned: Bool = false) -> String {
    "[\(low.fixed(places, isSigned: isSigned)), \(high.fixed(places, isSigned: isSigned))]"
  }
}

extension CostFactor {
  /// Such as "1.6", ">= 11.2" or "<= 0.3".
  package var text: String {
    let number = value.fixed(1)
    return switch bound {
    case .exact: number
    case .atLeast: ">= \(number)"
    case .atMost: "<= \(number)"
    }
  }
}

extension PairedDifference {
  /// p as people write it: "< 0.001", or three digits.
  package var pText: String { p.map { $0 < 0.001 ? "< 0.001" : $0.fixed(3) } ?? "-" }
}
