// How people write which two commits are compared.
//
//   A        A against the head of the current branch
//   A B      A against B; A..B is the same, and a side left out is HEAD
//   A...B    the merge base of A and B against B: what B did since it left A; here, too, a side left out is HEAD
//
// The name of a branch or tag can't hold "..", so the dots are never a part of one.

extension DiffRange {
  /// Reads one or two words; whether they name anything is asked of a store.
  ///
  /// - Parameters:
  ///   - first: a revision, or a range.
  ///   - second: a revision; nil where `first` says all.
  /// - Throws: `.refused` where a text can't be a revision or range; `.usage` for a range with anything beside it.
  public init(_ first: String, _ second: String? = nil) throws(AufdbError) {
    guard let dots = first.firstRange(of: "..") else {
      self.init(from: try Revision(first))
      guard let second else { return }
      guard second.firstRange(of: "..") == nil else { throw Self.standsAlone(second, beside: first) }
      to = try Revision(second)
      return
    }
    if let second { throw Self.standsAlone(first, beside: second) }
    var rest = first[dots.upperBound...]
    let isFromMergeBase = rest.first == "."
    if isFromMergeBase { rest = rest.dropFirst() }
    let start = first[..<dots.lowerBound]
    guard !(start.isEmpty && rest.isEmpty), rest.first != ".", rest.firstRange(of: "..") == nil else {
      throw AufdbError(
        .refused, "'\(first)' is not a range of revisions",
        hint: "for example main~3..main, or main...drts for what drts did since it left main")
    }
    self.init(
      from: start.isEmpty ? .head : try Revision(String(start)), to: rest.isEmpty ? nil : try Revision(String(rest)),
      isFromMergeBase: isFromMergeBase)
  }

  private static func standsAlone(_ range: String, beside other: String) -> AufdbError {
    AufdbError(
      .usage, "'\(range)' is a range of two revisions already, so '\(other)' is one too many",
      hint: "give either two revisions or one range")
  }
}
