// Looking for bytes eight at a time finds what looking at each would.

import AufdbTestSupport
import Testing

@testable import AufdbCLI

@Suite struct ByteSearchTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func findsTheFirst(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let search = ByteSearch("\"", ",", "\n", "\r")
    let wanted = Array("\",\n\r".utf8)
    // Neighbours of those that are looked for, with and without the high bit, are what a borrow could confuse.
    let neighbours: [[UInt8]] = wanted.map { [$0 &+ 1, $0 &- 1, $0 | 0x80, ($0 &+ 1) | 0x80] }
    let others: [UInt8] = neighbours.joined() + [0x00, 0xFF, 0x80, 0x01]
    for _ in 0..<2000 {
      let bytes = (0..<generator.next() % 40).map { _ in
        generator.next() % 12 == 0
          ? wanted[Int(generator.next() % 4)] : others[Int(generator.next() % UInt64(others.count))]
      }
      let start = Int(generator.next() % UInt64(bytes.count + 1))
      let expected = bytes[start...].firstIndex { wanted.contains($0) }
      let found = bytes.withUnsafeBytes { search.firstIndex(in: $0, from: start) }
      #expect(found == expected, "seed \(seed): \(bytes) from \(start)")
    }
  }
}
