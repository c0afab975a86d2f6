// Sizes as people write them.

import Testing

@testable import AufdbCLI

@Suite("Sizes in bytes") struct ByteSizeTests {
  @Test(arguments: [
    ("1", 1), ("500MB", 500_000_000), ("500mb", 500_000_000), ("500M", 500_000_000), ("1.5kB", 1500), ("2GiB", 2 << 30),
    ("64KiB", 65536), ("1MiB", 1 << 20), ("7b", 7), ("0.5k", 500), ("1g", 1_000_000_000),
  ])
  func read(text: String, bytes: Int) {
    #expect(ByteSize(argument: text)?.bytes == bytes)
  }

  @Test(arguments: [
    "", "MB", "-1", "0", "1e3", "0x10", "1 MB", "1MBs", "1.2.3", "nan", "inf", "9999999GB", "0.1b", "+1",
  ])
  func refuse(text: String) {
    #expect(ByteSize(argument: text) == nil)
  }
}
