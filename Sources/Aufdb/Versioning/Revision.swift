// Revisions: the words that name a commit. Revision+Resolution.swift finds the commit that one names.
//
//   main  v1       a branch's tip; a tag's commit. A name goes before an id that begins alike
//   3f2a91c0       a commit id, or the beginning of one: 4 digits or more
//   HEAD  @        the tip of the current branch
//   main@{DATE}    the branch as it was at a time (RevisionDate.swift); @{DATE} for the current branch
//
// followed by any number of "~N" (N first parents back; "~" is "~1") and "^N" (the Nth parent; "^" is "^1").
//
// WHAT A BRANCH WAS AT A TIME is read from its history: of the tip and its first parents, the newest whose time is not
// after DATE. There is no log of where a branch was, as git's reflog is one, so an answer is the same in every copy of a
// store, and doesn't run out. But what a branch was before it was renamed, reset or made anew isn't known. And after a
// fast-forward the commits that it brought are the branch's own: the branch answers with them from the moment they were
// made, though it didn't have them yet.

/// Anything that names a commit: `main`, `v1`, `3f2a91c0`, `main~3`, `main@{2026-11-01}`.
public struct Revision: Sendable, Equatable, CustomStringConvertible, ExpressibleByStringLiteral {
  enum Step: Sendable, Equatable {
    case back(Int)
    case parent(Int)
  }

  /// The text as it was given.
  public let description: String
  /// A name or an id; "HEAD" for the current branch.
  let base: String
  /// The time at which the base, a branch, is meant.
  let date: RevisionDate?
  let steps: [Step]

  /// The tip of the current branch.
  public static let head = Revision(description: "HEAD", base: "HEAD")

  private init(description: String, base: String, date: RevisionDate? = nil, steps: [Step] = []) {
    self.description = description
    self.base = base
    self.date = date
    self.steps = steps
  }

  /// Reads a revision's grammar; whether it names anything is asked of a store.
  ///
  /// - Throws: `.refused` where the text can't be a revision.
  public init(_ text: String) throws(AufdbError) {
    let utf8 = text.utf8
    let end = utf8.indices.first { index in
      switch utf8[index] {
      case UInt8(ascii: "~"), UInt8(ascii: "^"): true
      case UInt8(ascii: "@"): utf8[index...].starts(with: "@{".utf8)
      default: false
      }
    }
    let base = text[..<(end ?? text.endIndex)]
    var rest = text[base.endIndex...]
    let date = try Self.date(&rest, in: text)
    let steps = try Self.steps(rest, in: text)
    guard !base.isEmpty || date != nil else { throw Self.malformed(text) }
    self.init(description: text, base: base.isEmpty || base == "@" ? "HEAD" : String(base), date: date, steps: steps)
  }

  public init(stringLiteral text: String) {
    // A literal that isn't a revision names nothing in any store, and is refused there by its own text.
    self = (try? Revision(text)) ?? Revision(description: text, base: text)
  }

  /// Takes "@{DATE}" off the front, if it is there.
  private static func date(_ rest: inout Substring, in text: String) throws(AufdbError) -> RevisionDate? {
    guard rest.utf8.first == UInt8(ascii: "@") else { return nil }
    guard let close = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else { throw malformed(text) }
    let inside = String(rest[rest.utf8.index(rest.startIndex, offsetBy: 2)..<close])
    rest = rest[rest.utf8.index(after: close)...]
    do {
      return try RevisionDate(inside)
    } catch {
      // Whoever knows git may mean the reflog's entries.
      let isNumber = !inside.isEmpty && inside.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "-") }
      throw AufdbError(
        .refused, "\(text.quoted) is not a revision: \(error.message)",
        hint: isNumber && inside.utf8.count < 4 ? "@{...} takes a date; main~1 is one commit back" : error.hint)
    }
  }

  private static func steps(_ text: Substring, in whole: String) throws(AufdbError) -> [Step] {
    var steps: [Step] = []
    var rest = text.utf8
    while let mark = rest.first {
      rest = rest.dropFirst()
      let digits = rest.prefix { (48...57).contains($0) }
      rest = rest[digits.endIndex...]
      guard mark == UInt8(ascii: "~") || mark == UInt8(ascii: "^"),
        let number = digits.isEmpty ? 1 : Int(Substring(digits))
      else { throw malformed(whole) }
      steps.append(mark == UInt8(ascii: "~") ? .back(number) : .parent(number))
    }
    return steps
  }

  private static func malformed(_ text: String) -> AufdbError {
    AufdbError(
      .refused, "\(text.quoted) is not a revision",
      hint: "for example main, main~3, main@{2026-11-01} or a commit id")
  }
}
