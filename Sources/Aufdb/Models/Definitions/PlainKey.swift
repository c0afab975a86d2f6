// Keys that stand in a definition file in plain sight. They are refused before anything else is looked at, so that no
// other message shows one.
//
// A store is copied, pushed and shown: a key that came into it would be everywhere. So a file names the environment
// variable or the file that holds the key, and whatever else looks like a key is an error, which never shows it.

import Yams

/// Looks for keys, and for files that would take forever to look through.
struct PlainKey {
  static let hint = "key: {env: NAME} names the environment variable that holds it, and key: {file: PATH} a file"

  /// Names under which people keep secrets, in lower case, without what stands between words.
  private static let names: Set<String> = [
    "apikey", "apitoken", "apisecret", "accesskey", "accesstoken", "authtoken", "bearertoken", "bearer", "token",
    "secret", "secretkey", "clientsecret", "password", "passwd", "pwd", "authorization", "auth", "credentials",
    "openaiapikey",
  ]

  /// Whether a value under this name is a secret.
  static func isName(_ name: String) -> Bool {
    names.contains(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// Whether what a URL's query has under this name is one.
  static func isNameInQuery(_ name: String) -> Bool {
    isName(name) || ["key", "sig", "signature"].contains(name.lowercased())
  }

  private static let nodeLimit = 100_000
  private static let depthLimit = 32

  private let file: String
  private var nodeCount = 0

  private init(file: String) { self.file = file }

  /// Goes through a whole file.
  ///
  /// - Throws: `.badData` with the line where a key stands in it, or where there is no end to it.
  static func refuse(in root: Node, file: String) throws(AufdbError) {
    var search = PlainKey(file: file)
    try search.visit(root, 0)
  }

  private mutating func visit(_ node: Node, _ depth: Int) throws(AufdbError) {
    nodeCount += 1
    // An alias is the whole value that it stands for.
    guard nodeCount <= Self.nodeLimit, depth <= Self.depthLimit else {
      throw fault(
        "a file of definitions has at most \(Self.nodeLimit) values, nested \(Self.depthLimit) deep", at: node)
    }
    switch node {
    case .scalar(let scalar):
      if Self.looksLikeKey(scalar.string) { throw fault("this looks like a key", hint: Self.hint, at: node) }
    case .sequence(let sequence):
      for element in sequence { try visit(element, depth + 1) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        let name = key.scalar?.string ?? ""
        // Beside a server's URL `key` is the place for one, and elsewhere a word like any other.
        let isSecret = Self.isName(name) || (name == "key" && depth <= 2)
        guard !isSecret || value.scalar.map(Self.isNothing) ?? true else {
          throw fault("a key never stands in a definition, as under '\(name)' here", hint: Self.hint, at: key)
        }
        try visit(key, depth + 1)
        try visit(value, depth + 1)
      }
    case .alias: throw fault("aliases of what comes later aren't read here", at: node)
    }
  }

  /// Whether a value says that there is none.
  private static func isNothing(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  /// Whether a text has the form of the keys that well-known servers give out.
  private static func looksLikeKey(_ text: String) -> Bool {
    let isKnown = ["sk-", "hf_", "gsk_", "xai-", "Bearer "].contains { text.hasPrefix($0) }
    return isKnown && text.utf8.count >= 20
      && text.dropFirst(7).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.=+/".contains($0)) }
  }

  private func fault(_ message: String, hint: String? = nil, at node: Node) -> AufdbError {
    AufdbError(.badData, message, hint: hint, at: .init(file: file, line: node.mark?.line))
  }
}
