// The data files of one split: filled one after the other, compressed and hashed on the way, named when all are known.

import Crypto

/// Writes lines into `data/SPLIT-00000-of-0000N.jsonl.zst`.
///
/// Where one file ends and the next begins depends on the lines alone: a line that would take a file beyond the limit
/// begins a new one.
final class ShardWriter {
  /// The hash of one file, fed while the file is written.
  private final class RunningHash {
    var hash = SHA256()
  }

  private let folder: String
  private let split: String
  private let shardBytes: Int
  private let level: Int
  private var sink: ByteSink?
  private var hash = RunningHash()
  private var lineCount = 0
  private var finished: [ExportFile] = []

  /// - Parameters:
  ///   - folder: the export's folder, which has an empty folder `data`.
  ///   - shardBytes: the limit of a file's content before compression.
  init(folder: String, split: String, shardBytes: Int, level: Int) {
    self.folder = folder
    self.split = split
    self.shardBytes = shardBytes
    self.level = level
  }

  /// Writes one line, line feed included.
  func write(_ line: UnsafeRawBufferPointer) throws(AufdbError) {
    if let sink, sink.contentBytes + line.count > shardBytes { try finishShard(sink) }
    do throws(StreamError) {
      try openSink().write(line)
    } catch {
      throw AufdbError(error)
    }
    lineCount += 1
  }

  /// Ends the last file and gives each its name.
  func finish() throws(AufdbError) -> [ExportFile] {
    if let sink { try finishShard(sink) }
    for index in finished.indices {
      let name = "data/\(split)-\(Self.digits(index))-of-\(Self.digits(finished.count)).jsonl.zst"
      try ExportFolder.rename("\(folder)/\(finished[index].path)", to: "\(folder)/\(name)")
      finished[index].path = name
    }
    return finished
  }

  private func openSink() throws(StreamError) -> ByteSink {
    if let sink { return sink }
    let hash = RunningHash()
    let sink = try ByteSink(
      path: "\(folder)/\(unnamed(finished.count))",
      compression: .zstd(level: level, workerCount: ExportOptions.workerCount),
      onFileBytes: { hash.hash.update(bufferPointer: $0) })
    self.hash = hash
    self.sink = sink
    return sink
  }

  private func finishShard(_ sink: ByteSink) throws(AufdbError) {
    do throws(StreamError) {
      try sink.finish()
    } catch {
      throw AufdbError(error)
    }
    finished.append(
      ExportFile(
        path: unnamed(finished.count), split: split, rowCount: lineCount, contentBytes: sink.contentBytes,
        sizeBytes: sink.fileBytes, sha256: CommitID.hex(hash.hash.finalize())))
    self.sink = nil
    lineCount = 0
  }

  private func unnamed(_ index: Int) -> String { "data/\(split)-\(Self.digits(index)).jsonl.zst" }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
  }
}
