// Sending requests over HTTP, and what comes back.
//
// Built on the futures of async-http-client, whose threads are its own, and not on Swift's concurrency: a verb blocks the
// thread that it runs on, which may be one of the few that tasks run on.

import AsyncHTTPClient
import Aufdb
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The connections of one run to one server.
final class ServerClient {
  /// The most bytes of an answer, unpacked: a batch of 64 vectors of 4,096 numbers has about 6 MB.
  static let bodyLimitBytes = 64 << 20

  typealias Read = @Sendable (ModelRequest, [UInt8]) throws(ProtocolFault) -> [KeptAnswer]

  /// What became of the request of that number.
  struct Arrival: Sendable {
    let number: Int
    let outcome: ExchangeOutcome
  }

  let arrivals = Mailbox<Arrival>()
  private let client: HTTPClient
  private let headers: HTTPHeaders
  private let timeout: TimeAmount
  private let access: ModelAccess
  private let key: ModelKey?
  private let unixSeconds: Double
  private let read: Read
  private var requests: [String: HTTPClient.Request] = [:]
  private var tasks: [Int: HTTPClient.Task<Void>] = [:]

  /// - Throws: `.cannotOpenInput` for a file of certificates that can't be read.
  init(
    _ access: ModelAccess, key: ModelKey?, _ options: AskOptions, unixSeconds: Double, read: @escaping Read
  ) throws(AufdbError) {
    self.access = access
    self.key = key
    self.read = read
    self.unixSeconds = unixSeconds
    timeout = .nanoseconds(Int64(min(access.timeoutSeconds, 1e6) * 1e9))
    var headers: HTTPHeaders = [
      "content-type": "application/json", "accept": "application/json", "accept-encoding": "gzip, deflate",
      "user-agent": "aufdb/\(AufdbVersion.current)",
    ]
    if let key { headers.add(name: "authorization", value: "Bearer \(key.secret)") }
    self.headers = headers
    // One loop, and not one for each processor: it is enough for many times what servers answer, and a request whose
    // connection is on another loop than itself ends the process where the server answers, and closes the connection,
    // before the end of the request was told across (async-http-client 1.37: "a connection that we don't know was
    // released").
    client = HTTPClient(
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(),
      configuration: try Self.configuration(
        options, timeout: timeout, concurrency: options.concurrency ?? access.concurrency))
  }

  private static func configuration(
    _ options: AskOptions, timeout: TimeAmount, concurrency: Int
  ) throws(AufdbError) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: min(timeout, .seconds(30)), read: timeout),
      // Bounded where the body is read: what one piece of it unpacks to is small beside the bound.
      decompression: .enabled(limit: .none))
    // Servers of Python close connections that were idle for 5 seconds: one sent just then would be lost.
    configuration.connectionPool.idleTimeout = .seconds(4)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, concurrency)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    configuration.proxy = options.proxy.map { proxy in
      guard proxy.kind == .http else { return .socksServer(host: proxy.host, port: proxy.port) }
      let authorization = proxy.credentials.map {
        HTTPClient.Authorization.basic(username: $0.user, password: $0.password)
      }
      return .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }
    if let file = options.certificateFile {
      do {
        var security = TLSConfiguration.makeClientConfiguration()
        security.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
        configuration.tlsConfiguration = security
      } catch {
        throw AufdbError(.cannotOpenInput, "the file of certificates \(file.quoted) can't be read")
      }
    }
    return configuration
  }

  /// Ends all connections; nothing may be under way.
  func shutDown() { try? client.syncShutdown() }

  /// Sends a request; what becomes of it arrives in `arrivals`, once.
  func send(_ request: ModelRequest, number: Int) {
    var message: HTTPClient.Request
    do {
      message = try template(path: request.path)
    } catch {
      arrivals.put(Arrival(number: number, outcome: .unreachable("the URL makes no sense")))
      return
    }
    message.body = .bytes(request.body)
    let collector = ResponseCollector(limit: Self.bodyLimitBytes)
    let task = client.execute(request: message, delegate: collector, deadline: .now() + timeout)
    tasks[number] = task
    task.futureResult.whenComplete { [arrivals, key, read, unixSeconds] result in
      let outcome =
        switch result {
        case .success: collector.outcome(of: request, key: key, now: unixSeconds, read: read)
        case .failure(let error): collector.outcome(after: error, of: request, key: key, now: unixSeconds, read: read)
        }
      arrivals.put(Arrival(number: number, outcome: outcome))
    }
  }

  /// Has to be called for all that arrived.
  func arrived(_ number: Int) { tasks[number] = nil }

  func abandonAll() {
    for task in tasks.values { task.cancel() }
  }

  /// Taking a URL apart costs as much as all the rest of a request: it is done once for each path.
  private func template(path: String) throws -> HTTPClient.Request {
    if let request = requests[path] { return request }
    let request = try HTTPClient.Request(url: access.url(of: path), method: .POST, headers: headers)
    requests[path] = request
    return request
  }
}
