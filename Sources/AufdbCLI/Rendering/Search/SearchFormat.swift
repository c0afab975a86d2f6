// The formats in which hits are written: one for people, and those for rows.

import ArgumentParser
import Aufdb

enum SearchFormat: Equatable {
  case text
  case rows(OutputFormat)

  private static let columns = ["kind", "prompt_id", "model", "sample", "rank", "score", "snippet"]

  /// How many characters of a text there is room for; `isFile`: not on the terminal.
  func excerptLength(in surroundings: Surroundings, isFile: Bool) -> Int {
    guard self == .text, !isFile, let columns = surroundings.terminalColumns else { return 160 }
    return SearchText.excerptLength(terminalColumns: columns)
  }

  func write(_ hits: [SearchHit], in surroundings: Surroundings) throws {
    switch self {
    case .text: try SearchText(in: surroundings).write(hits)
    case .rows(let format):
      let rows = hits.enumerated().lazy.map { index, hit -> [SQLValue] in
        [
          .text(hit.kind.column), .text(hit.promptID), hit.model.map(SQLValue.text) ?? .null,
          hit.sample.map { .integer(Int64($0)) } ?? .null, .integer(Int64(index + 1)), .real(hit.score),
          .text(Self.snippet(hit.excerpt)),
        ]
      }
      try format.write(Self.columns, rows, in: surroundings)
    }
  }

  /// An excerpt with its matches between ** and **.
  private static func snippet(_ excerpt: SearchExcerpt) -> String {
    let text = excerpt.pieces.map { $0.isMatch ? "**\($0.text)**" : $0.text }.joined()
    return (excerpt.isCutBefore ? "…" : "") + text + (excerpt.isCutAfter ? "…" : "")
  }
}

extension SearchFormat: ExpressibleByArgument {
  init?(argument: String) {
    if argument == "text" {
      self = .text
    } else if let format = OutputFormat(rawValue: argument) {
      self = .rows(format)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { ["text"] + OutputFormat.allCases.map(\.rawValue) }

  var name: String {
    switch self {
    case .text: "text"
    case .rows(let format): format.rawValue
    }
  }
}
