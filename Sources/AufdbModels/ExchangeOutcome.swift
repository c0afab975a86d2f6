// What comes of sending one request.

import Aufdb

/// What came back, or why nothing did.
enum ExchangeOutcome: Sendable {
  /// A status of 2xx, and the body read: the answers, or why it isn't any.
  case answered([KeptAnswer])
  case unreadable(reason: String, text: String)
  /// A status of 2xx, and a page for people.
  case page(ServerComplaint)
  /// A status of 2xx, and more than any answer has.
  case tooLarge
  /// Any other status.
  case status(Int, ServerComplaint, retryAfterSeconds: Double?, location: String?)
  /// No connection could be made.
  case unreachable(String)
  /// Whoever is there isn't who they should be, or speaks no TLS.
  case untrusted(String)
  /// The connection ended before the response did.
  case broken(String)
  case timedOut
  /// By ourselves.
  case cancelled

  /// Whether a server of HTTP was there.
  var isResponse: Bool {
    switch self {
    case .answered, .unreadable, .page, .tooLarge, .status: true
    case .unreachable, .untrusted, .broken, .timedOut, .cancelled: false
    }
  }
}
