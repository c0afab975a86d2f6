// The hashes of many prompts' texts, in as little memory as they take.
//
// An open hash table with linear probing: a slot holds 64 bits of hash and, where they are wanted, the row that it was
// made of. At most three quarters of the slots are used, so a million prompts cost 16 MiB, and 32 MiB with their rows
// (for a moment half as much again, while the table doubles). 0 marks a free slot.

/// Hashes of texts, each perhaps of several prompts.
struct PromptHashes {
  private var hashes: [UInt64] = Array(repeating: 0, count: 1024)
  /// As long as `hashes`, or empty where no rows are kept.
  private var rows: [Int64]
  private(set) var count = 0

  init(keepsRows: Bool) { rows = keepsRows ? Array(repeating: 0, count: 1024) : [] }

  func contains(_ hash: UInt64) -> Bool { hashes[slot(of: hash | Self.mark)] != 0 }

  /// What `body` makes of the first row with this hash of which it makes anything.
  func firstRow<Result>(_ hash: UInt64, _ body: (Int64) throws -> Result?) rethrows -> Result? {
    var place = slot(of: hash | Self.mark)
    while hashes[place] != 0 {
      if hashes[place] == hash | Self.mark, let result = try body(rows[place]) { return result }
      place = (place + 1) & (hashes.count - 1)
    }
    return nil
  }

  /// Adds a hash. O(1), amortised.
  mutating func insert(_ hash: UInt64, row: Int64 = 0) {
    if (count + 1) * 4 > hashes.count * 3 { grow() }
    put(hash | Self.mark, row)
    count += 1
  }

  /// Set in every hash, so that none is 0.
  private static let mark: UInt64 = 1

  /// The first slot that holds this hash, or else the free one where it belongs. The highest bits say where to begin:
  /// those that the mark doesn't touch.
  private func slot(of hash: UInt64) -> Int {
    var place = start(of: hash)
    while hashes[place] != 0, hashes[place] != hash { place = (place + 1) & (hashes.count - 1) }
    return place
  }

  private func start(of hash: UInt64) -> Int { Int(hash >> UInt64(64 - hashes.count.trailingZeroBitCount)) }

  private mutating func put(_ hash: UInt64, _ row: Int64) {
    var place = start(of: hash)
    while hashes[place] != 0 { place = (place + 1) & (hashes.count - 1) }
    hashes[place] = hash
    if !rows.isEmpty { rows[place] = row }
  }

  private mutating func grow() {
    let (oldHashes, oldRows) = (hashes, rows)
    hashes = Array(repeating: 0, count: 2 * oldHashes.count)
    if !oldRows.isEmpty { rows = Array(repeating: 0, count: hashes.count) }
    for (place, hash) in oldHashes.enumerated() where hash != 0 { put(hash, oldRows.isEmpty ? 0 : oldRows[place]) }
  }
}
