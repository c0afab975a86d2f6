// One response, as it comes in.

import AsyncHTTPClient
import Aufdb
import NIOCore
import NIOHTTP1
import Synchronization

/// Takes the parts of one response, up to a bound.
final class ResponseCollector: HTTPClientResponseDelegate {
  /// Of a response that isn't an answer, more isn't read.
  private static let messageLimitBytes = 64 << 10

  /// The reason for reading no further.
  private struct Enough: Error {}

  private struct State {
    var head: HTTPResponseHead?
    var body = ByteBuffer()
    var isTooLarge = false
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    let length = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
    let isTooLarge = head.status.isSuccess && length > limit
    state.withLock { state in
      state.head = head
      state.isTooLarge = isTooLarge
    }
    return isTooLarge ? task.eventLoop.makeFailedFuture(Enough()) : task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
    let isEnough = state.withLock { state in
      let isAnswer = state.head?.status.isSuccess ?? false
      let room = (isAnswer ? limit : Self.messageLimitBytes) - state.body.readableBytes
      guard part.readableBytes > room else {
        state.body.writeImmutableBuffer(part)
        return false
      }
      state.isTooLarge = isAnswer
      if let rest = part.getSlice(at: part.readerIndex, length: max(0, room)), !isAnswer {
        state.body.writeImmutableBuffer(rest)
      }
      return true
    }
    return isEnough ? task.eventLoop.makeFailedFuture(Enough()) : task.eventLoop.makeSucceededVoidFuture()
  }

  func didFinishRequest(task: HTTPClient.Task<Void>) {}

  /// What a whole response means.
  func outcome(of request: ModelRequest, key: ModelKey?, now: Double, read: ServerClient.Read) -> ExchangeOutcome {
    let (head, body, isTooLarge) = state.withLock { state in
      defer { state.body = ByteBuffer() }
      return (state.head, Array(buffer: state.body), state.isTooLarge)
    }
    guard let head else { return .broken("nothing came") }
    if isTooLarge { return .tooLarge }
    guard head.status.isSuccess else {
      let field = { (name: String) in head.headers.first(name: name) }
      return .status(
        Int(head.status.code), ServerComplaint(body: body, key: key),
        retryAfterSeconds: RetryAfter.seconds(
          milliseconds: field("retry-after-ms"), value: field("retry-after"), serverDate: field("date"), now: now),
        location: field("location").map { key.redacted(ServerComplaint.oneLine($0)).shortened(to: 200) })
    }
    do throws(ProtocolFault) {
      let answers = try read(request, body)
      guard answers.count == request.questions.count else {
        let counts = "\(answers.count) answers to \(request.questions.count) questions"
        throw body.withUnsafeBytes { ProtocolFault(counts, body: $0) }
      }
      return .answered(answers)
    } catch {
      let message = ServerComplaint(body: body, key: key)
      if head.headers.first(name: "content-type")?.lowercased().hasPrefix("text/html") ?? false {
        return .page(message)
      }
      // The key is taken out first: cut in two by the bound, its beginning would stay.
      let text = key.redacted(String(decoding: body.prefix(Self.messageLimitBytes), as: UTF8.self))
      return .unreadable(
        reason: key.redacted(error.message), text: text.shortened(to: ProtocolFault.excerptLimit))
    }
  }

  /// What it means that a response failed on its way.
  func outcome(
    after error: any Error, of request: ModelRequest, key: ModelKey?, now: Double, read: ServerClient.Read
  ) -> ExchangeOutcome {
    error is Enough
      ? outcome(of: request, key: key, now: now, read: read) : ExchangeOutcome(error)
  }
}

extension HTTPResponseStatus {
  fileprivate var isSuccess: Bool { (200..<300).contains(code) }
}
