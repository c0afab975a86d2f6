// Numbers, words and maps of YAML files, each nil where its key is missing or says null.

import Yams

extension YAMLMap {
  func integer(_ key: String, _ range: ClosedRange<Int>) throws(AufdbError) -> Int? {
    guard let entry = self[key], let text = try text(key) else { return nil }
    guard entry.value.scalar?.style == .plain, let number = Int(text), range.contains(number) else {
      let (least, most) = (range.lowerBound, range.upperBound)
      throw refusal(of: entry, "a whole number from \(least) to \(most)")
    }
    return number
  }

  func number(_ key: String, _ range: ClosedRange<Double>) throws(AufdbError) -> Double? {
    guard let entry = self[key], let text = try text(key) else { return nil }
    guard entry.value.scalar?.style == .plain, let number = Double(text), range.contains(number) else {
      let (least, most) = (range.lowerBound, range.upperBound)
      let isOpen = most == .greatestFiniteMagnitude
      throw refusal(of: entry, "a number \(isOpen ? "of at least \(least)" : "from \(least) to \(most)")")
    }
    return number
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Word.Type
  ) throws(AufdbError) -> Word? {
    guard let entry = self[key], let text = try text(key) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw refusal(of: entry, Word.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return word
  }

  /// A map inside this one.
  func map(_ key: String, what: String) throws(AufdbError) -> YAMLMap? {
    guard let entry = self[key] else { return nil }
    if entry.value.scalar != nil, try text(key) == nil { return nil }
    return try YAMLMap(entry.value, file: file, what: what)
  }

  /// Where a key stands.
  func place(of entry: Entry) -> AufdbError.Place { AufdbError.Place(file: file, line: entry.line) }
}
