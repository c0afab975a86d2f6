// Sizes as people write them: 500MB, 2GiB, 1048576.

import ArgumentParser

/// A number of bytes, given with a decimal (kB, MB, GB) or binary unit (KiB, MiB, GiB), or none.
struct ByteSize: ExpressibleByArgument, Equatable {
  var bytes: Int

  private static let units: [(name: String, bytes: Int)] = [
    ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000),
    ("k", 1000), ("m", 1_000_000), ("g", 1_000_000_000), ("b", 1), ("", 1),
  ]

  init?(argument: String) {
    let text = argument.lowercased()
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }) else { return nil }
    let digits = text.dropLast(unit.name.count)
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits) else {
      return nil
    }
    // Far from where a Double stops being exact about bytes.
    let bytes = (number * Double(unit.bytes)).rounded()
    guard (1...1e15).contains(bytes) else { return nil }
    self.bytes = Int(bytes)
  }
}
