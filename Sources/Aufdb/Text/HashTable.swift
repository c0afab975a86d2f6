// The hashes of many texts or keys, in as little memory as they take.
//
// An open hash table with linear probing: a slot holds 64 bits of hash and, where they are wanted, the row that it was
// made of. At most three quarters of the slots are used, so a million hashes cost 16 MiB, and 32 MiB with their rows (for
// a moment half as much again, while the table doubles). Hashes come spread well, and where one is looked for is told by
// its own highest bits: Swift's Set would hash it again, which takes three times as long. 0 marks a free slot, and no hash
// is 0: its lowest bit is set. That two texts share all the rest is not to be expected among less than billions of them;
// who must be certain compares the texts.

/// A growing set of hashes, each perhaps with a row.
struct HashTable {
  private var hashes: [UInt64] = Array(repeating: 0, count: 1024)
  /// As long as `hashes`, or empty where no rows are kept.
  private var rows: [Int64]
  private(set) var count = 0

  init(keepsRows: Bool = false) { rows = keepsRows ? Array(repeating: 0, count: 1024) : [] }

  func contains(_ hash: UInt64) -> Bool { hashes[slot(of: hash | 1)] != 0 }

  /// The row that a hash was last inserted with; nil where it wasn't.
  func row(_ hash: UInt64) -> Int64? {
    let slot = slot(of: hash | 1)
    return hashes[slot] == 0 ? nil : rows[slot]
  }

  /// Adds a hash, or gives it another row.
  ///
  /// - Returns: whether it is new.
  /// - Complexity: O(1), amortised.
  @discardableResult
  mutating func insert(_ hash: UInt64, row: Int64 = 0) -> Bool {
    if (count + 1) * 4 > hashes.count * 3 { grow() }
    let slot = slot(of: hash | 1)
    let isNew = hashes[slot] == 0
    if isNew { count += 1 }
    hashes[slot] = hash | 1
    if !rows.isEmpty { rows[slot] = row }
    return isNew
  }

  /// The slot that holds a hash, or else the free one where it belongs.
  private func slot(of hash: UInt64) -> Int {
    // The highest bits say where to begin: they are as good as any, and the lowest one isn't.
    var slot = Int(hash >> UInt64(64 - hashes.count.trailingZeroBitCount))
    while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & (hashes.count - 1) }
    return slot
  }

  private mutating func grow() {
    let (oldHashes, oldRows) = (hashes, rows)
    hashes = Array(repeating: 0, count: 2 * oldHashes.count)
    if !oldRows.isEmpty { rows = Array(repeating: 0, count: hashes.count) }
    for (place, hash) in oldHashes.enumerated() where hash != 0 {
      let slot = slot(of: hash)
      hashes[slot] = hash
      if !oldRows.isEmpty { rows[slot] = oldRows[place] }
    }
  }
}
