// The natural key of a changed row as people read it.
//
//   prompts       p1
//   responses     p1  atlas-70b              p1  atlas-70b#1 for the sample with the index 1
//   embeddings    p1  atlas-70b  (encoder)   p1  (encoder) for the vector of a prompt
//   scores        p1  atlas-70b  (judge)
//   snapshots     base
//   estimates     p1  atlas-70b  (snapshot)
//   selections    p1  atlas-70b vs birch-32b  (drts, batch 1)
//   labels        p1  atlas-70b vs birch-32b  (judge)
//   reward_heads  first
//   progress      nightly  (iteration 3)
//   queries       weekly
//   definitions   judge helpful@2
//
// It is for reading: a name that holds blanks or marks can make two keys look alike. The JSON formats have the parts.

import Aufdb

extension RowChange {
  /// The key: the same for all versions of the row. Texts are in it as they are stored.
  var keyText: String {
    switch relation {
    case .prompts: part("prompt_id")
    case .snapshots: part("snapshot")
    case .responses: "\(part("prompt_id"))  \(response())"
    case .scores: "\(part("prompt_id"))  \(response())  (\(part("judge")))"
    case .estimates: "\(part("prompt_id"))  \(response())  (\(part("snapshot")))"
    case .embeddings:
      isNull("model")
        ? "\(part("prompt_id"))  (\(part("encoder")))" : "\(part("prompt_id"))  \(response())  (\(part("encoder")))"
    case .selections: "\(part("prompt_id"))  \(pair("vs"))  (\(part("method")), batch \(part("batch")))"
    case .labels: "\(part("prompt_id"))  \(pair("vs"))  (\(part("judge")))"
    case .rewardHeads: part("head")
    case .progress: "\(part("run"))  (iteration \(part("iteration")))"
    case .queries: part("name")
    case .definitions: "\(part("kind")) \(part("name"))@\(part("version"))"
    }
  }

  /// The key, in which a label says what it prefers, or preferred if it is gone: `p1  atlas-70b > birch-32b  (judge)`;
  /// a tie has `=`.
  var headline: String {
    guard relation == .labels, let row = new ?? old else { return keyText }
    let columns = relation.columns
    func value(_ column: String) -> SQLValue { columns.firstIndex(of: column).map { row[$0] } ?? .null }
    let chosen = Self.response(value("chosen_model"), value("chosen_sample"))
    let rejected = Self.response(value("rejected_model"), value("rejected_sample"))
    let pair = value("tie") == .integer(0) ? "\(chosen) > \(rejected)" : self.pair("=")
    return "\(part("prompt_id"))  \(pair)  (\(part("judge")))"
  }

  private func value(_ name: String) -> SQLValue { relation.keyColumns.firstIndex(of: name).map { key[$0] } ?? .null }

  private func part(_ name: String) -> String { value(name).shortText }

  private func isNull(_ name: String) -> Bool { value(name) == .null }

  private func response(_ number: String = "") -> String {
    Self.response(value("model\(number)"), value("sample\(number)"))
  }

  private func pair(_ sign: String) -> String { "\(response("_1")) \(sign) \(response("_2"))" }

  private static func response(_ model: SQLValue, _ sample: SQLValue) -> String {
    sample == .integer(0) ? model.shortText : "\(model.shortText)#\(sample.shortText)"
  }
}

extension SQLValue {
  /// A text as it is; anything else as a table shows it, and so a blob by its beginning and length.
  var shortText: String {
    if case .text(let text) = self { return text }
    return withQueryValue { String(decoding: TableCell($0, widthLimit: .max).text, as: UTF8.self) }
  }
}
