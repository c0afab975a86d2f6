// The responses of the prompt that records speak of at present, held in memory. No record that speaks of responses adds
// any, so what was read stays true until the next prompt.

/// Knows which responses one prompt has.
struct PromptResponses {
  private struct Response {
    var model: Range<Int>
    var sample: Int64
  }

  private let all: SQLStatement
  private let promptID = HeldBytes()
  private var isLoaded = false
  /// How often the prompt was asked about.
  private var useCount = 0
  /// Whether the prompt before was asked about more than once.
  private var isRun = false
  private var responses: [Response] = []
  /// The names of their models, one after the other.
  private var names: [UInt8] = []

  /// Looking through more of them would take longer than the index does.
  private static let limit = 100

  init(in connection: Connection) throws {
    all = try connection.statement(
      "SELECT model, sample FROM responses WHERE prompt_id = ?1 LIMIT \(Self.limit)")
  }

  /// Whether a response is known to be there. It may be there though it isn't known: of a prompt with very many only some
  /// are known, and of a new one nothing is, unless the one before was asked about more than once.
  mutating func contain(_ prompt: Bytes, _ model: Bytes, _ sample: Int64) throws -> Bool {
    if !promptID.bytes.isEqual(to: prompt) {
      promptID.set(prompt)
      (isLoaded, isRun, useCount) = (false, useCount > 1, 0)
    }
    useCount += 1
    guard isRun || useCount > 1 else { return false }
    if !isLoaded { try load() }
    return names.withUnsafeBytes { names in
      responses.contains { $0.sample == sample && Bytes(rebasing: names[$0.model]).isEqual(to: model) }
    }
  }

  private mutating func load() throws {
    responses.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    all.bind(1, unownedText: promptID.bytes)
    defer { all.reset() }
    while try all.step() {
      let start = names.count
      names.append(contentsOf: all.bytes(0))
      responses.append(Response(model: start..<names.count, sample: all.integer(1)))
    }
    isLoaded = true
  }
}
