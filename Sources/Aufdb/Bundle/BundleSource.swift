// The bytes of a bundle on their way in, checked as they come: the first line, the compressed content, the digest.
//
// A file is not trusted before its digest was seen, and that comes last: so nothing here makes room for what a file only
// claims to have. Bytes are taken when they are there, and memory is two blocks and the decompressor's window.

import Crypto

/// Reads one bundle from beginning to end.
final class BundleSource {
  /// The path as given; `-` is standard input, and nil a bundle that nobody named.
  private let path: String?
  /// The size of the file; nil for a pipe.
  let sizeBytes: Int?
  /// The format version that its first line tells.
  private(set) var version = BundleFormat.version
  /// How many bytes of it were taken: of `sizeBytes`, the progress.
  private(set) var consumedBytes = 0

  private let descriptor: FileDescriptor
  private let decoder: ZstdDecoder
  private let input: UnsafeMutableRawBufferPointer
  private let content: UnsafeMutableRawBufferPointer
  /// What was read and is not decompressed.
  private var pending: UnsafeRawBufferPointer
  /// What is decompressed and not taken.
  private var available: UnsafeRawBufferPointer
  private var isFrameOver = false
  private var hash = SHA256()

  private static let blockSize = 128 << 10

  /// Opens a file, or `-` for standard input, and reads its first line.
  ///
  /// - Throws: `.cannotOpenInput`; `.badData` for what is no bundle, or one of a newer format.
  convenience init(path: String) throws {
    do throws(StreamError) {
      try self.init(descriptor: FileDescriptor.opening(path), path: path)
    } catch {
      throw AufdbError(error)
    }
    try readFirstLine()
  }

  /// Reads a bundle that was just written.
  convenience init(scratch descriptor: consuming FileDescriptor) throws {
    try self.init(descriptor: descriptor, path: nil)
    try readFirstLine()
  }

  private init(descriptor: consuming FileDescriptor, path: String?) throws(StreamError) {
    self.path = path
    sizeBytes = descriptor.sizeBytes
    do {
      decoder = try ZstdDecoder()
    } catch {
      throw StreamError(kind: .inputOutput, path: path ?? "", reason: error.reason(for: .zstd))
    }
    self.descriptor = descriptor
    input = .allocate(byteCount: Self.blockSize, alignment: 16)
    content = .allocate(byteCount: Self.blockSize, alignment: 16)
    pending = UnsafeRawBufferPointer(rebasing: input[..<0])
    available = UnsafeRawBufferPointer(rebasing: content[..<0])
  }

  deinit {
    input.deallocate()
    content.deallocate()
  }

  // Taking content.

  func byte() throws(AufdbError) -> UInt8 {
    if available.isEmpty { try decompress() }
    defer { available = UnsafeRawBufferPointer(rebasing: available[1...]) }
    return available[0]
  }

  func number() throws(AufdbError) -> UInt64 {
    if available.count >= 8 {
      defer { available = UnsafeRawBufferPointer(rebasing: available[8...]) }
      return UInt64(littleEndian: available.loadUnaligned(as: UInt64.self))
    }
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) { number |= UInt64(try byte()) << shift }
    return number
  }

  /// A number of things of the kind `what`, held to a limit.
  func count(of what: String, limit: UInt64 = BundleFormat.countLimit) throws(AufdbError) -> Int {
    let number = try number()
    guard number <= limit else { throw damaged("it can't have \(number) \(what)") }
    return Int(number)
  }

  /// Hands on some bytes in pieces as they come.
  func take(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Void) throws(AufdbError) {
    var rest = count
    while rest > 0 {
      if available.isEmpty { try decompress() }
      let piece = min(rest, available.count)
      body(UnsafeRawBufferPointer(rebasing: available[..<piece]))
      available = UnsafeRawBufferPointer(rebasing: available[piece...])
      rest -= piece
    }
  }

  /// Some bytes; for few.
  func bytes(_ count: Int) throws(AufdbError) -> [UInt8] {
    var bytes: [UInt8] = []
    try take(count) { bytes += $0 }
    return bytes
  }

  func id() throws(AufdbError) -> CommitID { CommitID(try bytes(BundleFormat.digestCount)) }

  func string(_ what: String, limit: UInt64 = BundleFormat.byteLimit) throws(AufdbError) -> String {
    let bytes = try bytes(count(of: "bytes of \(what)", limit: limit))
    guard let text = String(validating: bytes, as: UTF8.self) else { throw damaged("its \(what) is not UTF-8") }
    return text
  }

  /// Makes sure that the content is over, the digest right, and nothing more there.
  func finish() throws(AufdbError) {
    while !isFrameOver {
      guard available.isEmpty else { break }
      try decompressSome()
    }
    guard available.isEmpty else { throw damaged("something follows its last commit") }
    let expected = Array(hash.finalize())
    var digest: [UInt8] = []
    while digest.count <= BundleFormat.digestCount, try fill() {
      digest += pending
      pending = UnsafeRawBufferPointer(rebasing: pending[pending.count...])
    }
    guard digest.count >= BundleFormat.digestCount else { throw cutOff() }
    guard digest.count == BundleFormat.digestCount else { throw damaged("something follows its end") }
    guard digest == expected else { throw damaged("its SHA-256 is wrong") }
  }

  /// The error for content that can't be.
  func damaged(_ what: String) -> AufdbError {
    AufdbError(.badData, "the bundle is damaged: \(what)", hint: "copy it again, or make it anew", at: place)
  }

  private func cutOff() -> AufdbError { damaged("it is cut off") }

  private var place: AufdbError.Place? {
    path.map { AufdbError.Place(file: $0 == "-" ? "standard input" : $0) }
  }

  // Reading and decompressing.

  private func readFirstLine() throws(AufdbError) {
    var line: [UInt8] = []
    // The number of a version that is still to come has some digits at most.
    while line.last != UInt8(ascii: "\n"), line.count < BundleFormat.magic.utf8.count + 10, try fill() {
      line.append(pending[0])
      pending = UnsafeRawBufferPointer(rebasing: pending[1...])
      consumedBytes += 1
    }
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix(BundleFormat.magic), text.hasSuffix("\n"),
      let version = Int(text.dropFirst(BundleFormat.magic.count).dropLast())
    else {
      throw AufdbError(
        .badData, "this is not an aufdb bundle", hint: "`aufdb bundle create STORE FILE` makes one", at: place)
    }
    let known = BundleFormat.knownVersions
    guard known.contains(version) else {
      throw AufdbError(
        .badData,
        "the bundle has format version \(version), and this aufdb knows \(known.lowerBound) to \(known.upperBound)",
        hint: "use a newer aufdb", at: place)
    }
    self.version = version
    line.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// Reads into the empty buffer; false at the end of the file.
  private func fill() throws(AufdbError) -> Bool {
    guard pending.isEmpty else { return true }
    do throws(StreamError) {
      let count = try descriptor.read(into: input)
      pending = UnsafeRawBufferPointer(rebasing: input[..<count])
      return count > 0
    } catch {
      throw AufdbError(error)
    }
  }

  /// Gets more content, which there must be.
  private func decompress() throws(AufdbError) {
    while available.isEmpty {
      guard !isFrameOver else { throw damaged("it ends too early") }
      try decompressSome()
    }
  }

  private func decompressSome() throws(AufdbError) {
    guard try fill() else { throw cutOff() }
    let before = pending
    let count: Int
    do throws(DecodingFailure) {
      count = try decoder.decode(&pending, into: content)
    } catch {
      throw damaged(error.reason(for: .zstd))
    }
    let consumed = before.count - pending.count
    guard count > 0 || consumed > 0 else { throw damaged("the zstd-compressed data is damaged") }
    hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: before[..<consumed]))
    consumedBytes += consumed
    available = UnsafeRawBufferPointer(rebasing: content[..<count])
    isFrameOver = decoder.isAtFrameEnd
  }
}
