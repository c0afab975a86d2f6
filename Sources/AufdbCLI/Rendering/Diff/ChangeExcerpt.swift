// A word diff in one line of a terminal: the changes, and as much of the text around them as there is room for.
//
//   …the second of the [-two-]{+three+} moons that…
//
// With colours there are no brackets. If not all fits, the text around the changes is cut first, then long changes, and
// then the changes at the end are left out. What is cut is replaced by an ellipsis.

/// The segments of a word diff, and choosing what to show of them.
struct ChangeExcerpt {
  /// How much is shown.
  private struct Limits {
    /// So many changes from the first; one change is what was deleted and inserted at one place.
    var changeCount: Int
    /// Columns of what was deleted at one place, and of what was inserted.
    var changedColumns: Int
    /// Columns of kept text on either side of a change.
    var contextColumns: Int
  }

  private let pieces: [ExcerptPiece]
  private let changeCount: Int
  private let style: TextStyle

  /// What should be seen of a change before another one is shown.
  private static let leastContextColumns = 4
  private static let leastChangedColumns = 16

  init(_ diff: WordDiff, _ style: TextStyle) {
    pieces = diff.segments.map { ExcerptPiece($0) }
    changeCount = Self.changeStarts(pieces).count
    self.style = style
  }

  /// What to show in `width` columns, of which there are 24 or more.
  func line(width: Int) -> String {
    var limits = Limits(changeCount: changeCount, changedColumns: .max, contextColumns: .max)
    if self.width(of: cut(to: limits)) <= width { return text(of: cut(to: limits)) }
    limits = Limits(
      changeCount: 1, changedColumns: Self.leastChangedColumns, contextColumns: Self.leastContextColumns)
    func largest(_ part: WritableKeyPath<Limits, Int>, upTo bound: Int) -> Int {
      var (low, high) = (1, max(1, bound))
      while low < high {
        let middle = (low + high + 1) / 2
        var tried = limits
        tried[keyPath: part] = middle
        if self.width(of: cut(to: tried)) <= width { low = middle } else { high = middle - 1 }
      }
      return low
    }
    // Each change takes one column at least.
    limits.changeCount = largest(\.changeCount, upTo: min(changeCount, width))
    limits.changedColumns = largest(\.changedColumns, upTo: width)
    limits.contextColumns = largest(\.contextColumns, upTo: width)
    return text(of: cut(to: limits))
  }

  /// The places at which changes start.
  private static func changeStarts(_ pieces: [ExcerptPiece]) -> [Int] {
    pieces.indices.filter { pieces[$0].kind != .kept && ($0 == 0 || pieces[$0 - 1].kind == .kept) }
  }

  private func cut(to limits: Limits) -> [ExcerptPiece] {
    let starts = Self.changeStarts(pieces)
    let end = limits.changeCount < starts.count ? starts[limits.changeCount] : pieces.count
    return pieces[..<end].enumerated().map { index, piece in
      guard piece.kind == .kept else { return piece.beginning(limits.changedColumns) }
      let isFirst = index == 0
      let isLast = index == end - 1
      if isFirst, isLast, end == pieces.count { return piece }
      if isLast { return piece.beginning(limits.contextColumns, isCut: end < pieces.count) }
      return isFirst ? piece.end(limits.contextColumns) : piece.withoutMiddle(limits.contextColumns)
    }
  }

  private func width(of pieces: [ExcerptPiece]) -> Int {
    pieces.reduce(0) { $0 + $1.width + ($1.kind == .kept || style.isColoured ? 0 : 4) }
  }

  private func text(of pieces: [ExcerptPiece]) -> String {
    pieces.map { piece in
      let text = piece.text
      return switch piece.kind {
      case .kept: text
      case .deleted: style.isColoured ? style.text(text, .deletedWords) : "[-\(text)-]"
      case .inserted: style.isColoured ? style.text(text, .insertedWords) : "{+\(text)+}"
      }
    }.joined()
  }
}
