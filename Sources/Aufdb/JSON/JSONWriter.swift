// Writes JSON into a buffer of its own: compact, one line, the same bytes for the same calls everywhere.
//
// A comma is due before a value or key if something stands before it in the same container; one flag knows, because
// opening a container clears it and closing one sets it. The caller sees to the nesting; what it writes wrongly is
// wrong in the file too.

import Glibc

/// Writes JSON values one after another into growing memory, which it keeps from one line to the next.
package struct JSONWriter: ~Copyable {
  var base: UnsafeMutablePointer<UInt8>
  var capacity: Int
  /// How many bytes are written.
  package var count = 0
  var isCommaDue = false

  /// Makes an empty writer.
  ///
  /// - Parameter capacity: the bytes to reserve at first.
  package init(capacity: Int = 4096) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// Forgets what was written and keeps the memory.
  package mutating func removeAll() {
    count = 0
    isCommaDue = false
  }

  /// Lends what was written so far.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// What was written so far, as a String of its own.
  package var text: String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }

  package mutating func beginObject() { open(UInt8(ascii: "{")) }

  package mutating func endObject() { close(UInt8(ascii: "}")) }

  package mutating func beginArray() { open(UInt8(ascii: "[")) }

  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Ends a line, and with it the value: what follows is a text of its own.
  package mutating func newline() {
    put(UInt8(ascii: "\n"))
    isCommaDue = false
  }

  /// Writes bytes that are JSON already: a whole value.
  package mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    separate()
    append(bytes)
    isCommaDue = true
  }

  package mutating func bool(_ value: Bool) { word(value ? "true" : "false") }

  package mutating func null() { word("null") }

  /// Writes an integer in decimal digits.
  package mutating func int(_ value: Int64) {
    separate()
    reserve(20)
    if value < 0 { put(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var digitCount = 1
    var bound = rest
    while bound >= 10 {
      bound /= 10
      digitCount += 1
    }
    var place = count + digitCount
    count = place
    repeat {
      place -= 1
      base[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
    isCommaDue = true
  }

  /// Writes the shortest decimal number that reads back as this very double, always with a point or an exponent, so
  /// that no reader takes a column of doubles for one of integers.
  ///
  /// Errors: NaN and infinities, which JSON does not have; nothing is written then.
  package mutating func double(_ value: Double) throws(JSONError) {
    guard value.isFinite else { throw JSONError(offset: count, reason: .notFinite) }
    var digits = value.description
    digits.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    put(bracket)
    isCommaDue = false
  }

  private mutating func close(_ bracket: UInt8) {
    put(bracket)
    isCommaDue = true
  }

  private mutating func word(_ literal: StaticString) {
    raw(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func separate() {
    if isCommaDue { put(UInt8(ascii: ",")) }
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    memcpy(base + count, source, bytes.count)
    count += bytes.count
  }

  /// Makes room for `more` bytes.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(count + more, 2 * capacity)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }
}
