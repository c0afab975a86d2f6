// A compiled pattern of PCRE2, with bounds on what a match may cost.
//
// A backtracking matcher can take time exponential in the length of a text. Three things keep a query from hanging:
//
//   steps    from each place where a match may begin, PCRE2 counts its steps, and gives up after a million (some
//            milliseconds); memory is limited likewise
//   slices   the places are tried in slices, between which the query's time limit and Ctrl-C are heard, once every few
//            hundredths of a second. Nearly all texts are one slice, and no place takes more than a few steps; where one
//            does, the slices become small. The answer doesn't depend on them
//   short    a pattern whose answer would depend on slices (it has \G, or a verb such as (*SKIP)) is matched in one go,
//            on texts of at most a megabyte, and with fewer steps from each place the longer the text is

import CPCRE2
import Glibc

/// A pattern and the memory that its matches need.
final class RegularExpression {
  private let source: [UInt8]
  private let code: OpaquePointer
  private let match: OpaquePointer
  private let context: OpaquePointer
  private var stack: OpaquePointer?
  private var useCount = 0
  private let canBeSliced: Bool

  private static let stepLimit = 1_000_000
  /// From each place, while slices are large.
  private static let fewSteps = 20_000
  /// Steps in all for a text that is matched in one go.
  private static let wholeStepLimit = 50_000_000
  private static let wholeTextLimit = 1 << 20
  private static let heapLimitKilobytes: UInt32 = 64 << 10
  /// Made by the processor's own instructions once it is used so often: that takes as long as some hundred matches.
  private static let useCountForJIT = 32
  private static let sliceBytes = 64...32_768
  private static let firstSliceBytes = 4096
  /// A text of more bytes is worth it by itself.
  private static let byteCountForJIT = 65_536
  private static let sliceSeconds = 0.02

  /// - Throws: `.usage` for a pattern that is wrong, with what is wrong and where.
  init(_ source: Bytes) throws(AufdbError) {
    var (number, offset) = (Int32(0), 0)
    let options =
      PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT
    let code = pcre2_compile_8(
      source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count, options, &number, &offset, nil)
    guard let code else {
      let characters = Bytes(rebasing: source.prefix(offset)).scalarCount
      throw AufdbError(
        .usage, "regexp: the pattern is wrong after \(characters) characters: \(Self.message(number))")
    }
    guard let match = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
      pcre2_code_free_8(code)
      throw AufdbError(.inputOutput, "out of memory")
    }
    (self.source, self.code, self.match, self.context) = (Array(source), code, match, context)
    canBeSliced = !Self.dependsOnSlices(source)
    pcre2_set_heap_limit_8(context, Self.heapLimitKilobytes)
  }

  deinit {
    pcre2_jit_stack_free_8(stack)
    pcre2_match_context_free_8(context)
    pcre2_match_data_free_8(match)
    pcre2_code_free_8(code)
  }

  func isMade(of source: Bytes) -> Bool { self.source.withUnsafeBytes { $0.isEqual(to: source) } }

  /// Whether it is found anywhere in a text.
  ///
  /// - Throws: `.refused` where a match would take too long; the interruption of the query.
  func matches(_ text: Bytes, _ pulse: QueryPulse) throws(AufdbError) -> Bool {
    useCount += 1
    if stack == nil, useCount == Self.useCountForJIT || text.count > Self.byteCountForJIT { compileFurther() }
    guard canBeSliced else {
      guard text.count <= Self.wholeTextLimit else {
        throw AufdbError(.refused, "regexp: a pattern with \\G or a verb such as (*SKIP) is for texts of up to 1 MB")
      }
      let limit = min(Self.stepLimit, max(1000, Self.wholeStepLimit / max(text.count, 1)))
      guard let isFound = try matches(text, from: 0, through: text.count, steps: limit) else { throw tooLong(text) }
      return isFound
    }
    var (first, size, steps) = (0, Self.firstSliceBytes, Self.fewSteps)
    while true {
      let last = min(text.count, first + size)
      let began = Self.seconds()
      switch try matches(text, from: first, through: last, steps: steps) {
      case true?: return true
      case nil:
        guard steps < Self.stepLimit else { throw tooLong(text) }
        (size, steps) = (Self.sliceBytes.lowerBound, Self.stepLimit)
        continue
      case false?: first = last + 1
      }
      // A match can only begin where a character does.
      while first < text.count, text[first] & 0xC0 == 0x80 { first += 1 }
      guard first <= text.count else { return false }
      if Self.seconds() - began < Self.sliceSeconds {
        size = min(size * 8, steps == Self.fewSteps ? Self.sliceBytes.upperBound : Self.firstSliceBytes)
      } else {
        size = max(size / 4, Self.sliceBytes.lowerBound)
        try pulse.check()
      }
    }
  }

  private func tooLong(_ text: Bytes) -> AufdbError {
    AufdbError(
      .refused,
      "regexp: the pattern takes too many steps on a text of \(text.count) bytes (repetitions inside of repetitions?)")
  }

  /// Whether it is found in a text so that the match begins at one of some places; nil where there are too many steps.
  private func matches(_ text: Bytes, from first: Int, through last: Int, steps: Int) throws(AufdbError) -> Bool? {
    // An empty buffer may have no address.
    let start = (text.baseAddress ?? UnsafeRawPointer(bitPattern: 1))?.assumingMemoryBound(to: UInt8.self)
    pcre2_set_match_limit_8(context, UInt32(steps))
    pcre2_set_offset_limit_8(context, last)
    var result = pcre2_match_8(code, start, text.count, first, 0, match, context)
    // What the machine code has no stack for, the interpreter may have memory for.
    if result == PCRE2_ERROR_JIT_STACKLIMIT {
      result = pcre2_match_8(code, start, text.count, first, PCRE2_NO_JIT, match, context)
    }
    if result >= 0 { return true }
    switch result {
    case PCRE2_ERROR_NOMATCH: return false
    case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_RECURSELOOP: return nil
    case PCRE2_ERROR_NOMEMORY: throw AufdbError(.inputOutput, "out of memory")
    default: throw AufdbError(.internalDefect, "regexp: \(Self.message(result))")
    }
  }

  /// Makes machine code of it. Where the system doesn't allow that, the interpreter goes on: slower, with equal answers.
  private func compileFurther() {
    guard pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0 else { return }
    stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
  }

  /// Whether the pattern has \G, which asks where a slice begins, or may have a verb. Where brackets only look like one,
  /// nothing is lost but long texts.
  private static func dependsOnSlices(_ source: Bytes) -> Bool {
    var index = 0
    while index + 1 < source.count {
      let pair = (source[index], source[index + 1])
      if pair == (UInt8(ascii: "\\"), UInt8(ascii: "G")) || pair == (UInt8(ascii: "("), UInt8(ascii: "*")) {
        return true
      }
      index += pair.0 == UInt8(ascii: "\\") ? 2 : 1
    }
    return false
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func message(_ number: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = pcre2_get_error_message_8(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, Int(count))), as: UTF8.self)
  }
}
