// A prompt as a list of turns, and what a format can say of it.
//
// The turns' texts are slices of SQLite's memory or of the reader's: valid until the next prompt is read.

/// The messages of one prompt; one value is reused for all pairs.
struct PromptTurns: ~Copyable {
  enum Role {
    case system, user, assistant
    /// tool, developer and whatever else a template may know.
    case other
  }

  struct Turn {
    var role: Role
    var roleName: Bytes
    var content: Bytes
  }

  private(set) var turns: [Turn] = []
  private var reader = MessageReader()

  init() {}

  /// What comes after the system message, if there is one.
  var afterSystem: ArraySlice<Turn> { turns.first?.role == .system ? turns.dropFirst() : turns[...] }
  /// The system message that the prompt begins with.
  var system: Bytes? { turns.first?.role == .system ? turns.first?.content : nil }

  /// Reads a pair's prompt.
  ///
  /// - Throws: `.badData` where it is not the list of messages that it should be.
  mutating func read(_ pair: PreferencePair) throws(AufdbError) {
    turns.removeAll(keepingCapacity: true)
    guard pair.promptForm == .messages else {
      return turns.append(Turn(role: .user, roleName: Self.bytes("user"), content: pair.prompt))
    }
    let isComplete: Bool
    do throws(JSONError) {
      isComplete = try readMessages(pair.prompt)
    } catch {
      throw pair.damage("is not a list of messages: \(error)")
    }
    guard isComplete else { throw pair.damage("has a message without a role or without a content") }
  }

  /// Puts a system message before a prompt that has none.
  mutating func addSystem(_ content: Bytes) {
    guard system == nil else { return }
    turns.insert(Turn(role: .system, roleName: Self.bytes("system"), content: content), at: 0)
  }

  /// Whether each message has both a role and a content; what else it has is left out.
  private mutating func readMessages(_ list: Bytes) throws(JSONError) -> Bool {
    try reader.begin(list)
    while let message = try reader.next() {
      guard let role = message.role, let content = message.content else { return false }
      turns.append(Turn(role: Self.role(role), roleName: role, content: content))
    }
    return true
  }

  private static func bytes(_ literal: StaticString) -> Bytes {
    Bytes(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  private static func role(_ name: Bytes) -> Role {
    switch JSONKey(bytes: name) {
    case "user": .user
    case "assistant": .assistant
    case "system": .system
    default: .other
    }
  }

  /// Why rows of a format can't say this prompt; nil if they can.
  func omission(for layout: RowLayout) -> OmissionReason? {
    switch layout.format {
    case .rm, .completions: nil
    case .dpo, .kto, .nemo:
      // The assistant answers what stands last: after an assistant's message there is nothing to answer, and chat
      // templates are asked for one more turn only after a user's or a tool's.
      turns.last.map { $0.role == .user || $0.roleName.elementsEqual("tool".utf8) } == true ? nil : .turnOrder
    case .strings: turns.count == 1 && turns[0].role == .user ? nil : unsaidRole ?? .severalTurns
    case .ultrafeedbackBinarized: turns.last?.role == .user ? nil : .turnOrder
    case .llamaFactory where layout.llamaFactoryStyle == .alpaca:
      unsaidRole ?? (!takesTurns ? .turnOrder : afterSystem.count == 1 ? nil : .severalTurns)
    case .llamaFactory: unsaidRole ?? (takesTurns ? nil : .turnOrder)
    }
  }

  private var unsaidRole: OmissionReason? { turns.contains { $0.role == .other } ? .unknownRole : nil }

  /// Whether user and assistant take turns after the system message, and the user comes first and last.
  private var takesTurns: Bool {
    let rest = afterSystem
    guard rest.count % 2 == 1 else { return false }
    return rest.enumerated().allSatisfy { $1.role == ($0 % 2 == 0 ? .user : .assistant) }
  }
}
