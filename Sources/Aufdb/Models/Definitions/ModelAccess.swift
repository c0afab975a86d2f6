// How a server is reached: what may change without any answer becoming another one, and so makes no new version.

/// Where the key to a server comes from. The key itself is never in a definition.
public enum KeySource: Sendable, Equatable {
  /// The environment variable of this name.
  case environment(String)
  /// The first line of this file; a path that begins with ~/ is in the home directory.
  case file(String)
}

/// How a server is reached, what it may be asked at a time, and what it costs.
public struct ModelAccess: Sendable, Equatable {
  /// The URL up to what each of the protocol's paths follows: "http://localhost:8000/v1", without a slash at its end.
  public var baseURL: String
  /// nil: the server wants none.
  public var key: KeySource?
  /// How many requests may be on their way at once.
  public var concurrency = 16
  /// How long one request may take.
  public var timeoutSeconds = 120.0
  /// How often a request is made before it counts as failed.
  public var attempts = 6
  public var requestsPerMinute: Int?
  /// The price of a million tokens that are sent, in whatever currency the user counts.
  public var inputPrice: Double?
  /// The price of a million tokens that come back.
  public var outputPrice: Double?

  public init(baseURL: String) { self.baseURL = baseURL }

  /// What so many tokens cost; nil where there are no prices.
  public func cost(inputTokens: Int, outputTokens: Int) -> Double? {
    guard inputPrice != nil || outputPrice != nil else { return nil }
    return (Double(inputTokens) * (inputPrice ?? 0) + Double(outputTokens) * (outputPrice ?? 0)) / 1_000_000
  }

  static let concurrencies = 1...4096
  static let timeouts = 0.001...86_400.0
  static let attemptCounts = 1...100
  static let requestRates = 1...1_000_000_000
  static let prices = 0...Double.greatestFiniteMagnitude

  /// The URL of one of the protocol's paths.
  ///
  /// The path goes before the query, where the base URL has one: some servers want their API's version there.
  ///
  /// - Parameter path: without a slash at its beginning: "chat/completions".
  public func url(of path: String) -> String {
    let (base, query) = Self.divided(baseURL)
    return "\(base)/\(path)\(query)"
  }

  /// A URL up to its query, without slashes at the end; and the query with its question mark.
  static func divided(_ url: String) -> (base: String, query: String) {
    let mark = url.firstIndex(of: "?") ?? url.endIndex
    var base = url[..<mark]
    while base.hasSuffix("/") { base.removeLast() }
    return (String(base), String(url[mark...]))
  }
}

extension ModelAccess {
  /// As the column `access` has it: all that has a value, the defaults too, so that another version of aufdb with other
  /// defaults reads the same.
  var values: [String: Operation.Value] {
    var values: [String: Operation.Value] = [
      "url": .text(baseURL), "concurrency": .integer(Int64(concurrency)), "timeout": .real(timeoutSeconds),
      "attempts": .integer(Int64(attempts)),
    ]
    switch key {
    case .environment(let name): values["key"] = .json(Operation.object(["env": .text(name)]))
    case .file(let path): values["key"] = .json(Operation.object(["file": .text(path)]))
    case nil: break
    }
    if let requestsPerMinute { values["requests_per_minute"] = .integer(Int64(requestsPerMinute)) }
    if let inputPrice { values["input_price"] = .real(inputPrice) }
    if let outputPrice { values["output_price"] = .real(outputPrice) }
    return values
  }

  /// Takes a key of such an object, whose value is next.
  ///
  /// - Returns: whether it is one of these.
  mutating func take(_ key: JSONKey, from reader: inout JSONReader) throws(JSONError) -> Bool {
    switch key {
    case "url": baseURL = String(decoding: try reader.string(), as: UTF8.self)
    case "concurrency": concurrency = Int(try reader.int())
    case "timeout": timeoutSeconds = try reader.double()
    case "attempts": attempts = Int(try reader.int())
    case "requests_per_minute": requestsPerMinute = Int(try reader.int())
    case "input_price": inputPrice = try reader.double()
    case "output_price": outputPrice = try reader.double()
    case "key":
      try reader.beginObject()
      while let key = try reader.nextKey() {
        let isFile = key == "file"
        let text = String(decoding: try reader.string(), as: UTF8.self)
        self.key = isFile ? .file(text) : .environment(text)
      }
    default: return false
    }
    return true
  }
}
