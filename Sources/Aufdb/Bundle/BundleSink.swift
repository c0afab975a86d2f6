// The bytes of a bundle on their way out: the first line, the compressed content, the digest of both.

import Crypto

/// Writes one bundle from beginning to end. Memory is two blocks and the compressor's own.
final class BundleSink {
  private let drain: (UnsafeRawBufferPointer) throws -> Void
  private let encoder: ZstdEncoder
  private let block: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer
  private var used = 0
  private var hash = SHA256()
  /// How many bytes went out.
  private(set) var sizeBytes = 0

  private static let blockSize = 128 << 10

  /// - Parameter drain: takes the bytes, in order.
  init(drain: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
    self.drain = drain
    do {
      encoder = try ZstdEncoder(level: BundleFormat.compressionLevel, workerCount: BundleFormat.workerCount)
    } catch {
      throw AufdbError(.inputOutput, "the bundle can't be written: \(error.reason)")
    }
    block = .allocate(byteCount: Self.blockSize, alignment: 16)
    output = .allocate(byteCount: Self.blockSize, alignment: 16)
    try BundleFormat.firstLine.withUnsafeBytes { try write($0) }
  }

  deinit {
    block.deallocate()
    output.deallocate()
  }

  func byte(_ value: UInt8) throws {
    if used == Self.blockSize { try flush(isLast: false) }
    block[used] = value
    used += 1
  }

  func number(_ value: UInt64) throws {
    if Self.blockSize - used < 8 { try flush(isLast: false) }
    block.storeBytes(of: value.littleEndian, toByteOffset: used, as: UInt64.self)
    used += 8
  }

  func count(_ count: Int) throws { try number(UInt64(count)) }

  func raw(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      if used == Self.blockSize { try flush(isLast: false) }
      let count = min(rest.count, Self.blockSize - used)
      UnsafeMutableRawBufferPointer(rebasing: block[used...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      used += count
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  func raw(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try raw($0) } }

  /// str(x) of the format.
  func string(_ bytes: UnsafeRawBufferPointer) throws {
    try count(bytes.count)
    try raw(bytes)
  }

  func string(_ text: String) throws {
    var text = text
    try text.withUTF8 { try string(UnsafeRawBufferPointer($0)) }
  }

  /// A row of a relation that a statement stands on, whose columns are the statement's from `first` on.
  func row(_ relation: Relation, _ statement: SQLStatement, from first: Int32) throws {
    let firstLate = first + Int32(relation.firstColumns.count)
    for column in first..<firstLate { try value(statement, column) }
    let late = (0..<Int32(relation.lateColumns.count)).filter { !statement.isNull(firstLate + $0) }
    try byte(UInt8(late.count))
    for place in late {
      try byte(UInt8(place))
      try value(statement, firstLate + place)
    }
  }

  /// A value's canonical bytes.
  private func value(_ statement: SQLStatement, _ column: Int32) throws {
    switch statement.type(column) {
    case SQLiteType.integer:
      try byte(1)
      try number(UInt64(bitPattern: statement.integer(column)))
    case SQLiteType.real:
      try byte(2)
      try number(statement.real(column).bitPattern)
    case SQLiteType.text:
      try byte(3)
      try string(statement.bytes(column))
    case SQLiteType.blob:
      try byte(4)
      try string(statement.bytes(column))
    default: try byte(0)
    }
  }

  /// Writes what is held back and the digest; nothing may be written after.
  func finish() throws {
    try flush(isLast: true)
    try Array(hash.finalize()).withUnsafeBytes { try drain($0) }
    sizeBytes += BundleFormat.digestCount
  }

  private func flush(isLast: Bool) throws {
    var input = UnsafeRawBufferPointer(rebasing: block[..<used])
    used = 0
    while true {
      let step: (count: Int, isDone: Bool)
      do {
        step = try encoder.encode(&input, into: output, isLast: isLast)
      } catch {
        throw AufdbError(.inputOutput, "the bundle can't be written: \(error.reason)")
      }
      try write(UnsafeRawBufferPointer(rebasing: output[..<step.count]))
      if step.isDone { return }
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard !bytes.isEmpty else { return }
    hash.update(bufferPointer: bytes)
    sizeBytes += bytes.count
    try drain(bytes)
  }
}
