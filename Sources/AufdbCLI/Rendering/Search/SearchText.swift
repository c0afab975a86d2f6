// Hits for people: the key of each as RowChange+KeyText has it, its score, and the excerpt below it.
//
//   p17  atlas-70b  (7.41)
//     …sat by the river and wrote a haiku about the
//     spring…
//   p4  (prompt, 7.02)
//     Write a haiku about the spring
//
// On a terminal the matches are bold and every line fits; elsewhere they stand between ** and **, on one line. Control
// characters are shown and never sent.

import Aufdb

struct SearchText {
  private let output: StandardOutput
  private let terminalColumns: Int?
  private let style: TextStyle

  private static let indent = "  "
  private static let lineCount = 2
  /// Less than this is of no use; a narrower terminal wraps the lines.
  private static let widthLimit = 12

  init(in surroundings: Surroundings) {
    output = surroundings.output
    terminalColumns = surroundings.terminalColumns
    style = TextStyle(in: surroundings)
  }

  private static func width(_ terminalColumns: Int) -> Int { max(widthLimit, terminalColumns - indent.count) }

  /// How many characters fill the lines of a hit.
  static func excerptLength(terminalColumns: Int) -> Int { lineCount * width(terminalColumns) - 2 }

  func write(_ hits: [SearchHit]) throws(StreamError) {
    for hit in hits {
      try output.write(headline(of: hit) + "\n")
      for line in lines(of: hit.excerpt) { try output.write("\(Self.indent)\(line)\n") }
    }
  }

  private func headline(of hit: SearchHit) -> String {
    let sample = hit.sample ?? 0
    let response = hit.model.map { "  \($0)\(sample == 0 ? "" : "#\(sample)")" }
    var note = response == nil ? "  (prompt, \(Self.rounded(hit.score)))" : "  (\(Self.rounded(hit.score)))"
    var text = VisibleText.of(hit.promptID + (response ?? ""))
    if let columns = terminalColumns, DisplayWidth.of(text) + note.count > columns {
      // A name matters more than a score.
      if columns - note.count < Self.widthLimit { note = response == nil ? "  (prompt)" : "" }
      let width = max(4, columns - note.count)
      text = String(decoding: VisibleText.shortened(Array(text.utf8), to: width).text, as: UTF8.self)
    }
    return style.text(text, .heading) + note
  }

  /// Two decimals, for scores that have the size of tens.
  private static func rounded(_ score: Double) -> String {
    guard score.isFinite, abs(score) < 1e9 else { return score.description }
    let hundredths = Int((score * 100).rounded())
    let rest = String(abs(hundredths) % 100)
    return (hundredths < 0 ? "-" : "") + "\(abs(hundredths) / 100).\(rest.count < 2 ? "0" : "")\(rest)"
  }

  private func lines(of excerpt: SearchExcerpt) -> [String] {
    var pieces = excerpt.pieces
    if excerpt.isCutBefore { pieces.insert(.init(text: "…", isMatch: false), at: 0) }
    if excerpt.isCutAfter { pieces.append(.init(text: "…", isMatch: false)) }
    guard let terminalColumns else {
      let text = pieces.map { $0.isMatch ? "**\(VisibleText.of($0.text))**" : VisibleText.of($0.text) }.joined()
      return text.isEmpty ? [] : [text]
    }
    var wrapped = WrappedPieces(width: Self.width(terminalColumns), lineCount: Self.lineCount)
    for piece in pieces { wrapped.append(VisibleText.of(piece.text), isMatch: piece.isMatch) }
    return wrapped.finish(style)
  }
}

/// Lines of so many columns, of pieces some of which are matches; what doesn't fit into them is cut.
private struct WrappedPieces {
  let width: Int
  let lineCount: Int
  /// Each character, and whether it belongs to a match.
  private var characters: [(scalar: Unicode.Scalar, isMatch: Bool)] = []

  init(width: Int, lineCount: Int) {
    self.width = width
    self.lineCount = lineCount
  }

  mutating func append(_ text: String, isMatch: Bool) {
    characters += text.unicodeScalars.map { ($0, isMatch) }
  }

  func finish(_ style: TextStyle) -> [String] {
    var lines: [String] = []
    var rest = characters[...]
    while !rest.isEmpty, lines.count < lineCount {
      let isLast = lines.count == lineCount - 1
      let end = lineEnd(rest)
      if end < rest.endIndex, isLast {
        lines.append(Self.styled(rest[..<shortEnd(rest)] + [("…", false)], style))
        break
      }
      lines.append(Self.styled(rest[..<end], style))
      rest = rest[end...].drop { $0.scalar == " " }
    }
    return lines
  }

  /// Where the line ends that begins here: behind a blank, if there is one in its second half.
  private func lineEnd(_ rest: ArraySlice<(scalar: Unicode.Scalar, isMatch: Bool)>) -> Int {
    let end = shortEnd(rest, width: width)
    guard end < rest.endIndex, rest[end].scalar != " " else { return end }
    let middle = rest.startIndex + (end - rest.startIndex) / 2
    return rest[middle..<end].lastIndex { $0.scalar == " " }.map { $0 + 1 } ?? end
  }

  private func shortEnd(_ rest: ArraySlice<(scalar: Unicode.Scalar, isMatch: Bool)>, width: Int? = nil) -> Int {
    var left = width ?? self.width - 1
    var end = rest.startIndex
    while end < rest.endIndex {
      left -= DisplayWidth.of(rest[end].scalar)
      if left < 0 { break }
      end += 1
    }
    // A line has at least one character, however wide.
    return max(end, min(rest.endIndex, rest.startIndex + 1))
  }

  private static func styled(
    _ characters: ArraySlice<(scalar: Unicode.Scalar, isMatch: Bool)>, _ style: TextStyle
  ) -> String {
    var line = ""
    var rest = characters
    while let first = rest.first {
      let run = rest.prefix { $0.isMatch == first.isMatch }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: run.map(\.scalar))
      line += first.isMatch ? style.text(String(text), .found) : String(text)
      rest = rest.dropFirst(run.count)
    }
    return line
  }
}
