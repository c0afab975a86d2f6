// Counts and figures as values of a row, and figures as people read them.

import Aufdb
import Glibc

extension SQLValue {
  static func count(_ count: Int) -> SQLValue { .integer(Int64(count)) }
  static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
  static func optional(_ real: Double?) -> SQLValue { real.map { .real($0) } ?? .null }

  /// A real to six digits; anything else as it is.
  var rounded: SQLValue {
    guard case .real(let real) = self, real != 0, real.isFinite else { return self }
    // Powers of ten up to the 22nd are exact, and so their quotient is the nearest number to the decimal.
    let places = 5 - Int(log10(abs(real)).rounded(.down))
    guard abs(places) <= 22 else { return self }
    let power = pow(10, Double(abs(places)))
    return .real(places < 0 ? (real / power).rounded() * power : (real * power).rounded() / power)
  }
}
