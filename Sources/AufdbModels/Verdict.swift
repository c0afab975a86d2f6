// What follows from what a server said.
//
//   2xx                          keep the answers; what can't be read is a failure of its questions: it was paid for
//   2xx with a web page          stop: the URL is wrong
//   a context that is too long   a failure of these questions, whatever the status (400, 413, 422; of llama.cpp 500)
//   400, 413, 422                a failure of these questions
//   408, 409, 425, 429, 5xx      again; 429, 503 and 529 also mean: more slowly
//   501                          stop: the server can't do that at all
//   3xx                          stop, and say where to; nothing is followed, because a key would go along
//   any other 4xx                stop: wrong key, wrong path, no such model, no money
//   a pause of over ten minutes  stop: a later run can go on
//   no connection, broken, late  again; stop where the server has never said anything
//
// Pure: what it takes is what came, and what is known of the server so far.

import Aufdb

/// What to do about one request.
enum Verdict: Sendable {
  case keep([KeptAnswer])
  /// Each of its questions gets this failure.
  case fail(AskFailure, ModelFailure)
  /// - reason: why, if it was the last attempt.
  /// - isOverload: whether the server is asked for too much.
  case again(reason: String, afterSeconds: Double?, isOverload: Bool)
  case stop(AufdbError)
  case drop

  static let longestPauseSeconds = 600.0

  /// - Parameters:
  ///   - url: what was asked.
  ///   - hasResponded: whether the server has ever said anything in this run, this time included.
  ///   - timeoutSeconds: the time limit of a request.
  init(_ outcome: ExchangeOutcome, from url: String, hasResponded: Bool, timeoutSeconds: Double) {
    switch outcome {
    case .answered(let answers): self = .keep(answers)
    case .unreadable(let reason, let text):
      self = .fail(.unreadable, ModelFailure(reason, text: text.isEmpty ? nil : text))
    case .tooLarge:
      self = .fail(
        .tooLarge, ModelFailure("the answer is larger than \(ServerClient.bodyLimitBytes >> 20) MB: it was not read"))
    case .page(let message):
      self = .stop(
        AufdbError(
          .refused, "\(url) answers with a web page" + (message.text.isEmpty ? "" : ": \(message.text)"),
          hint: "is the URL of the definition right? most end in /v1"))
    case .status(let status, let message, let pause, let location):
      self.init(status: status, message, pauseSeconds: pause, location: location, from: url)
    case .unreachable(let reason):
      let text = "no connection to \(url): \(reason)"
      self =
        hasResponded
        ? .again(reason: text, afterSeconds: nil, isOverload: false)
        : .stop(AufdbError(.inputOutput, text, hint: "is the server running, and the URL of the definition right?"))
    case .untrusted(let reason):
      self = .stop(AufdbError(.refused, "no safe connection to \(url): \(reason)"))
    case .broken(let reason):
      self = .again(reason: "\(url) broke the connection: \(reason)", afterSeconds: nil, isOverload: false)
    case .timedOut:
      self = .again(
        reason: "\(url) did not answer within \(Self.seconds(timeoutSeconds))", afterSeconds: nil, isOverload: false)
    case .cancelled: self = .drop
    }
  }

  private init(status: Int, _ message: ServerComplaint, pauseSeconds: Double?, location: String?, from url: String) {
    let said = message.text.isEmpty ? "" : ": \(message.text)"
    let text = "\(url) answers with status \(status)\(said)"
    switch status {
    case 300..<400:
      let place = location.map { " to \($0)" } ?? ""
      self = .stop(
        AufdbError(
          .refused, "\(url) redirects\(place) (status \(status)), which is not followed",
          hint: "write the URL that is meant into the definition"))
    case _ where message.isFinal: self = .stop(AufdbError(.refused, text))
    case _ where message.isAboutContext(status: status):
      self = .fail(.contextTooLong, ModelFailure("the context is too long (status \(status))\(said)"))
    case 400, 413, 422: self = .fail(.refused, ModelFailure("refused with status \(status)\(said)"))
    case 408, 409, 425, 429, 500, 502...599:
      if let pauseSeconds, pauseSeconds > Self.longestPauseSeconds {
        self = .stop(
          AufdbError(
            .busy, "\(text): it asks for a pause of \(Self.seconds(pauseSeconds))",
            hint: "run it again then: what was answered is kept"))
      } else {
        self = .again(reason: text, afterSeconds: pauseSeconds, isOverload: [429, 503, 529].contains(status))
      }
    default: self = .stop(AufdbError(.refused, text, hint: Self.hint(for: status)))
    }
  }

  private static func hint(for status: Int) -> String? {
    switch status {
    case 401, 403: "is the key of the definition the right one? `aufdb model show` tells where it is read from"
    case 404: "is the URL of the definition right (most end in /v1), and the model's name?"
    default: nil
    }
  }

  private static func seconds(_ value: Double) -> String {
    value == value.rounded() && value < 1e15 ? "\(Int(value)) s" : "\(value) s"
  }
}
