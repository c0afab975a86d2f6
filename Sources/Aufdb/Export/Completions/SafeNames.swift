// Names that somebody gave, as names of files on any disk.

/// Gives out names for files, each once, also where upper and lower case are the same.
struct SafeNames {
  private var taken: Set<String> = []

  /// The name with everything but ASCII letters, digits, '.', '_' and '-' made '-', not beginning with a point, and
  /// with a number behind it where it was given before.
  mutating func name(for text: String) -> String {
    let characters = text.unicodeScalars.prefix(100).map { scalar -> Character in
      let isSafe = scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar))
      return isSafe ? Character(scalar) : "-"
    }
    var base = String(characters)
    if base.isEmpty || base.hasPrefix(".") { base = "-" + base }
    var name = base
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }
}
