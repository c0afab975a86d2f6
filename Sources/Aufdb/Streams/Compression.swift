// The forms in which byte streams come and go, told apart by their first bytes, never by their names.

/// How a file's bytes are compressed.
public enum Compression: Equatable, Sendable {
  case none
  /// Zstandard at a level of 1 to 19, with a fixed number of worker threads. 0 workers compress on the caller's
  /// thread; 0, or 1 and more, give different bytes for the same input, and 1 or more all the same.
  ///
  /// Workers are given jobs of `jobBytes` each, 0 for the library's choice (8 MB at level 3), and 512 KiB at least. A
  /// compressor takes about six times as much memory; smaller jobs compress a little worse: a quarter, by 2 %.
  case zstd(level: Int = 3, workerCount: Int = 2, jobBytes: Int = 0)
  /// gzip at a level of 1 to 9.
  case gzip(level: Int = 6)

  /// A form of compression without its settings.
  public enum Codec: String, CaseIterable, Sendable {
    case zstd, gzip, none

    /// The levels that it has; nil where there are none.
    public var levels: ClosedRange<Int>? {
      switch self {
      case .zstd: 1...19
      case .gzip: 1...9
      case .none: nil
      }
    }
  }

  public var codec: Codec {
    switch self {
    case .none: .none
    case .zstd: .zstd
    case .gzip: .gzip
    }
  }

  /// The extension of file names, with its point; empty for none.
  public var fileExtension: String {
    switch self {
    case .none: ""
    case .zstd: ".zst"
    case .gzip: ".gz"
    }
  }
}

/// What the first bytes of a stream say about its form.
enum CompressionFormat: Equatable {
  case none
  case zstd
  case gzip

  /// How many bytes are needed to tell.
  static let magicLength = 4

  /// Recognises a format by the stream's first bytes (RFC 8878, sections 3.1.1 and 3.1.2; RFC 1952, section 2.3.1).
  init(magic: UnsafeRawBufferPointer) {
    if magic.count >= 4 {
      let number = UInt32(littleEndian: magic.loadUnaligned(as: UInt32.self))
      if number == 0xFD2F_B528 || number & 0xFFFF_FFF0 == 0x184D_2A50 {
        self = .zstd
        return
      }
    }
    self = magic.count >= 2 && magic[0] == 0x1F && magic[1] == 0x8B ? .gzip : .none
  }

  /// The format that a file's name promises; nil if it promises none.
  init?(name: String) {
    let lowercase = name.lowercased()
    if lowercase.hasSuffix(".zst") || lowercase.hasSuffix(".zstd") {
      self = .zstd
    } else if lowercase.hasSuffix(".gz") {
      self = .gzip
    } else {
      return nil
    }
  }

  /// The adjective of error messages.
  var adjective: String {
    switch self {
    case .none: "plain"
    case .zstd: "zstd-compressed"
    case .gzip: "gzip-compressed"
    }
  }
}
