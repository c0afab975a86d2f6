// The server with faults (server.py), which all tests share: each uses a name of its own in its URL.

import AsyncHTTPClient
import Foundation
import NIOCore

/// A server on loopback that ends with the process of the tests.
public struct FaultServer: Sendable {
  /// What the server saw under one name.
  public struct Book: Decodable, Sendable {
    public var requests: Int
    /// How often each question was asked, and answered at the asker's expense.
    public var asked: [String: Int]
    public var paid: [String: Int]
    /// The most requests under way at once.
    public var most: Int
    public var connections: Int
    /// Of the last request.
    public var headers: [String: String]
    public var query: String
    /// How many texts each request had.
    public var bodies: [Int]
  }

  /// Why there is no server.
  struct Unavailable: Error {
    let reason: String
  }

  public static let certificateFile = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "loopback.pem"
  ).path
  private static let started = Result { try FaultServer() }

  public static func shared() throws -> FaultServer { try started.get() }

  public let port: Int
  public let securePort: Int

  private init() throws {
    // The server ends when nobody holds the other end of its standard input, however this process ends.
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0, fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 else { throw Unavailable(reason: "no pipe") }
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "server.py").path
    process.arguments = ["python3", "-B", script, Self.certificateFile]
    process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    process.standardOutput = output
    try process.run()
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw Unavailable(reason: "the server doesn't start: is there a python3?") }
      line += piece
    }
    let ports = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    guard ports.count == 2 else { throw Unavailable(reason: "the server doesn't tell its ports") }
    (port, securePort) = (ports[0], ports[1])
  }

  public func baseURL(_ name: String, _ script: String) -> String {
    "http://127.0.0.1:\(port)/\(name)/\(script)/v1"
  }

  public func book(_ name: String) throws -> Book { try get(name) }

  /// Waits until there were so many requests under a name.
  @discardableResult
  public func book(_ name: String, afterRequests count: Int) throws -> Book { try get("\(name)/await.\(count)") }

  /// Lets all through that wait at a name's gate, and whoever comes there later.
  public func openGate(_ name: String) throws { _ = try get("\(name)/open") }

  private func get(_ path: String) throws -> Book {
    let response = try HTTPClient.shared.get(url: "http://127.0.0.1:\(port)/\(path)", deadline: .now() + .seconds(90))
      .wait()
    guard let body = response.body else { throw Unavailable(reason: "the server says nothing") }
    return try JSONDecoder().decode(Book.self, from: Data(body.readableBytesView))
  }
}
