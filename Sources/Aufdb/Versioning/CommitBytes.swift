// The canonical bytes of commits and rows: what exactly a commit id is the SHA-256 of. This page is the specification.
//
// Every number is little-endian. str(x) is the length of x in bytes as 8 bytes, then the bytes.
//
//   value          one tag byte, then:
//                    0 NULL      nothing
//                    1 integer   8 bytes, two's complement
//                    2 real      8 bytes, IEEE 754 binary64 (never NaN, never -0.0)
//                    3 text      str(UTF-8)
//                    4 blob      str(bytes)
//   row            the values of the relation's first columns, in the order of schema.sql, without place, past_id and
//                  retired_by; then each of its late columns that isn't NULL, in their order: the byte 5, the column's
//                  place among the late ones, counted from 0, as 1 byte, and its value
//   born(R)        SHA-256 over the rows that the commit bore in relation R, one after the other, in order of id
//   retired(R)     SHA-256 over the SHA-256 of each row that it retired in R, these 32-byte strings in ascending order
//                  (ids differ from store to store, so they can't order what is retired)
//   change digest  SHA-256 over, for each relation R with a change, in order of relation.code:
//                    str(name of R), count born as 8 bytes, born(R), count retired as 8 bytes, retired(R)
//   commit id      SHA-256 over
//                    "aufdb commit 1\n" (15 bytes), count of parents as 8 bytes, each parent's id (32 bytes),
//                    str(author), time in milliseconds since 1970 UTC as 8 bytes, str(message), str(operation),
//                    change digest (32 bytes)
//
// A column's tag is that of the value as SQLite stores it: a REAL column gives reals, whole numbers too.
//
// Late columns are those that a relation got after stores of it were there (Relation.lateColumns). One that is NULL
// leaves no bytes, so that a row from before digests as it always did, and commits keep their ids. No value begins with
// a 5: where one row ends and the next begins is never in doubt.

import Crypto

/// Appends canonical bytes to a SHA-256, through a buffer, because most values are a few bytes long.
struct CanonicalHasher: ~Copyable {
  private var hash = SHA256()
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0

  init() { buffer = .allocate(byteCount: 64 << 10, alignment: 8) }

  deinit { buffer.deallocate() }

  mutating func null() { byte(0) }

  mutating func integer(_ value: Int64) {
    byte(1)
    number(UInt64(bitPattern: value))
  }

  mutating func real(_ value: Double) {
    byte(2)
    number(value.bitPattern)
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    byte(3)
    string(bytes)
  }

  mutating func blob(_ bytes: UnsafeRawBufferPointer) {
    byte(4)
    string(bytes)
  }

  /// What stands before the value of a late column; `place` counts the relation's late columns from 0.
  mutating func late(_ place: Int32) {
    byte(5)
    byte(UInt8(truncatingIfNeeded: place))
  }

  mutating func byte(_ value: UInt8) {
    makeRoom(1)
    buffer[used] = value
    used += 1
  }

  mutating func number(_ value: UInt64) {
    makeRoom(8)
    buffer.storeBytes(of: value.littleEndian, toByteOffset: used, as: UInt64.self)
    used += 8
  }

  /// str(x) of the layout above.
  mutating func string(_ bytes: UnsafeRawBufferPointer) {
    number(UInt64(bytes.count))
    raw(bytes)
  }

  mutating func string(_ text: String) {
    var text = text
    text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
  }

  mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= buffer.count / 4 else {
      flush()
      hash.update(bufferPointer: bytes)
      return
    }
    guard bytes.count > 0 else { return }
    makeRoom(bytes.count)
    UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyMemory(from: bytes)
    used += bytes.count
  }

  mutating func raw(_ bytes: [UInt8]) { bytes.withUnsafeBytes { raw($0) } }

  /// The digest of all that was appended since the start or the last call; begins anew.
  mutating func finish() -> [UInt8] {
    flush()
    defer { hash = SHA256() }
    return Array(hash.finalize())
  }

  private mutating func makeRoom(_ count: Int) {
    if used + count > buffer.count { flush() }
  }

  private mutating func flush() {
    guard used > 0 else { return }
    hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<used]))
    used = 0
  }
}

extension CanonicalHasher {
  /// Appends a row of a relation that a statement stands on, whose columns are the statement's from `first` on.
  mutating func row(_ relation: Relation, _ statement: SQLStatement, from first: Int32) {
    let firstLate = first + Int32(relation.firstColumns.count)
    for column in first..<firstLate { value(statement, column) }
    for place in 0..<Int32(relation.lateColumns.count) where !statement.isNull(firstLate + place) {
      late(place)
      value(statement, firstLate + place)
    }
  }

  private mutating func value(_ statement: SQLStatement, _ column: Int32) {
    switch statement.type(column) {
    case SQLiteType.integer: integer(statement.integer(column))
    case SQLiteType.real: real(statement.real(column))
    case SQLiteType.text: text(statement.bytes(column))
    case SQLiteType.blob: blob(statement.bytes(column))
    default: null()
    }
  }
}

/// What one commit did to one relation, digested.
struct RelationDigest: Equatable {
  var relation: Relation
  var bornCount: Int
  var born: [UInt8]
  var retiredCount: Int
  var retired: [UInt8]

  /// The change digest of a commit.
  static func changeDigest(_ digests: [RelationDigest]) -> [UInt8] {
    var hasher = CanonicalHasher()
    for digest in digests.sorted(by: { $0.relation.rawValue < $1.relation.rawValue }) {
      hasher.string(digest.relation.name)
      hasher.number(UInt64(digest.bornCount))
      hasher.raw(digest.born)
      hasher.number(UInt64(digest.retiredCount))
      hasher.raw(digest.retired)
    }
    return hasher.finish()
  }

  /// The digest of a set of retired rows, from the digest of each.
  static func retired(_ rowDigests: [[UInt8]]) -> [UInt8] {
    var hasher = CanonicalHasher()
    for digest in rowDigests.sorted(by: { $0.lexicographicallyPrecedes($1) }) { hasher.raw(digest) }
    return hasher.finish()
  }
}
