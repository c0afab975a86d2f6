// Asking a server that speaks OpenAI's protocol, carefully enough for an expensive run.
//
// Whoever has questions (a plan of what is missing) is asked for one request at a time; the answers go to whoever keeps
// them as they come. In between:
//
//   AskSchedule        decides: what is sent next, once more, later, never, and when to end. No time, no threads
//     RequestPace      how many may be under way, requests per minute, pauses
//     AskTally         counts, costs, and whether going on makes sense
//     Verdict          what follows from what a server said
//     Backoff          how long to wait before a request is sent once more
//   ServerClient       sends, and reads what comes back: many at once, on threads of its own
//     ResponseCollector  one response, with a bound on its size
//   ModelAsker         the loop between the two
//
// The loop runs on the caller's thread, so that whatever asks and keeps may hold a store, which belongs to one thread.
//
// What is paid for is kept: a run that is to end waits for what is under way, unless it is told to drop it, and what was
// answered is handed over before anything else is decided. What is given up is not kept, so that the next run asks again.

import Aufdb

/// One server, with what may be asked of it.
public struct ModelAsker: Sendable {
  private let access: ModelAccess
  private let key: ModelKey?
  private let options: AskOptions

  /// - Throws: `.usage` for a URL that makes no sense; for a key that would go over the network unencrypted; for a
  ///   maximum cost where the definition has no prices; for bounds that are no numbers.
  public init(_ access: ModelAccess, key: ModelKey?, _ options: AskOptions) throws(AufdbError) {
    let address = try ServerAddress(access.baseURL)
    self.access = access
    self.key = key
    self.options = options
    if key != nil, !address.isEncrypted, !address.isLoopback, !options.isInsecureAllowed {
      throw AufdbError(
        .usage, "the key would go to \(address.host) unencrypted: its URL is http, not https",
        hint: "use https, or --insecure where the network is your own")
    }
    guard access.timeoutSeconds > 0 else { throw AufdbError(.usage, "a time limit is more than 0 seconds") }
    if let cost = options.maximumCost {
      guard cost >= 0 else { throw AufdbError(.usage, "a maximum cost is a number from 0 up") }
      guard access.cost(inputTokens: 0, outputTokens: 0) != nil else {
        throw AufdbError(
          .usage, "a maximum cost means nothing where the prices aren't known",
          hint: "add price: {input: ..., output: ...}, of a million tokens, to the definition")
      }
    }
  }

  /// Asks until there is nothing left to ask, or something ends it, and waits for what is under way.
  ///
  /// All functions but `read` are called on the caller's thread, one at a time. Memory is bounded by the concurrency:
  /// so many requests are held, with their answers.
  ///
  /// - Parameters:
  ///   - next: the next request; nil: there is none. What it throws ends the run and is thrown on, after what is under way
  ///     has been kept.
  ///   - split: the parts of a request of several questions that the server refused as a whole, so that one bad text
  ///     doesn't fail all of its batch; empty where it has none.
  ///   - read: reads the body of an answer, as many answers as there are questions. Called on threads of the network,
  ///     several at a time.
  ///   - keep: takes answers and failures, all that arrived since the last time. Requests go on meanwhile, but none is
  ///     sent: it should be quick.
  ///   - progress: called after whatever happens, and about ten times a second.
  ///   - wish: what is wanted; asked as often.
  /// - Throws: what `next` throws; `.cannotOpenInput` for a file of certificates. What a server does is in the report.
  public func ask(
    next: () throws -> ModelRequest?,
    split: (ModelRequest) -> [ModelRequest] = { _ in [] },
    read: @escaping @Sendable (ModelRequest, [UInt8]) throws(ProtocolFault) -> [KeptAnswer],
    keep: ([(QuestionID, KeptAnswer)]) throws -> Void,
    progress: (AskProgress) -> Void = { _ in },
    wish: () -> AskWish = { .goOn }
  ) throws -> AskReport {
    try ask(clock: .system, next: next, split: split, read: read, keep: keep, progress: progress, wish: wish)
  }

  /// The same with another clock.
  func ask(
    clock: AskClock,
    next: () throws -> ModelRequest?,
    split: (ModelRequest) -> [ModelRequest] = { _ in [] },
    read: @escaping ServerClient.Read,
    keep: ([(QuestionID, KeptAnswer)]) throws -> Void,
    progress: (AskProgress) -> Void = { _ in },
    wish: () -> AskWish = { .goOn }
  ) throws -> AskReport {
    var schedule = AskSchedule(access, options, at: clock.now())
    let client = try ServerClient(access, key: key, options, unixSeconds: clock.unixSeconds(), read: read)
    defer { client.shutDown() }
    var failure: (any Error)?
    func attempting(_ body: () throws -> Void) {
      do { try body() } catch {
        failure = failure ?? error
        schedule.stop(.interrupted)
      }
    }
    run: while true {
      switch schedule.step(at: clock.now()) {
      case .finished: break run
      case .pull: attempting { schedule.add(try next()) }
      case .send(let attempt): client.send(attempt.request, number: attempt.number)
      case .wait(let due):
        var kept: [(QuestionID, KeptAnswer)] = []
        for arrival in Self.arrivals(at: client, before: due, isIdle: schedule.underWayCount == 0, clock) {
          client.arrived(arrival.number)
          kept += schedule.settle(arrival.number, arrival.outcome, at: clock.now(), split: split)
        }
        if !kept.isEmpty { attempting { try keep(kept) } }
        progress(schedule.progress(at: clock.now()))
        switch wish() {
        case .goOn: break
        case .finish: schedule.stop(.interrupted)
        case .abandon:
          schedule.stop(.interrupted)
          client.abandonAll()
        }
      }
    }
    let rest = schedule.close()
    if !rest.isEmpty { attempting { try keep(rest) } }
    progress(schedule.progress(at: clock.now()))
    if let failure { throw failure }
    return schedule.tally.report
  }

  /// What arrives before a time, or within a tenth of a second: then there is a look at other things.
  private static func arrivals(
    at client: ServerClient, before due: Double, isIdle: Bool, _ clock: AskClock
  ) -> [ServerClient.Arrival] {
    let seconds = min(max(0, due - clock.now()), 0.1)
    guard isIdle else { return client.arrivals.take(waitingSeconds: seconds) }
    clock.sleep(seconds)
    return []
  }
}
