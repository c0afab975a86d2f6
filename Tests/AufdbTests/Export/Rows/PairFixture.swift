// One preference in memory of its own, to be written in any format without a store.

@testable import Aufdb

/// Holds the texts of a pair.
final class PairFixture {
  private var texts: [UnsafeMutableBufferPointer<UInt8>] = []
  private(set) var pair: PreferencePair

  /// - Parameter messages: the prompt as JSON; nil: the prompt is the text "Why?".
  init(
    messages: String? = nil, prompt: String = "Why?", promptID: String = "p1", source: String? = "made",
    chosen: String = "Because.", rejected: String = "No idea.", scores: (Double?, Double?) = (9, 2.5)
  ) {
    var texts: [UnsafeMutableBufferPointer<UInt8>] = []
    func held(_ text: String) -> Bytes {
      let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
      _ = bytes.initialize(from: text.utf8)
      texts.append(bytes)
      return Bytes(bytes)
    }
    pair = PreferencePair(
      promptID: held(promptID), source: source.map { held($0) }, prompt: held(messages ?? prompt),
      promptForm: messages == nil ? .text : .messages, chosenModel: held("big"), rejectedModel: held("small"),
      chosen: held(chosen), rejected: held(rejected), isTie: false, chosenScore: scores.0, rejectedScore: scores.1)
    self.texts = texts
  }

  deinit { for text in texts { text.deallocate() } }

  /// The pair's lines, without line feeds, or why there are none.
  func rows(_ layout: RowLayout) throws -> (rows: [String], omission: OmissionReason?) {
    var writer = TrainingRowWriter(layout)
    var rows: [String] = []
    let omission = try writer.withLines(of: pair) { (line) throws(AufdbError) in
      rows.append(String(decoding: line.dropLast(), as: UTF8.self))
    }
    return (rows, omission)
  }
}

extension RowLayout {
  /// Every layout without a margin and without a system message.
  static let all = ExportFormat.training.flatMap { format -> [RowLayout] in
    format == .llamaFactory
      ? LlamaFactoryStyle.allCases.map { RowLayout(format: format, style: $0) } : [RowLayout(format: format)]
  }
}

/// A message as JSON.
func messageJSON(_ role: String, _ content: String) -> String { #"{"role":"\#(role)","content":"\#(content)"}"# }

/// A list of messages as JSON.
func messagesJSON(_ messages: String...) -> String { "[\(messages.joined(separator: ","))]" }
