// A file that is hashed while it is written.

import Crypto

/// A new file of an export.
final class HashedFile {
  private final class RunningHash {
    var hash = SHA256()
  }

  let sink: ByteSink
  private let hash: RunningHash

  init(_ path: String, compression: Compression) throws {
    let hash = RunningHash()
    self.hash = hash
    sink = try ByteSink(path: path, compression: compression, onFileBytes: { hash.hash.update(bufferPointer: $0) })
  }

  /// Ends the file and describes it.
  func finish(_ path: String, split: String, rowCount: Int) throws -> ExportFile {
    try sink.finish()
    return ExportFile(
      path: path, split: split, rowCount: rowCount, contentBytes: sink.contentBytes, sizeBytes: sink.fileBytes,
      sha256: CommitID.hex(hash.hash.finalize()))
  }
}
