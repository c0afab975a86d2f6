// Texts as they are compared: two prompts are one if nothing but case and white space sets them apart.
//
//   a scalar      its lower case (Unicode's mapping of single scalars, the same in every language)
//   white space   a run of it is one blank, and there is none at either end
//   all else      as it is: a letter composed of two scalars is not the one that is precomposed
//
// A prompt that is one user message is the same as its text alone. Of any other conversation each message is its role
// and its content, with a line feed before each; since no folded text has one, no text is taken for a conversation.

import Crypto

/// A folded text, in memory that serves the next one again.
struct FoldedText: ~Copyable {
  /// The text, UTF-8 where what came in was.
  private(set) var bytes: [UInt8] = []
  /// Whether white space came since the last other scalar.
  private var isBreakPending = false
  private var messages = MessageReader()

  init() {}

  /// Sets this to a text, folded.
  ///
  /// - Complexity: O(n).
  mutating func set(_ text: Bytes) {
    begin()
    append(text)
  }

  /// Sets this to a stored prompt, folded.
  ///
  /// - Parameter isMessages: whether the prompt is a JSON list of messages, each with role and content.
  /// - Throws: `JSONError` where it is no such list; what this is then is unspecified.
  mutating func set(prompt: Bytes, isMessages: Bool) throws(JSONError) {
    guard isMessages else { return set(prompt) }
    begin()
    try messages.begin(prompt)
    var (messageCount, contentStart, isUser) = (0, 0, false)
    while let message = try messages.next() {
      beginLine()
      if let role = message.role { append(role) }
      beginLine()
      (contentStart, isUser) = (bytes.count, message.isBy("user"))
      if let content = message.content { append(content) }
      messageCount += 1
    }
    if messageCount == 1, isUser { bytes.removeSubrange(..<contentStart) }
  }

  /// A hash of the text: the first 64 bits of its SHA-256, so that texts can't be made to share one by mistake or design.
  var hash: UInt64 {
    SHA256.hash(data: bytes).withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
  }

  private mutating func begin() {
    bytes.removeAll(keepingCapacity: true)
    isBreakPending = false
  }

  private mutating func beginLine() {
    bytes.append(UInt8(ascii: "\n"))
    isBreakPending = false
  }

  private mutating func append(_ text: Bytes) {
    var scalars = ScalarBytes(text)
    while true {
      append(ascii: scalars.takeASCII())
      guard let next = scalars.next() else { break }
      switch next {
      case .scalar(let scalar, _) where Self.isWhiteSpace(scalar): noteBreak()
      case .scalar(let scalar, let source):
        let lower = scalar.properties.changesWhenLowercased ? scalar.properties.lowercaseMapping : nil
        if isBreakPending { append(blank: ()) }
        if let lower { bytes.append(contentsOf: lower.utf8) } else { bytes.append(contentsOf: source) }
      case .ascii(let byte), .malformed(let byte): append(byte: byte)
      }
    }
    // White space at the end of a text is none.
    isBreakPending = false
  }

  /// Appends ASCII, which is the most of most texts: all of it as it is, and then folded where it stands.
  private mutating func append(ascii run: Bytes) {
    guard let first = run.first else { return }
    if isBreakPending, !Self.isBlank(first) { append(blank: ()) }
    let start = bytes.count
    bytes.append(contentsOf: run)
    var isPending = isBreakPending
    let end = bytes.withUnsafeMutableBufferPointer { bytes -> Int in
      // A blank that is written stands for one that was read, so this never overtakes the reading.
      var free = start
      for place in start..<bytes.count {
        let byte = bytes[place]
        if Self.isBlank(byte) {
          isPending = free > 0 && bytes[free - 1] != UInt8(ascii: "\n")
          continue
        }
        if isPending {
          bytes[free] = UInt8(ascii: " ")
          free += 1
          isPending = false
        }
        bytes[free] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        free += 1
      }
      return free
    }
    bytes.removeLast(bytes.count - end)
    isBreakPending = isPending
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// Unicode's property White_Space beyond ASCII, which is the same in all of its versions to come
  /// (https://www.unicode.org/policies/stability_policy.html#Property_Value): quicker than a look into its tables.
  private static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  private mutating func noteBreak() { isBreakPending = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false }

  private mutating func append(byte: UInt8) {
    if isBreakPending { append(blank: ()) }
    bytes.append(byte)
  }

  private mutating func append(blank: Void) {
    bytes.append(UInt8(ascii: " "))
    isBreakPending = false
  }
}
