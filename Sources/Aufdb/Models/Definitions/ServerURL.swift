// The URL of a server, checked before it is kept: a name and a place, and nothing that is a secret.

/// What a base URL may be: http or https, a host, perhaps a port, a path and a query.
enum ServerURL {
  /// Checks a URL, and gives it without slashes at the end of its path.
  ///
  /// - Throws: `.badData`, in words that don't show the URL where it may hold a key.
  static func checked(_ text: String) throws(AufdbError) -> String {
    guard !text.isEmpty, text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw AufdbError(.badData, "a url is 1 to 2,048 visible characters of ASCII")
    }
    let hint = "such as http://localhost:8000/v1"
    guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
      throw AufdbError(.badData, "a url begins with http:// or https://", hint: hint)
    }
    guard !text.contains("#") else { throw AufdbError(.badData, "a url of a server has no #fragment", hint: hint) }
    let (base, query) = ModelAccess.divided(String(text.dropFirst(scheme.utf8.count)))
    let authority = String(base.prefix { $0 != "/" })
    guard !authority.contains("@") else {
      throw AufdbError(.badData, "a url never holds a user or a password", hint: PlainKey.hint)
    }
    guard isHost(authority) else { throw AufdbError(.badData, "a url has a host, and perhaps a port", hint: hint) }
    for item in query.dropFirst().split(separator: "&") {
      let name = String(item.prefix { $0 != "=" })
      guard !PlainKey.isNameInQuery(name) else {
        throw AufdbError(.badData, "a url never holds a key, as \(name.quoted) in its query is", hint: PlainKey.hint)
      }
    }
    return scheme + base + query
  }

  /// "localhost:8000", "10.0.0.7", "[::1]:8000"
  private static func isHost(_ authority: String) -> Bool {
    var rest = authority[...]
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return false }
      let address = rest[..<end].dropFirst()
      guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return false }
      rest = rest[rest.index(after: end)...]
    } else {
      let host = rest.prefix { $0 != ":" }
      guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else { return false }
      rest = rest[host.endIndex...]
    }
    guard let colon = rest.first else { return true }
    let digits = rest.dropFirst()
    return colon == ":" && digits.allSatisfy(\.isWholeNumber) && Int(digits).map { (1...65_535).contains($0) } == true
  }
}
