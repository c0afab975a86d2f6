// Counts and figures as values of a row, and figures as people read them.

import Aufdb
import Glibc

extension SQLValue {
  static func count(_ count: Int) -> SQLValue { .integer(Int64(count)) }
  static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
  static func optional(_ real: Double?) -> SQLValue { real.map { .real($0) } ?? .null }

  /// A real to six digits; anything else as it is.
  var rounded: SQLValue {
    guard case .real(let real) = self else { return self }
    return .real(real.rounded(digits: 6))
  }
}

extension Double {
  /// The nearest number of so many decimal digits; of magnitudes beyond some 1e±20, the number itself.
  func rounded(digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    // By their module's name: packages that others bring give Double functions of these names.
    // Powers of ten up to the 22nd are exact, and so their quotient is the nearest number to the decimal.
    let places = digits - 1 - Int(Glibc.log10(abs(self)).rounded(.down))
    guard abs(places) <= 22 else { return self }
    let power = Glibc.pow(10, Double(abs(places)))
    return places < 0 ? (self / power).rounded() * power : (self * power).rounded() / power
  }
}
