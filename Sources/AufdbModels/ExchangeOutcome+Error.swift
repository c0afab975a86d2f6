// What the errors of the network mean. Their own descriptions say which code of which library failed where: none is
// shown, but for the system's words for its codes.

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension ExchangeOutcome {
  /// The outcome of a request that failed with an error of the client's.
  init(_ error: any Error) {
    switch error {
    case let error as HTTPClientError: self.init(client: error)
    case let error as NIOConnectionError: self = .unreachable(Self.reason(of: error))
    case is ChannelError: self = .unreachable("it takes no connection in time")
    case let error as IOError where error.errnoCode == ECONNREFUSED:
      self = .unreachable(Self.words(for: error.errnoCode))
    case let error as IOError: self = .broken(Self.words(for: error.errnoCode))
    case is SocketAddressError: self = .unreachable("its name leads to no address")
    case NIOSSLError.uncleanShutdown: self = .broken("it ended without notice")
    case NIOSSLError.handshakeFailed(let reason): self = .untrusted(Self.reason(of: reason))
    case is NIOSSLExtraError: self = .untrusted("its certificate is for another name")
    case is NIOSSLError, is BoringSSLError: self = .broken("its encryption is faulty")
    case is HTTPParserError: self = .broken("what it says isn't HTTP, or ends early")
    default: self = .broken("\(type(of: error))")
    }
  }

  private init(client error: HTTPClientError) {
    switch error {
    case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout: self = .timedOut
    case .connectTimeout, .tlsHandshakeTimeout: self = .unreachable("it takes no connection in time")
    case .socksHandshakeTimeout, .httpProxyHandshakeTimeout, .invalidProxyResponse:
      self = .unreachable("the proxy makes no connection")
    case .proxyAuthenticationRequired: self = .unreachable("the proxy wants a user and a password, or others")
    case .cancelled, .alreadyShutdown: self = .cancelled
    case .remoteConnectionClosed, .uncleanShutdown: self = .broken("it ended before the answer did")
    default: self = .broken(error.shortDescription)
    }
  }

  /// Of all the addresses that were tried, the first one's reason.
  private static func reason(of error: NIOConnectionError) -> String {
    if let first = error.connectionErrors.first?.error {
      if let error = first as? IOError { return words(for: error.errnoCode) }
      return "it takes no connection in time"
    }
    return "there is no host \(error.host.quoted)"
  }

  /// BoringSSL's words for its reasons are of the kind of CERTIFICATE_VERIFY_FAILED.
  private static func reason(of error: BoringSSLError) -> String {
    let words = "\(error)"
    if words.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate isn't trusted" }
    if words.contains("WRONG_VERSION_NUMBER") { return "it doesn't speak TLS: is it http:// that is meant?" }
    return "no agreement about encryption"
  }

  private static func words(for code: CInt) -> String {
    let words = String(cString: strerror(code))
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
