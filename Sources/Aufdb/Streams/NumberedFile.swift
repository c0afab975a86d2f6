// Several files under one name, in the order of their numbers.

public enum NumberedFile {
  /// "pairs-0003.jsonl" is the third of "pairs.jsonl".
  public static func path(_ path: String, _ number: Int) -> String {
    let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[nameStart...].firstIndex(of: ".") ?? path.endIndex
    return "\(path[..<dot])-\(padded(number))\(path[dot...])"
  }

  /// Of four digits, or as many as it takes.
  static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
