// The key of a server: a secret, which nothing prints.
//
// It is a type of its own so that no message, report or dump can show it by accident: all that Swift can print of a
// value (its description, its debug description, its mirror) says "[key]". The text is read in one place, where the
// header of requests is made. What a server says is searched for it before it goes anywhere: some repeat it.

import Aufdb
import FoundationEssentials

/// A key, which is sent to its server and shown to nobody.
public struct ModelKey: Sendable {
  /// What may go into a header only.
  let secret: String

  /// Takes the key in the first line of a text, without the white space around it.
  ///
  /// - Parameter origin: where it comes from, for messages, such as "the file ~/.keys/openai".
  /// - Throws: `.usage` where it is empty or has characters that no header can have.
  public init(_ text: String, from origin: String) throws(AufdbError) {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let line = text.utf8.drop(while: isSpace).prefix { $0 != 0x0A }
    let bytes = line.reversed().drop(while: isSpace).reversed()
    guard !bytes.isEmpty else { throw AufdbError(.usage, "the key in \(origin) is empty") }
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw AufdbError(
        .usage, "what is in \(origin) isn't a key: it has spaces, control characters or characters outside ASCII",
        hint: "a key is one word, alone in its line")
    }
    secret = String(decoding: Array(bytes), as: UTF8.self)
  }

  /// Reads a key from where its definition says.
  ///
  /// - Parameter environment: the value of an environment variable.
  /// - Throws: `.usage` where the variable isn't set; `.cannotOpenInput` where the file can't be read.
  public init(_ source: KeySource, environment: (String) -> String?) throws(AufdbError) {
    switch source {
    case .environment(let name):
      guard let value = environment(name) else {
        throw AufdbError(
          .usage, "the environment variable \(name) isn't set; the key is read from there", hint: "export \(name)=...")
      }
      try self.init(value, from: "the environment variable \(name)")
    case .file(let path):
      var fullPath = path
      if path.hasPrefix("~/"), let home = environment("HOME") { fullPath = home + path.dropFirst() }
      guard let data = FileManager.default.contents(atPath: fullPath) else {
        throw AufdbError(.cannotOpenInput, "the key's file \(path.quoted) can't be read")
      }
      try self.init(String(decoding: data, as: UTF8.self), from: "the file \(path.quoted)")
    }
  }

  /// A text of somebody else's, with "[key]" wherever the key stands in it.
  ///
  /// A key of fewer than 8 characters ("none", "EMPTY": what servers get that want none) is no secret, and might stand
  /// in any text.
  func redacted(_ text: String) -> String {
    guard secret.utf8.count >= Self.shortest else { return text }
    return text.replacing(secret, with: Self.mask)
  }

  private static let shortest = 8
  private static let mask = "[key]"
}

extension ModelKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { Self.mask }
  public var debugDescription: String { Self.mask }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ModelKey? {
  func redacted(_ text: String) -> String { self?.redacted(text) ?? text }
}
