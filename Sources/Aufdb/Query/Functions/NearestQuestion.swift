// What is asked of nearest: its arguments, and the vector that a key stands for.

import GRDBSQLite

/// The arguments of one call, found to make sense by themselves.
struct NearestQuestion {
  enum Subject {
    /// A response's key in words, or a prompt's id.
    case key(String)
    case vector([UInt8])
  }

  /// What is searched.
  enum Candidates: String {
    case responses, prompts
  }

  static let defaultCount: Int64 = 10
  /// More blanks than these has no key; each is a look-up.
  private static let blankLimit = 100

  let subject: Subject
  let count: Int
  /// nil: the same as what is asked about, and responses for a vector.
  let candidates: Candidates?
  /// nil: the only one.
  let encoder: String?

  /// - Throws: `.refused`, with what is wrong.
  init(_ arguments: [NearestArguments: SQLValue]) throws(AufdbError) {
    switch arguments[.response] {
    case .text(let key): subject = .key(key)
    case .integer(let number): subject = .key(String(number))
    case .blob(let bytes): subject = .vector(bytes)
    case .null:
      throw AufdbError(.refused, "nearest: the response is NULL, and so nothing to be near to")
    case .real: throw AufdbError(.refused, "nearest: a number is no response; \(Self.usage)")
    case nil: throw AufdbError(.refused, "nearest has no response to be near to: \(Self.usage)")
    }
    switch arguments[.k] {
    case nil: count = Int(Self.defaultCount)
    case .integer(let number) where number >= 1: count = Int(number)
    default: throw AufdbError(.refused, "nearest: k is not a whole number of at least 1")
    }
    switch arguments[.among] {
    case nil: candidates = nil
    case .text(let name) where Candidates(rawValue: name) != nil: candidates = Candidates(rawValue: name)
    default: throw AufdbError(.refused, "nearest: the third argument is 'responses' or 'prompts'")
    }
    switch arguments[.encoder] {
    case nil: encoder = nil
    case .text(let name): encoder = name
    default: throw AufdbError(.refused, "nearest: the encoder is no text")
    }
  }

  private static let usage = "write nearest('PROMPT_ID MODEL', 10), or nearest(VECTOR, 10)"

  /// The embedding that the key stands for.
  struct Found {
    let promptID: [UInt8]
    let model: [UInt8]?
    let sample: Int64
    let element: EmbeddingElement
    let vector: [UInt8]
  }

  /// Finds the embedding of a key, whose parts stand with blanks between them: all ways to read it are tried, since
  /// prompts and models may have blanks in their names.
  ///
  /// - Throws: `.refused` where there is none, or more than one.
  func embedding(of key: String, in connection: Connection) throws(AufdbError) -> Found {
    let readings = try Self.readings(of: key)
    let statement = try connection.statement(
      """
      SELECT prompt_id, model, sample, element, vector, encoder FROM embeddings
      WHERE prompt_id = ?1 AND model IS ?2 AND sample = ?3 \(encoder == nil ? "" : "AND encoder = ?4")
      """)
    var found: Found?
    for reading in readings {
      statement.reset()
      statement.bind(1, .text(reading.promptID))
      statement.bind(2, reading.model.map { .text($0) } ?? .null)
      statement.bind(3, reading.sample)
      if let encoder { statement.bind(4, .text(encoder)) }
      var isOfReading = false
      while try statement.step() {
        if isOfReading { throw try connection.severalEncoders() }
        guard found == nil else {
          throw AufdbError(
            .refused, "nearest: \(key.quoted) can be read in two ways, each of which has an embedding; give the vector")
        }
        isOfReading = true
        found = try Found(statement)
      }
    }
    if let found { return found }
    let whose = encoder.map { " by the encoder \($0.quoted)" } ?? ""
    throw AufdbError(
      .refused,
      "nearest: there is no embedding of \(key.quoted)\(whose); a response is written 'PROMPT_ID MODEL', or "
        + "'PROMPT_ID MODEL SAMPLE'")
  }

  private typealias Reading = (promptID: String, model: String?, sample: Int64)

  private static func readings(of key: String) throws(AufdbError) -> [Reading] {
    let words = key.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count <= blankLimit else {
      throw AufdbError(.refused, "nearest: \(key.quoted) is no key of a response")
    }
    func joined(_ words: ArraySlice<Substring>) -> String { words.joined(separator: " ") }
    var readings: [Reading] = [(key, nil, 0)]
    for end in words.indices.dropFirst() {
      let (promptID, rest) = (joined(words[..<end]), words[end...])
      readings.append((promptID, joined(rest), 0))
      // Not "00" nor "+1": each sample is written in one way.
      if rest.count > 1, let last = rest.last, let sample = Int64(last), String(sample) == last {
        readings.append((promptID, joined(rest.dropLast()), sample))
      }
    }
    return readings
  }
}

extension NearestQuestion.Found {
  fileprivate init(_ row: SQLStatement) throws(AufdbError) {
    guard let element = EmbeddingElement(named: row.bytes(3)) else {
      throw AufdbError(.badData, "the store is damaged: there is no element '\(row.string(3))'")
    }
    (promptID, model) = (Array(row.bytes(0)), row.isNull(1) ? nil : Array(row.bytes(1)))
    (sample, self.element, vector) = (row.integer(2), element, Array(row.bytes(4)))
  }
}

extension Connection {
  /// The encoders that a revision has vectors of.
  func encoders() throws(AufdbError) -> [String] {
    try all("SELECT DISTINCT encoder FROM embeddings ORDER BY 1") { $0.string(0) }
  }

  /// The error of a search that doesn't say whose vectors it means.
  func severalEncoders() throws(AufdbError) -> AufdbError {
    let encoders = try encoders()
    let names = encoders.prefix(8).map(\.quoted).joined(separator: ", ") + (encoders.count > 8 ? " ..." : "")
    return AufdbError(
      .refused,
      "nearest: there are embeddings of several encoders (\(names)): add WHERE encoder = "
        + (encoders.first?.quoted ?? "NAME"))
  }
}
