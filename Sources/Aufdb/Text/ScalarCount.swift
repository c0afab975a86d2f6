// How long a text is, as people count.

extension UnsafeRawBufferPointer {
  /// How many Unicode scalars the bytes are, which are UTF-8: all bytes but those that continue a scalar (10xxxxxx).
  ///
  /// - Complexity: O(n), eight bytes at a time: several gigabytes a second.
  var scalarCount: Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var continuing = 0
    var offset = 0
    while count - offset >= 8 {
      // Each byte of the sums counts one byte of up to 255 words.
      let end = offset + 8 * Swift.min(255, (count - offset) / 8)
      var sums: UInt64 = 0
      while offset < end {
        let word = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        sums &+= (word >> 7) & ~(word >> 6) & ones
        offset += 8
      }
      // Four sums of two bytes each, and then all in the highest one.
      let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums >> 8 & 0x00FF_00FF_00FF_00FF)
      continuing += Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }
    for byte in self[offset...] where byte & 0xC0 == 0x80 { continuing += 1 }
    return count - continuing
  }
}
