// The data files of one split: filled one after the other, compressed and hashed on the way, named when all are known.

import Crypto

/// Where one file ends and the next begins; which depends on the rows alone.
enum ShardLimit {
  /// A row that would take a file beyond so many bytes begins a new one.
  case bytes(Int)
  /// So many files for so many rows, each with at least one: file i ends with row rows * (i + 1) / files.
  case count(Int, ofRows: Int)

  /// The limit of one split.
  ///
  /// - Parameter rowCount: how many rows the split has; nil where the sharding doesn't ask.
  init(_ sharding: ExportOptions.Sharding, rowCount: Int?) {
    switch sharding {
    case .size(let bytes): self = .bytes(bytes)
    case .count(let count):
      let rowCount = rowCount ?? 0
      self = .count(max(1, min(count, rowCount)), ofRows: rowCount)
    }
  }
}

/// Writes lines into `data/SPLIT-00000-of-0000N.jsonl`, with the compression's extension.
final class ShardWriter {
  /// The hash of one file, fed while the file is written.
  private final class RunningHash {
    var hash = SHA256()
  }

  private let folder: String
  private let split: String
  private let limit: ShardLimit
  private let compression: Compression
  private var sink: ByteSink?
  private var hash = RunningHash()
  /// Of the open file, and of all files.
  private var lineCount = 0
  private var totalLineCount = 0
  private var finished: [ExportFile] = []

  /// - Parameters:
  ///   - folder: the export's folder, which has an empty folder `data`.
  ///   - split: what the files' names begin with.
  init(folder: String, split: String, limit: ShardLimit, compression: Compression) {
    self.folder = folder
    self.split = split
    self.limit = limit
    self.compression = compression
  }

  /// Writes one line, line feed included.
  func write(_ line: Bytes) throws(AufdbError) {
    if let sink, isFull(sink, before: line) { try finishShard(sink) }
    try AufdbError.ofStream(openSink().write(line))
    lineCount += 1
    totalLineCount += 1
  }

  /// Ends the last file and gives each its name; none where there was no line.
  func finish() throws(AufdbError) -> [ExportFile] {
    if let sink { try finishShard(sink) }
    for index in finished.indices {
      let name =
        "data/\(split)-\(Self.digits(index))-of-\(Self.digits(finished.count)).jsonl\(compression.fileExtension)"
      try ExportFolder.rename("\(folder)/\(finished[index].path)", to: "\(folder)/\(name)")
      finished[index].path = name
    }
    return finished
  }

  private func isFull(_ sink: ByteSink, before line: Bytes) -> Bool {
    switch limit {
    case .bytes(let limit): sink.contentBytes + line.count > limit
    case .count(let count, let rows): totalLineCount >= rows * (finished.count + 1) / count
    }
  }

  private func openSink() throws(StreamError) -> ByteSink {
    if let sink { return sink }
    let hash = RunningHash()
    let sink = try ByteSink(
      path: "\(folder)/\(unnamed(finished.count))", compression: compression,
      onFileBytes: { hash.hash.update(bufferPointer: $0) })
    self.hash = hash
    self.sink = sink
    return sink
  }

  private func finishShard(_ sink: ByteSink) throws(AufdbError) {
    try AufdbError.ofStream(sink.finish())
    finished.append(
      ExportFile(
        path: unnamed(finished.count), split: split, rowCount: lineCount, contentBytes: sink.contentBytes,
        sizeBytes: sink.fileBytes, sha256: CommitID.hex(hash.hash.finalize())))
    self.sink = nil
    lineCount = 0
  }

  /// What a file is called until all are known. No file's name can be that: a name has `-of-` in it.
  private func unnamed(_ index: Int) -> String { "data/\(split)-\(Self.digits(index)).part" }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
  }
}
