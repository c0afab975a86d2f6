// How far an import has come, over all of its files.

import Glibc

/// How far an import is.
public struct ImportProgress: Sendable, Equatable {
  /// Bytes read of all files, before decompression; of a matrix, those of its index.
  public var readBytes: Int
  /// The files' sizes together; nil where one of them is a pipe.
  public var sizeBytes: Int?
  public var recordCount: Int
}

/// Adds up what is read of one file after the other.
struct ImportMeter {
  private let progress: ((ImportProgress) -> Void)?
  private let sizeBytes: Int?
  /// Of the files that were read to their ends.
  private var finishedBytes = 0

  init(_ inputs: [ImportInput], _ progress: ((ImportProgress) -> Void)?) {
    self.progress = progress
    guard progress != nil else {
      sizeBytes = nil
      return
    }
    sizeBytes = inputs.reduce(0) { sum, input in
      guard let sum, let size = Self.size(of: input.embeddings?.index ?? input.path) else { return nil }
      return sum + size
    }
  }

  func show(_ source: ByteSource, _ recordCount: Int) {
    progress?(
      ImportProgress(
        readBytes: finishedBytes + source.consumedBytes, sizeBytes: sizeBytes, recordCount: recordCount))
  }

  mutating func finish(_ source: ByteSource) { finishedBytes += source.consumedBytes }

  /// A plain file's size; nil for anything else, and for what can't be had: opening it will tell.
  private static func size(of path: String) -> Int? {
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}
