// The base URL of a server, taken apart once.

import Aufdb
import FoundationEssentials
import Glibc

/// Where a server is.
struct ServerAddress: Sendable, Equatable {
  let host: String
  let isEncrypted: Bool

  /// Reads a base URL, such as "http://localhost:8000/v1".
  ///
  /// - Throws: `.usage` for anything but http and https, and for what holds a user or a password. Such a text isn't shown.
  init(_ text: String) throws(AufdbError) {
    let components = URLComponents(string: text)
    guard components?.user == nil, components?.password == nil else {
      throw AufdbError(
        .usage, "a server's URL has no user and no password", hint: "keys come from an environment variable or a file")
    }
    guard let components, let scheme = components.scheme?.lowercased(), scheme == "http" || scheme == "https",
      let host = components.host, !host.isEmpty
    else {
      throw AufdbError(.usage, "\(text.quoted) isn't the URL of a server", hint: "such as http://localhost:8000/v1")
    }
    self.host = host.lowercased()
    isEncrypted = scheme == "https"
  }

  /// Whether nothing that is sent there leaves this machine: localhost, 127.0.0.0/8 and ::1.
  var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") { return true }
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    let literal = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    guard inet_pton(AF_INET6, literal, &six) == 1 else { return false }
    return withUnsafeBytes(of: &six) { bytes in bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
  }
}

extension ModelAccess {
  /// The URL of a path as messages show it: without the query, of which nobody knows what it holds.
  func shownURL(of path: String) -> String { String(url(of: path).prefix { $0 != "?" }) }
}
