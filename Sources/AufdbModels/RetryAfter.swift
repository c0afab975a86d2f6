// How long a server wants to be left alone: RFC 9110, section 10.2.3.

/// The pause that a response asks for.
enum RetryAfter {
  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - milliseconds: the header `retry-after-ms`, which some servers send, too, and which is more precise.
  ///   - value: `Retry-After`: seconds, or a date.
  ///   - serverDate: `Date`, beside which a date in the other is read, because clocks differ.
  ///   - now: seconds since 1970, where there is none.
  /// - Returns: seconds, not negative; nil where nothing can be read.
  static func seconds(milliseconds: String?, value: String?, serverDate: String?, now: Double) -> Double? {
    if let number = milliseconds.flatMap(Double.init), number.isFinite, number >= 0 { return number / 1000 }
    guard let value else { return nil }
    if let number = Double(value) { return number.isFinite && number >= 0 ? number : nil }
    guard let date = unixSeconds(value) else { return nil }
    return max(0, date - (serverDate.flatMap(unixSeconds) ?? now))
  }

  /// The date of "Sun, 06 Nov 1994 08:49:37 GMT", the one form that servers send; nil for any other.
  static func unixSeconds(_ text: String) -> Double? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT", let day = Int(words[1]),
      let month = months.firstIndex(where: { $0 == words[2] }), let year = Int(words[3])
    else { return nil }
    let clock = words[4].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
      (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(hour), (0...59).contains(minute),
      (0...60).contains(second)
    else { return nil }
    return Double(days(year: year, month: month + 1, day: day) * 86_400 + hour * 3600 + minute * 60 + second)
  }

  /// The days from 1970-01-01 to a day of the Gregorian calendar. The year is counted from March, so that a leap day
  /// is its last; 146,097 days are 400 years.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let (marchYear, marchMonth) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
