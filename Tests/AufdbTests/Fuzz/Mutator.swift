// Inputs for the targets: sound ones with a few things wrong, by seed.

import AufdbTestSupport

/// Changes inputs the way that breaks parsers: lengths and counts that lie, pieces in the wrong place, deep nests.
struct Mutator {
  private var draw: SeededGenerator
  private let seeds: [[UInt8]]

  init(seed: UInt64, seeds: [[UInt8]]) {
    draw = SeededGenerator(seed: seed)
    self.seeds = seeds
  }

  /// Numbers at which something changes its sign, its width or its meaning.
  private static let numbers: [UInt64] = [
    0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 40, .max >> 1, 1 << 63, .max,
  ]

  /// The next input.
  mutating func next() -> [UInt8] {
    var bytes = piece(of: 0..<seeds.count)
    for _ in 0..<Int.random(in: 1...6, using: &draw) {
      mutate(&bytes)
      if bytes.isEmpty { break }
    }
    return bytes
  }

  private mutating func piece(of range: Range<Int>) -> [UInt8] { seeds[Int.random(in: range, using: &draw)] }

  private mutating func range(in bytes: [UInt8], upTo limit: Int) -> Range<Int> {
    let start = Int.random(in: 0..<bytes.count, using: &draw)
    return start..<min(bytes.count, start + Int.random(in: 1...limit, using: &draw))
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &draw)
    switch Int.random(in: 0..<9, using: &draw) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &draw)
    case 1: bytes[place] = UInt8.random(in: 0...255, using: &draw)
    case 2:
      // A number of the file's own width, in either order of its bytes.
      let number = Self.numbers[Int.random(in: 0..<Self.numbers.count, using: &draw)]
      let width = [1, 2, 4, 8][Int.random(in: 0..<4, using: &draw)]
      var written = (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
      if Bool.random(using: &draw) { written.reverse() }
      bytes.replaceSubrange(place..<min(bytes.count, place + width), with: written)
    case 3: bytes.removeSubrange(range(in: bytes, upTo: 40))
    case 4:
      let copied = Array(bytes[range(in: bytes, upTo: 40)])
      for _ in 0..<Int.random(in: 1...3, using: &draw) { bytes.insert(contentsOf: copied, at: place) }
    case 5:
      let word = FuzzWords.hostile[Int.random(in: 0..<FuzzWords.hostile.count, using: &draw)]
      bytes.insert(contentsOf: Array(word.utf8), at: place)
    case 6:
      let other = piece(of: 0..<seeds.count)
      guard !other.isEmpty else { return }
      bytes.replaceSubrange(place..<bytes.count, with: other[Int.random(in: 0..<other.count, using: &draw)...])
    case 7: bytes.removeSubrange(place...)
    default:
      let nest = Array(["[", "{\"a\":", "(", "- ", "\"", "~", "^2"][Int.random(in: 0..<7, using: &draw)].utf8)
      bytes.insert(
        contentsOf: repeatElement(nest, count: Int.random(in: 1...2000, using: &draw)).joined(), at: place)
    }
  }
}
