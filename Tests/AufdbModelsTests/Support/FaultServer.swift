// The server with faults (server.py), which all tests share: each uses a name of its own in its URL.

import AsyncHTTPClient
import Foundation
import NIOCore
import Testing

/// A server on loopback that ends with the process of the tests.
struct FaultServer: Sendable {
  /// What the server saw under one name.
  struct Book: Decodable {
    var requests: Int
    /// How often each question was asked, and answered at the asker's expense.
    var asked: [String: Int]
    var paid: [String: Int]
    /// The most requests under way at once.
    var most: Int
    var connections: Int
    /// Of the last request.
    var headers: [String: String]
    var query: String
    /// How many texts each request had.
    var bodies: [Int]
  }

  static let certificateFile = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "loopback.pem").path
  private static let started = Result { try FaultServer() }

  static func shared() throws -> FaultServer { try started.get() }

  let port: Int
  let securePort: Int

  private init() throws {
    // The server ends when nobody holds the other end of its standard input, however this process ends.
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0)
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
      try #require(!piece.isEmpty, "the server doesn't start: is there a python3?")
      line += piece
    }
    let ports = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    try #require(ports.count == 2)
    (port, securePort) = (ports[0], ports[1])
  }

  func baseURL(_ name: String, _ script: String) -> String { "http://127.0.0.1:\(port)/\(name)/\(script)/v1" }

  func book(_ name: String) throws -> Book {
    let response = try HTTPClient.shared.get(url: "http://127.0.0.1:\(port)/\(name)").wait()
    let body = try #require(response.body)
    return try JSONDecoder().decode(Book.self, from: Data(body.readableBytesView))
  }
}
