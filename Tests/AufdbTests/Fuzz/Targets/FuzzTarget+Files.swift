// Binary files: matrices, reward heads, compressed streams, bundles.

@testable import Aufdb

extension FuzzTarget {
  static let files = [
    FuzzTarget("npy", seeds: try npySeeds()) { bytes in try FuzzFile.withPath(bytes) { try readRows(of: $0) } },
    FuzzTarget("safetensors", seeds: [safetensors(two), safetensors(head), safetensors(spare)]) { bytes in
      try FuzzFile.withPath(bytes) { path in
        // Of several tensors one has to be chosen.
        do {
          try readRows(of: path)
        } catch let error as AufdbError where error.kind == .usage {}
        try readRows(of: path, tensor: "a")
      }
    },
    FuzzTarget("head", seeds: [safetensors(head), safetensors(linear)]) { bytes in
      let tensors = try SafetensorsFile.decode(bytes)
      let written = SafetensorsFile.encode(tensors)
      let again = try written.withUnsafeBytes { try SafetensorsFile.decode($0) }
      try require(SafetensorsFile.encode(again) == written, "a head that is read otherwise when it was written")
      for kind in HeadKind.allCases { _ = try? kind.head(tensors) }
    },
    FuzzTarget("stream", seeds: try compressedSeeds()) { bytes in
      try FuzzFile.withDescriptor(bytes) { descriptor in
        let source = try ByteSource(descriptor: descriptor)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        var total = 0
        // zstd may make a megabyte of twenty bytes: what is read here is bounded, and so is the time.
        while total < 64 << 20 {
          let count = try source.read(into: piece)
          try require(count <= piece.count, "more bytes than there is room for")
          if count == 0 { break }
          total += count
        }
      }
    },
    FuzzTarget("bundle", seeds: [try bundle()]) { bytes in
      try FuzzFile.withPath(bytes) { _ = try BundleSummary(ofBundleAt: $0) }
    },
    // The content of a bundle, whose compression and digest are made right: what a digest alone would keep out.
    FuzzTarget("bundle-content", seeds: [try bundleContent()]) { bytes in
      var file: [UInt8] = []
      let sink = try BundleSink { file += $0 }
      try sink.raw(bytes)
      try sink.finish()
      try file.withUnsafeBytes { file in
        try FuzzFile.withPath(file) { path in
          let summary = Result { try BundleSummary(ofBundleAt: path) }
          let store = path + ".aufdb"
          _ = try Store.applyBundle(BundleOptions(path), toStoreAt: store, waitSeconds: 0, command: "fuzz")
          try require((try? summary.get()) != nil, "a store took in a bundle that can't be read")
          let report = try Store(store, for: .reading).verify()
          try require(report.problems.isEmpty, "a store made of a bundle: \(report.problems)")
        }
      }
    },
  ]

  private static func readRows(of path: String, tensor: String? = nil) throws {
    let rows = try MatrixRows(path: path, tensor: tensor, bufferSize: 1 << 12)
    let header = rows.header
    // A plain file has all that its header tells of.
    if !rows.isForwardOnly {
      let size = try FuzzStore.bytes(path).count
      try require(header.offset + header.rowCount * header.rowBytes <= size, "a matrix that is larger than its file")
    }
    for row in 0..<min(header.rowCount, 100) {
      try require(try rows.row(row).count == header.rowBytes, "a row that is too short")
    }
    if header.rowCount <= 100 { try rows.finish() }
  }

  private static let two = #"{"v":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}}"#
  private static let spare =
    #"{"":{"dtype":"BF16","shape":[1,1],"data_offsets":[14,16]},"e":{"dtype":"F16","shape":[0],"data_offsets":[0,0]},"#
    + #""a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"c":{"dtype":"I8","shape":[6],"data_offsets":[8,14]}}"#
  private static let linear =
    #"{"weights":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}"#
  private static let head =
    #"{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#

  private static func safetensors(_ header: String) -> [UInt8] {
    littleEndian(header.utf8.count, 8) + Array(header.utf8)
      + [UInt8](repeating: 0x3c, count: header == head || header == spare ? 16 : 8)
  }

  private static func npy(_ dictionary: String, version: UInt8 = 1, bytes: Int) -> [UInt8] {
    let text = Array(dictionary.utf8) + [UInt8](repeating: 0x20, count: 117 - dictionary.utf8.count) + [0x0A]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + littleEndian(text.count, version == 1 ? 2 : 4) + text
      + [UInt8](repeating: 0x3c, count: bytes)
  }

  private static func npySeeds() throws -> [[UInt8]] {
    let plain = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", bytes: 24)
    let last = npy("{\"shape\":(1,2),\"fortran_order\":True,\"descr\":\"<f2\"}", version: 3, bytes: 4)
    return [plain, last] + (try compressed(plain))
  }

  private static func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func compressedSeeds() throws -> [[UInt8]] {
    try compressed(Array(String(repeating: #"{"prompt_id":"p1"}"# + "\n", count: 40).utf8))
  }

  /// The same, as zstd and as gzip.
  private static func compressed(_ bytes: [UInt8]) throws -> [[UInt8]] {
    try FuzzFile.withFolder { folder in
      try [("a.zst", Compression.zstd(level: 3)), ("a.gz", .gzip(level: 6))].map { name, compression in
        let path = folder + "/" + name
        let sink = try ByteSink(path: path, compression: compression)
        try bytes.withUnsafeBytes { try sink.write($0) }
        try sink.finish()
        return try FuzzStore.bytes(path)
      }
    }
  }

  private static func bundle() throws -> [UInt8] {
    try FuzzStore.withStore { path in
      let file = path + ".bundle"
      _ = try Store(path, for: .reading).createBundle(BundleSelection(), at: file)
      return try FuzzStore.bytes(file)
    }
  }

  private static func bundleContent() throws -> [UInt8] {
    let bytes = try bundle()
    let compressed = bytes[BundleFormat.firstLine.count..<bytes.count - BundleFormat.digestCount]
    return try compressed.withUnsafeBytes { compressed in
      try FuzzFile.withDescriptor(compressed) { descriptor in
        let source = try ByteSource(descriptor: descriptor)
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = try piece.withUnsafeMutableBytes({ try source.read(into: $0) }), count > 0 {
          content += piece[..<count]
        }
        return content
      }
    }
  }
}
