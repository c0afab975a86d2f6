// Pieces of a page. Everything is written so that it is well-formed XML, too.

/// A piece of HTML or SVG.
struct Markup: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// As it stands in the page.
  let source: String

  /// Takes markup as it is.
  init(stringLiteral source: String) { self.source = source }

  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  /// Joins pieces, each on a line of its own.
  init(_ pieces: [Markup]) { source = pieces.map(\.source).joined(separator: "\n") }

  /// Text that isn't markup.
  static func text(_ text: String) -> Markup { "\(text)" }

  /// What is interpolated is escaped, unless it is markup itself.
  struct Interpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { source += literal }

    mutating func appendInterpolation(_ markup: Markup) { source += markup.source }

    mutating func appendInterpolation(_ pieces: [Markup]) { source += Markup(pieces).source }

    mutating func appendInterpolation(_ number: Int) { source += String(number) }

    /// A coordinate, to a tenth of a pixel.
    mutating func appendInterpolation(_ coordinate: Double) { source += coordinate.fixed(1) }

    mutating func appendInterpolation(_ text: String) {
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": source += "&amp;"
        case "<": source += "&lt;"
        case ">": source += "&gt;"
        case "\"": source += "&quot;"
        // Controls have no place in HTML, nor in XML.
        case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": source += "\u{FFFD}"
        default: source.unicodeScalars.append(scalar)
        }
      }
    }
  }
}
