// Revisions: the words that name a commit, and finding the commit that one names.
//
// A revision is a branch, a tag, a commit id or a prefix of one (4 digits or more), or "HEAD" for the current branch's
// tip; followed by any number of "~N" (N first parents back; "~" is "~1") and "^N" (the Nth parent; "^" is "^1").

/// Anything that names a commit: `main`, `v1`, `3f2a91c0`, `main~3`.
public struct Revision: Sendable, Equatable, CustomStringConvertible, ExpressibleByStringLiteral {
  enum Step: Sendable, Equatable {
    case back(Int)
    case parent(Int)
  }

  /// The text as it was given.
  public let description: String
  let base: String
  let steps: [Step]

  /// The tip of the current branch.
  public static let head = Revision(description: "HEAD", base: "HEAD", steps: [])

  private init(description: String, base: String, steps: [Step]) {
    self.description = description
    self.base = base
    self.steps = steps
  }

  /// Reads a revision's grammar; whether it names anything is asked of a store.
  ///
  /// - Throws: `.refused` where the text can't be a revision.
  public init(_ text: String) throws(AufdbError) {
    let base = text.prefix { $0 != "~" && $0 != "^" }
    var steps: [Step] = []
    var rest = text[base.endIndex...]
    while let mark = rest.first {
      rest = rest.dropFirst()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest[digits.endIndex...]
      guard mark == "~" || mark == "^", let number = digits.isEmpty ? 1 : Int(digits) else {
        throw AufdbError(.refused, "'\(text)' is not a revision", hint: "for example main, main~3 or a commit id")
      }
      steps.append(mark == "~" ? .back(number) : .parent(number))
    }
    guard !base.isEmpty else {
      throw AufdbError(.refused, "'\(text)' is not a revision", hint: "for example main, main~3 or a commit id")
    }
    self.init(description: text, base: String(base), steps: steps)
  }

  public init(stringLiteral text: String) {
    // A literal that isn't a revision names nothing in any store, and is refused there by its own text.
    self = (try? Revision(text)) ?? Revision(description: text, base: text, steps: [])
  }
}

extension Store {
  /// The name of the branch that verbs commit to unless they are told another one.
  public func currentBranch() throws -> String { try read { try $0.currentBranch() } }
}

extension Connection {
  /// The name of the current branch.
  func currentBranch() throws -> String {
    let name = try first("SELECT value FROM setting WHERE name = 'current_branch'") { $0.string(0) }
    guard let name else { throw AufdbError(.badData, "the store is damaged: it has no current branch") }
    return name
  }

  /// The number of the commit that `revision` names.
  ///
  /// - Throws: `.refused`: nothing, or more than one commit, is named so.
  func resolve(_ revision: Revision) throws -> Int64 {
    var commit = try resolveBase(revision)
    for step in revision.steps {
      switch step {
      case .back(let count):
        for _ in 0..<count { commit = try parent(1, of: commit, revision) }
      case .parent(0): break
      case .parent(let number): commit = try parent(number, of: commit, revision)
      }
    }
    return commit
  }

  private func resolveBase(_ revision: Revision) throws -> Int64 {
    let name = revision.base == "HEAD" ? try currentBranch() : revision.base
    if let commit = try first("SELECT commit_seq FROM ref WHERE name = ?1", .text(name), read: { $0.integer(0) }) {
      return commit
    }
    let digits = name.lowercased()
    if (4...64).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    {
      // The id column is ordered by bytes, so a prefix is a range: from the digits filled up with 0 to them with f.
      let low = digits + String(repeating: "0", count: 64 - digits.utf8.count)
      let high = digits + String(repeating: "f", count: 64 - digits.utf8.count)
      let found = try all(
        "SELECT seq, id, message FROM commit_log WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 5",
        .blob(Self.bytes(hex: low)), .blob(Self.bytes(hex: high))
      ) { ($0.integer(0), CommitID($0.bytes(1)).short) }
      if found.count == 1 { return found[0].0 }
      if found.count > 1 {
        let candidates = found.map(\.1).joined(separator: ", ")
        throw AufdbError(.refused, "'\(name)' is the beginning of several commit ids: \(candidates)")
      }
    }
    let names = try all("SELECT name FROM ref ORDER BY name LIMIT 20") { $0.string(0) }
    throw AufdbError(
      .refused, "there is no revision '\(revision)'",
      hint: "branches and tags here: \(names.joined(separator: ", ")); `aufdb log STORE` lists the commits")
  }

  private func parent(_ number: Int, of commit: Int64, _ revision: Revision) throws -> Int64 {
    let parent = try first(
      "SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1 AND position = ?2", .integer(commit),
      .integer(Int64(number) - 1)
    ) { $0.integer(0) }
    guard let parent else { throw AufdbError(.refused, "there is no revision '\(revision)': history ends before it") }
    return parent
  }

  private static func bytes(hex: String) -> [UInt8] {
    func digit(_ character: UInt8) -> UInt8 { character < 58 ? character - 48 : character - 87 }
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { digit(digits[$0]) << 4 | digit(digits[$0 + 1]) }
  }
}
