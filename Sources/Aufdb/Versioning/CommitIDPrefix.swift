// Beginnings of commit ids, as people type them.

/// The first 4 to 64 hexadecimal digits of a commit id.
struct CommitIDPrefix {
  /// The digits in lower case.
  let digits: String

  /// nil for any other text.
  init?(_ text: String) {
    digits = text.lowercased()
    let utf8 = digits.utf8
    guard (4...64).contains(utf8.count), utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
  }

  /// The smallest and the largest id that begin so. Ids are stored in order of their bytes, so what lies between is all.
  var bounds: (low: [UInt8], high: [UInt8]) {
    func bytes(filledWith filler: Character) -> [UInt8] {
      let all = Array((digits + String(repeating: filler, count: 64 - digits.utf8.count)).utf8)
      func value(_ digit: UInt8) -> UInt8 { digit < 58 ? digit - 48 : digit - 87 }
      return stride(from: 0, to: 64, by: 2).map { value(all[$0]) << 4 | value(all[$0 + 1]) }
    }
    return (bytes(filledWith: "0"), bytes(filledWith: "f"))
  }
}

extension Connection {
  /// The numbers of the commits whose ids begin so, in order of their ids; at most `limit`.
  func commits(_ prefix: CommitIDPrefix, limit: Int) throws -> [Int64] {
    let (low, high) = prefix.bounds
    return try all(
      "SELECT seq FROM commit_log WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3", .blob(low), .blob(high),
      .integer(Int64(limit))
    ) { $0.integer(0) }
  }

  /// What to say where more than one id begins so.
  func ambiguous(_ prefix: CommitIDPrefix, _ name: String) throws -> AufdbError {
    let (low, high) = prefix.bounds
    let count = try integer("SELECT count(*) FROM commit_log WHERE id BETWEEN ?1 AND ?2", .blob(low), .blob(high))
    var lines = try commits(prefix, limit: 5).map { sequence in
      let commit = try commit(sequence)
      return "\(commit.id.short)  \(commit.time)  \(commit.subject.shortened(to: 60))"
    }
    if count > 5 { lines.append("and \(count - 5) more") }
    return AufdbError(
      .refused, "\(name.quoted) is the beginning of \(count) commit ids",
      hint: "give more digits of the one that is meant:\n" + lines.joined(separator: "\n"))
  }
}
