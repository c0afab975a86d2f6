// Names as they lie in SQLite's memory, numbered in the order in which they come: so that a row costs no String.

/// Some names, told apart by their bytes, as SQLite does; Swift's strings can be equal where bytes differ.
struct ByteNames {
  private(set) var names: [[UInt8]] = []
  /// From a name's hash to its number; where two names share one, the later goes to the next free.
  private var numbers: [Int: Int] = [:]

  init() {}

  init(_ names: [String]) {
    for name in names { _ = Array(name.utf8).withUnsafeBytes { number(adding: $0) } }
  }

  /// The name's number; nil where it isn't among them.
  func number(of name: Bytes) -> Int? {
    var place = Self.hash(name)
    while let number = numbers[place] {
      if isName(number, name) { return number }
      place &+= 1
    }
    return nil
  }

  /// The name's number, a new one where it isn't among them yet.
  mutating func number(adding name: Bytes) -> Int {
    var place = Self.hash(name)
    while let number = numbers[place] {
      if isName(number, name) { return number }
      place &+= 1
    }
    numbers[place] = names.count
    names.append(Array(name))
    return names.count - 1
  }

  private func isName(_ number: Int, _ name: Bytes) -> Bool { names[number].withUnsafeBytes { $0.isEqual(to: name) } }

  private static func hash(_ name: Bytes) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: name)
    return hasher.finalize()
  }
}
