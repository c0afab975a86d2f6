// Splits: which part of a training set a prompt belongs to.
//
// SHA-256 of the seed (8 bytes, big-endian) and the folded prompt text gives each prompt a point of [0, 1): the first 53
// bits of the hash, as a fraction. The splits share that interval out in their order. So all pairs of a prompt are in
// one split, prompts with the same folded text are, and a prompt stays where it is when others come or go.

import Crypto

/// One part of a training set.
public struct ExportSplit: Sendable, Equatable {
  public var name: String
  /// Which share of the prompts it gets: above 0, and all shares together are 1.
  public var share: Double

  public init(_ name: String, _ share: Double) {
    self.name = name
    self.share = share
  }

  /// The only split where none is asked for.
  static let everything = ExportSplit("train", 1)

  /// Each open split has a compressor of its own.
  private static let countLimit = 16

  /// Reads "train=0.95,test=0.05".
  ///
  /// - Throws: `.usage` where it isn't so written; what the names and shares are is checked with the other options.
  public static func list(_ text: String) throws(AufdbError) -> [ExportSplit] {
    var splits: [ExportSplit] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let share = Double(sides[1]) else {
        throw AufdbError(.usage, "'\(part)' is not a split's name and share", hint: "for example train=0.95,test=0.05")
      }
      splits.append(ExportSplit(String(sides[0]), share))
    }
    return splits
  }

  static func check(_ splits: [ExportSplit]) throws(AufdbError) {
    guard (1...countLimit).contains(splits.count) else {
      throw AufdbError(.usage, "there can't be \(splits.count) splits", hint: "give 1 to \(countLimit)")
    }
    for (index, split) in splits.enumerated() {
      // `datasets` allows words with points between them; a point would blur where a file's name ends, and "all" means
      // every split there.
      let isWord = split.name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
      }
      guard isWord, (1...64).contains(split.name.utf8.count), split.name != "all" else {
        throw AufdbError(
          .usage, "a split can't be called \(split.name.quoted)",
          hint: "letters, digits and _ make a name, such as test")
      }
      guard !splits[..<index].contains(where: { $0.name == split.name }) else {
        throw AufdbError(.usage, "the split \(split.name) is named twice")
      }
      guard split.share > 0, split.share <= 1 else {
        throw AufdbError(.usage, "the split \(split.name) can't have a share of \(split.share)", hint: "give 0.05, say")
      }
    }
    let sum = splits.reduce(0) { $0 + $1.share }
    guard abs(sum - 1) <= 1e-9 else {
      throw AufdbError(
        .usage, "the splits' shares make \(sum) together, not 1", hint: "for example train=0.95,test=0.05")
    }
  }
}

/// Tells the split of each prompt.
struct SplitAssignment {
  private let seed: [UInt8]
  /// Where in [0, 1) each split ends.
  private let ends: [Double]

  init(_ splits: [ExportSplit], seed: Int64) {
    self.seed = withUnsafeBytes(of: seed.bigEndian, Array.init)
    var end = 0.0
    var ends = splits.map { split in
      end += split.share
      return end
    }
    // Whatever rounding left of the interval.
    ends[ends.count - 1] = 1
    self.ends = ends
  }

  /// Which split the prompt belongs to, counted from 0.
  ///
  /// - Parameter foldedPrompt: the prompt's folded text.
  func index(of foldedPrompt: borrowing FoldedText) -> Int {
    guard ends.count > 1 else { return 0 }
    let point = Self.point(of: foldedPrompt.bytes, seed: seed)
    return ends.firstIndex { point < $0 } ?? ends.count - 1
  }

  /// The prompt's point of [0, 1).
  static func point(of foldedPrompt: [UInt8], seed: [UInt8]) -> Double {
    var hash = SHA256()
    hash.update(data: seed)
    hash.update(data: foldedPrompt)
    let first = hash.finalize().withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    return Double(first >> 11) / Double(UInt64(1) << 53)
  }
}
