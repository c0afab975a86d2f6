// Kept answers as bytes: the column `answer` of the table of that name.
//
//   a chat     {"text": ..., "finish_reason": ..., "prompt_tokens": ..., "completion_tokens": ..., "first_token": ...}
//   a failure  {"failure": ..., "text": ...}
//   a vector   0x01, the tokens (64 bits, little-endian), the vector
//
// What a chat lacks is left out. A long text is one zstd frame of that JSON. The first byte tells which of these it is:
// '{', 0x01 or that of a frame's mark.

import CZstd

extension KeptAnswer {
  /// The longest JSON that isn't compressed. A judge's answer with all its tokens is shorter: the most there are.
  private static let plainLimit = 1_500
  /// The longest JSON that a kept answer can have; beyond it, the store is damaged.
  private static let jsonLimit = 1 << 30
  private static let vectorMark: UInt8 = 1

  /// As the table keeps it.
  ///
  /// - Complexity: O(length).
  public func encoded() -> [UInt8] {
    var writer = JSONWriter()
    switch self {
    case .vector(let vector, let tokens):
      return [Self.vectorMark] + withUnsafeBytes(of: Int64(tokens).littleEndian, Array.init) + vector
    case .failure(let failure):
      writer.beginObject()
      writer.key("failure")
      writer.string(failure.message)
      if let text = failure.text {
        writer.key("text")
        writer.string(text)
      }
      writer.endObject()
    case .chat(let answer): answer.write(to: &writer)
    }
    return writer.withBytes { json in
      guard json.count > Self.plainLimit else { return Array(json) }
      return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(json.count)) { bytes, count in
        let size = ZSTD_compress(bytes.baseAddress, bytes.count, json.baseAddress, json.count, 3)
        // It can't fail with room enough, but for want of memory; then it is kept as it is.
        if ZSTD_isError(size) == 0 {
          count = size
        } else {
          _ = bytes.update(fromContentsOf: json)
          count = json.count
        }
      }
    }
  }

  /// Reads what `encoded()` made.
  ///
  /// - Throws: `.badData` for anything else: the store is damaged.
  /// - Complexity: O(length).
  public init(encoded bytes: [UInt8]) throws(AufdbError) {
    self = try bytes.lend { bytes throws(AufdbError) in
      switch bytes.first {
      case Self.vectorMark:
        guard bytes.count >= 9 else { throw Self.damage("it ends early") }
        let tokens = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 1, as: Int64.self))
        return .vector(Array(bytes.dropFirst(9)), tokens: Int(tokens))
      case UInt8(ascii: "{"): return try Self.reading(bytes)
      default:
        let size = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        guard size <= UInt64(Self.jsonLimit) else { throw Self.damage("neither JSON nor zstd") }
        let json = [UInt8](unsafeUninitializedCapacity: Int(size)) { output, count in
          let written = ZSTD_decompress(output.baseAddress, output.count, bytes.baseAddress, bytes.count)
          count = ZSTD_isError(written) == 0 ? written : 0
        }
        return try json.lend { json throws(AufdbError) in try Self.reading(json) }
      }
    }
  }

  private static func damage(_ reason: String) -> AufdbError {
    AufdbError(.badData, "the store is damaged: a kept answer can't be read: \(reason)")
  }

  private static func reading(_ json: Bytes) throws(AufdbError) -> KeptAnswer {
    var reader = JSONReader()
    reader.begin(json)
    var answer = ChatAnswer(text: "")
    var (failure, text): (String?, String?)
    do throws(JSONError) {
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "failure": failure = try reader.stringValue()
        case "text": text = try reader.stringValue()
        case "finish_reason": answer.finishReason = try reader.stringValue()
        case "prompt_tokens": answer.promptTokens = Int(try reader.int())
        case "completion_tokens": answer.completionTokens = Int(try reader.int())
        case "first_token":
          var tokens: [TokenLogprob] = []
          try reader.beginArray()
          while try reader.nextElement() { tokens.append(try TokenLogprob(&reader)) }
          answer.firstToken = tokens
        default: _ = try reader.skipValue()
        }
      }
      try reader.finish()
    } catch {
      throw damage("\(error)")
    }
    if let failure { return .failure(ModelFailure(failure, text: text)) }
    guard let text else { throw damage("it says nothing") }
    answer.text = text
    return .chat(answer)
  }
}

extension ChatAnswer {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("text")
    writer.string(text)
    if let finishReason {
      writer.key("finish_reason")
      writer.string(finishReason)
    }
    if let promptTokens {
      writer.key("prompt_tokens")
      writer.int(Int64(promptTokens))
    }
    if let completionTokens {
      writer.key("completion_tokens")
      writer.int(Int64(completionTokens))
    }
    if let firstToken {
      writer.key("first_token")
      writer.beginArray()
      for token in firstToken { token.write(to: &writer) }
      writer.endArray()
    }
    writer.endObject()
  }
}
