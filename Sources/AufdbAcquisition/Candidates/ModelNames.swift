// The names of the models that made a prompt's responses, as they lie in memory.

/// A list of names in UTF-8, lent as `Candidates` is; compared by bytes.
public struct ModelNames {
  private let bytes: UnsafeRawBufferPointer
  private let ends: UnsafeBufferPointer<Int>

  /// No names.
  public static var none: ModelNames {
    ModelNames(bytes: UnsafeRawBufferPointer(start: nil, count: 0), ends: .init(start: nil, count: 0))
  }

  /// - Parameters:
  ///   - bytes: the names, one after the other.
  ///   - ends: where each of them ends in `bytes`; ascending.
  public init(bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int>) {
    self.bytes = bytes
    self.ends = ends
  }

  public var count: Int { ends.count }

  /// The bytes of one name.
  public subscript(index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }

  /// The first index of a name, or nil where no response is that model's. Complexity: O(k).
  public func firstIndex(of name: [UInt8]) -> Int? {
    (0..<count).first { self[$0].elementsEqual(name) }
  }
}
