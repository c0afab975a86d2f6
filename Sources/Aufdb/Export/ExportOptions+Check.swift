// What can be said about options without a store.

extension ExportOptions {
  /// - Throws: `.usage` for options that make no sense, alone or together.
  func validate() throws(AufdbError) {
    try layout.check(keepTies: keepTies)
    try checkLabels()
    try checkPairs()
    try checkFiles()
    try ExportSplit.check(splits)
  }

  private func checkLabels() throws(AufdbError) {
    guard aggregation != nil || judges.count <= 1 else {
      throw AufdbError(
        .usage, "labels of \(judges.count) judges don't make one training set by themselves",
        hint: "name one judge, or say how to join them: --aggregate \(Aggregation.names)")
    }
    for (option, names) in [("--judge", judges), ("--method", methods), ("--decontaminate", decontamination)] {
      guard let twice = Self.repeated(in: names) else { continue }
      throw AufdbError(.usage, "\(option) \(twice) is given twice")
    }
  }

  private func checkPairs() throws(AufdbError) {
    if let minMargin, !minMargin.isFinite {
      throw AufdbError(.usage, "a margin can't be \(minMargin)", hint: "give a number, such as 0.5")
    }
    if let maxCharacters, maxCharacters < 1 {
      throw AufdbError(.usage, "a row can't have \(maxCharacters) characters at most", hint: "give a number from 1 on")
    }
    guard (1...1000).contains(gramLength) else {
      throw AufdbError(
        .usage, "\(gramLength) words in a row can't be compared", hint: "give a number from 1 to 1000; 13 is usual")
    }
  }

  private func checkFiles() throws(AufdbError) {
    let codec = codec ?? format.defaultCompression
    guard format.allowedCompressions.contains(codec) else {
      throw AufdbError(
        .usage, "what reads \(format.rawValue) doesn't open files compressed with \(codec.rawValue)",
        hint: "give --compression \(format.allowedCompressions.map(\.rawValue).joined(separator: " or "))")
    }
    try codec.check(level: level, threadCount: threadCount)
    guard !format.isOneFilePerSplit || sharding == Self.usualSharding || sharding == .count(1) else {
      throw AufdbError(
        .usage, "\(format.rawValue) takes one file for each split", hint: "leave out --shards and --shard-size")
    }
    switch sharding {
    case .size(let bytes):
      guard bytes > 0 else {
        throw AufdbError(.usage, "a file can't hold \(bytes) bytes", hint: "give a size of 1 byte or more")
      }
    case .count(let count):
      guard (1...Self.shardLimit).contains(count) else {
        throw AufdbError(
          .usage, "a split can't have \(count) files", hint: "give a number from 1 to \(Self.shardLimit)")
      }
    }
  }

  /// As many as five digits of a file's name can count.
  static let shardLimit = 99_999

  private static func repeated(in names: [String]) -> String? {
    names.indices.first { names[..<$0].contains(names[$0]) }.map { names[$0] }
  }
}

extension Compression.Codec {
  /// How an export compresses with it; level nil is the usual one.
  func compression(level: Int?, threadCount: Int, jobBytes: Int = 0) -> Compression {
    switch self {
    case .zstd: .zstd(level: level ?? 3, workerCount: threadCount, jobBytes: jobBytes)
    case .gzip: .gzip(level: level ?? 6)
    case .none: .none
    }
  }

  /// Makes sure that an export can compress so.
  ///
  /// - Throws: `.usage`.
  func check(level: Int?, threadCount: Int) throws(AufdbError) {
    if let level {
      guard let levels else { throw AufdbError(.usage, "without compression there is no level") }
      guard levels.contains(level) else {
        throw AufdbError(
          .usage, "there is no \(rawValue) level \(level)",
          hint: "give a level from \(levels.lowerBound) to \(levels.upperBound)")
      }
    }
    guard (1...2).contains(threadCount) else {
      throw AufdbError(.usage, "\(threadCount) threads can't compress a file", hint: "give 1 or 2")
    }
  }
}
