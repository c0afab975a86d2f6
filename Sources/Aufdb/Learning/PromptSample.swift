// Which prompts something is learned from where a few thousand say as much as all of them.

import AufdbAcquisition

/// A sample that depends on the prompts' ids alone.
enum PromptSample {
  /// Enough for means and covariances of embeddings: 100 prompts suffice to estimate a covariance of candidates.
  static let count = 5000

  /// Of more than `count` prompts those with the smallest hashes, otherwise all.
  static func of(_ promptIDs: [[UInt8]]) -> [[UInt8]] {
    guard promptIDs.count > count else { return promptIDs }
    return promptIDs.map { id in (hash: id.withUnsafeBytes { StableHash.hash($0) }, id: id) }
      .sorted { $0.hash == $1.hash ? $0.id.lexicographicallyPrecedes($1.id) : $0.hash < $1.hash }
      .prefix(count).map(\.id)
  }
}
