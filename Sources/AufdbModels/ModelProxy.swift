// A proxy between here and a server, and which one the usual environment variables name.

import Aufdb
import FoundationEssentials

/// A proxy that tunnels (CONNECT), or one of SOCKS 5.
public struct ModelProxy: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case http
    case socks
  }

  let kind: Kind
  let host: String
  let port: Int
  /// "user:password", a secret.
  let credentials: ProxyCredentials?

  /// Reads "http://user:password@host:port", where all but the host may be missing, or "socks5://host:port".
  ///
  /// - Parameter origin: where it was said, for messages; what was said is not shown.
  /// - Throws: `.usage` for what isn't one, and for TLS to the proxy itself ("https://").
  public init(_ text: String, from origin: String) throws(AufdbError) {
    let full = text.contains("://") ? text : "http://\(text)"
    guard let components = URLComponents(string: full), let host = components.host, !host.isEmpty else {
      throw AufdbError(.usage, "\(origin) isn't the URL of a proxy", hint: "such as http://proxy.example:3128")
    }
    switch components.scheme?.lowercased() {
    case "http": kind = .http
    case "socks5", "socks5h", "socks": kind = .socks
    default:
      throw AufdbError(.usage, "\(origin) names a proxy that is neither http:// nor socks5://")
    }
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    port = components.port ?? (kind == .http ? 3128 : 1080)
    credentials = components.user.map { ProxyCredentials(user: $0, password: components.password ?? "") }
    guard kind == .http || credentials == nil else {
      throw AufdbError(.usage, "\(origin) has a user for a proxy of SOCKS, which isn't supported")
    }
  }

  /// The proxy that the environment names for a server, as curl would choose it: `https_proxy` or `http_proxy` by the
  /// server's scheme, else `all_proxy`, unless `no_proxy` names the host. Small letters come before capitals, and
  /// HTTP_PROXY isn't looked at in capitals: programs of web servers have it from whoever asks them. None leads to
  /// this machine itself.
  ///
  /// - Parameter environment: the value of an environment variable.
  public static func chosen(for baseURL: String, environment: (String) -> String?) throws(AufdbError) -> ModelProxy? {
    let address = try ServerAddress(baseURL)
    if address.isLoopback { return nil }
    let named = address.isEncrypted ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
    for name in named + ["all_proxy", "ALL_PROXY"] {
      guard let text = environment(name), !text.isEmpty else { continue }
      let exceptions = environment("no_proxy") ?? environment("NO_PROXY") ?? ""
      if isException(address.host, in: exceptions) { return nil }
      return try ModelProxy(text, from: "the environment variable \(name)")
    }
    return nil
  }

  /// Whether a list of "*", hosts, and domains with or without a dot before them names a host or a domain above it.
  static func isException(_ host: String, in list: String) -> Bool {
    list.lowercased().split { $0 == "," || $0 == " " }.contains { entry in
      let name = entry.drop { $0 == "." }.prefix { $0 != ":" }
      return entry == "*" || (!name.isEmpty && (host == name || host.hasSuffix(".\(name)")))
    }
  }
}

/// What a proxy wants to know, which nothing prints.
struct ProxyCredentials: Sendable, Equatable {
  let user: String
  let password: String
}

extension ProxyCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "[credentials]" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
