// A blob as people see it: its beginning and its length, or a few of its numbers where it is a vector.
//
//   x'00ff' (2 bytes)    x'0011223344556677…' (768 bytes)    [0.0123, -0.34, … 384 of f16]    [1.5, 0.25] f32

import Aufdb

/// What is kept of a blob to show it.
struct BlobExcerpt {
  private let beginning: [UInt8]
  private let sizeBytes: Int

  /// Shorter blobs are shown whole.
  private static let wholeLimit = 16
  private static let shownBytes = 8
  /// Shorter vectors are shown whole.
  private static let wholeDimension = 3
  private static let shownElements = 2

  init(_ bytes: UnsafeRawBufferPointer) {
    beginning = Array(bytes.prefix(Self.wholeLimit))
    sizeBytes = bytes.count
  }

  /// - Parameter element: what it is made of; nil for a blob that isn't a vector.
  func text(of element: EmbeddingElement?) -> String { element.flatMap(vectorText) ?? hexText }

  private var hexText: String {
    let shown = sizeBytes > Self.wholeLimit ? beginning.prefix(Self.shownBytes) : beginning[...]
    let ellipsis = shown.count < sizeBytes ? "…" : ""
    return "x'\(HexDigits.text(shown))\(ellipsis)' (\(sizeBytes) \(sizeBytes == 1 ? "byte" : "bytes"))"
  }

  /// Nil where the bytes aren't whole elements.
  private func vectorText(_ element: EmbeddingElement) -> String? {
    let (dimension, rest) = sizeBytes.quotientAndRemainder(dividingBy: element.byteCount)
    guard dimension > 0, rest == 0 else { return nil }
    let count = dimension <= Self.wholeDimension ? dimension : Self.shownElements
    var vector = EmbeddingVector()
    let bytes = Array(beginning.prefix(count * element.byteCount))
    guard (try? bytes.withUnsafeBytes { try vector.decode($0, as: element) }) != nil else { return nil }
    let numbers = vector.withValues { $0.map { Float(Double($0).rounded(digits: 3)).description } }
      .joined(separator: ", ")
    return count < dimension
      ? "[\(numbers), … \(dimension) of \(element.rawValue)]" : "[\(numbers)] \(element.rawValue)"
  }
}
