// What a server complains of, as errors and failures may show it: one line, bounded, without the key.
//
// It stays somebody else's text: whoever shows it on a terminal has to take care of control characters.

import Aufdb

/// A server's message about what is wrong, and what follows from it.
struct ServerComplaint: Sendable, Equatable {
  static let lengthLimit = 400

  /// '' where it said nothing.
  let text: String
  private let codes: [String]
  private let isContextTooLong: Bool

  /// Reads the body of a response. A web page's words are its title.
  init(body: [UInt8], key: ModelKey?) {
    // The key is taken out before anything is cut off: cut in two, its beginning would stay. And once more from what was
    // read, where it may have been written with escapes.
    let message = Array(key.redacted(String(decoding: body, as: UTF8.self)).utf8).withUnsafeBytes {
      ServerMessage(body: $0)
    }
    let words = Self.title(of: message.message) ?? message.message
    text = Self.oneLine(key.redacted(words)).shortened(to: Self.lengthLimit)
    codes = message.codes
    isContextTooLong = message.isContextTooLong
  }

  /// Whether it says that the text of this one request is too long for the model. llama.cpp says so of embeddings with
  /// a status of 500, which has many other reasons, so that only its own words count there.
  func isAboutContext(status: Int) -> Bool {
    switch status {
    case 400, 413, 422: isContextTooLong || text.contains(Self.batchWords)
    case 500: text.contains(Self.batchWords)
    default: false
    }
  }

  /// Whether it says that nothing will be answered any more, whatever its status: no such model, no money, no such key.
  var isFinal: Bool { codes.contains(where: Self.finalCodes.contains) }

  private static let batchWords = "too large to process"
  private static let finalCodes = [
    "model_not_found", "invalid_api_key", "insufficient_quota", "billing_hard_limit_reached", "account_deactivated",
  ]

  private static func title(of page: String) -> String? {
    let opening = page.drop { $0.isWhitespace }
    guard opening.first == "<", let begin = opening.firstRange(of: "<title>"),
      let end = opening[begin.upperBound...].firstRange(of: "</title>")
    else { return nil }
    return String(opening[begin.upperBound..<end.lowerBound])
  }

  static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
