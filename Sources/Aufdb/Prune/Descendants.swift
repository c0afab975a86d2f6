// Which commits descend from which, as sets of bits: what decides whether anybody that is kept sees a row version.
//
// A row version that the commit b bore and the commits R retired is seen by exactly
//   the descendants of b (b included), less the descendants of each of R.

/// For every commit of a store, the commits that descend from it, itself included.
///
/// A commit is known by its index here, in order of its number. Memory: n²/16 bytes for n commits, because nobody
/// descends from a later commit: 6 MB for 10,000.
struct Descendants {
  /// The numbers of all commits, ascending.
  let commits: [Int64]
  private let indexes: [Int64: Int]
  /// For each commit, the words of its set, without those before its own.
  private var sets: [[UInt64]]
  /// The commits that are kept, as a whole set.
  private let kept: [UInt64]

  /// - Parameter kept: the numbers of the commits that are kept.
  init(kept: Set<Int64>, in connection: Connection) throws {
    commits = try connection.all("SELECT seq FROM commit_log ORDER BY seq") { $0.integer(0) }
    indexes = Dictionary(uniqueKeysWithValues: commits.enumerated().map { ($1, $0) })
    let wordCount = (commits.count + 63) / 64
    sets = commits.indices.map { [UInt64](repeating: 0, count: wordCount - $0 / 64) }
    for index in commits.indices { sets[index][0] |= 1 << UInt64(index % 64) }
    var keptWords = [UInt64](repeating: 0, count: wordCount)
    for commit in kept {
      guard let index = indexes[commit] else { throw Self.damage("a branch or tag names a commit that is missing") }
      keptWords[index / 64] |= 1 << UInt64(index % 64)
    }
    self.kept = keptWords
    // Downwards, because then all descendants of a commit are known when its parents are told.
    let edges = try connection.statement("SELECT commit_seq, parent_seq FROM commit_parent ORDER BY commit_seq DESC")
    while try edges.step() {
      guard let child = indexes[edges.integer(0)], let parent = indexes[edges.integer(1)], parent < child else {
        throw Self.damage("a commit comes before its parent, or has none")
      }
      let shift = child / 64 - parent / 64
      for (word, bits) in sets[child].enumerated() { sets[parent][word + shift] |= bits }
    }
  }

  static func damage(_ what: String) -> AufdbError {
    AufdbError(.badData, "the store is damaged: \(what)", hint: "`aufdb verify STORE` says where")
  }

  /// - Throws: `.badData` for a number that no commit has.
  func index(of commit: Int64) throws(AufdbError) -> Int {
    guard let index = indexes[commit] else { throw Self.damage("commit number \(commit) is missing") }
    return index
  }

  /// Whether some kept commit descends from a commit, or is it.
  func isKept(_ birth: Int) -> Bool { isKept(birth, retiredBy: []) }

  /// Whether some kept commit sees the row versions that `birth` bore and all of `retirements` retired.
  ///
  /// - Complexity: O(n/64) for n commits and each retirement; what a tip sees is found at once.
  func isKept(_ birth: Int, retiredBy retirements: [Int]) -> Bool {
    let first = birth / 64
    for word in stride(from: kept.count - 1, through: first, by: -1) {
      let keptBits = kept[word]
      if keptBits != 0, keptBits & sees(birth, retirements, word) != 0 { return true }
    }
    return false
  }

  /// Adds every commit that sees such a row version to a set of bits.
  func addWhoSees(_ birth: Int, retiredBy retirements: [Int], to set: inout [UInt64]) {
    for word in birth / 64..<set.count { set[word] |= sees(birth, retirements, word) }
  }

  /// One word of the set of commits that see such a row version.
  private func sees(_ birth: Int, _ retirements: [Int], _ word: Int) -> UInt64 {
    var bits = sets[birth][word - birth / 64]
    for retirement in retirements where word >= retirement / 64 {
      bits &= ~sets[retirement][word - retirement / 64]
    }
    return bits
  }

  /// An empty set of bits.
  var none: [UInt64] { [UInt64](repeating: 0, count: kept.count) }

  /// The numbers of the commits of a set, ascending.
  func numbers(of set: [UInt64]) -> [Int64] {
    commits.indices.filter { set[$0 / 64] >> UInt64($0 % 64) & 1 != 0 }.map { commits[$0] }
  }
}
