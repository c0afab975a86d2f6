// What holds between the formats, whatever a store holds: they say the same pairs in other words.

import Foundation
import Testing

@testable import Aufdb

@Suite("Formats say the same")
struct FormatLawsTests {
  /// The rows of a random store's labels of one judge, as objects.
  private func rows(
    _ store: TestStore, _ format: ExportFormat, _ style: LlamaFactoryStyle? = nil
  ) throws -> [[String: Any]] {
    let name = "\(format.rawValue)\(style?.rawValue ?? "")"
    do {
      try store.export(format, to: name) {
        $0.judges = ["overall"]
        $0.style = style
        $0.checks = true
      }
    } catch let error as AufdbError where error.kind == .refused && format == .strings {
      // A store may have no prompt that is one text.
      return []
    }
    let folder = store.exported(name)
    return try folder.rows().map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  private func messages(_ value: Any?) throws -> [[String: String]] { try #require(value as? [[String: String]]) }

  @Test("a dpo row is two kto rows, an rm row, a nemo row and an ultrafeedback-binarized row", arguments: [1, 2, 3, 4])
  func conversational(seed: UInt64) throws {
    let store = try TestStore()
    var contents = RandomContents(seed: seed)
    try contents.fill(store)
    let dpo = try rows(store, .dpo)
    let (kto, rm) = (try rows(store, .kto), try rows(store, .rm))
    let (nemo, binarized) = (try rows(store, .nemo), try rows(store, .ultrafeedbackBinarized))
    try #require(kto.count == 2 * dpo.count && rm.count == dpo.count)
    try #require(nemo.count == dpo.count && binarized.count == dpo.count)
    for (index, row) in dpo.enumerated() {
      let prompt = try messages(row["prompt"])
      for (side, other) in zip(["chosen", "rejected"], kto[(2 * index)...(2 * index + 1)]) {
        let answer = try messages(row[side])
        #expect(try messages(other["prompt"]) == prompt)
        #expect(try messages(other["completion"]) == answer)
        #expect(other["label"] as? Bool == (side == "chosen"))
        #expect(other["model"] as? String == row["\(side)_model"] as? String)
        #expect(other["score"] as? Double == row["\(side)_score"] as? Double)
        #expect(try messages(rm[index][side]) == prompt + answer)
        #expect(try messages(binarized[index][side]) == prompt + answer)
        let ranks = try #require(nemo[index]["completions"] as? [[String: Any]])
        #expect(try messages(ranks[side == "chosen" ? 0 : 1]["completion"]) == answer)
      }
      #expect(try messages(nemo[index]["context"]) == prompt)
      #expect(binarized[index]["prompt"] as? String == prompt.last?["content"])
    }
  }

  @Test("rows of texts and of turns are those of dpo whose prompt they can say", arguments: [5, 6, 7])
  func texts(seed: UInt64) throws {
    let store = try TestStore()
    var contents = RandomContents(seed: seed)
    try contents.fill(store)
    let dpo = try rows(store, .dpo)
    let single = try dpo.filter { try messages($0["prompt"]).count == 1 }
    let strings = try rows(store, .strings)
    let (alpaca, sharegpt) = (try rows(store, .llamaFactory, .alpaca), try rows(store, .llamaFactory, .sharegpt))
    try #require(strings.count == single.count && alpaca.count == dpo.count && sharegpt.count == dpo.count)
    for (row, text) in zip(single, strings) {
      #expect(text["prompt"] as? String == (try messages(row["prompt"]))[0]["content"])
      #expect(text["chosen"] as? String == (try messages(row["chosen"]))[0]["content"])
    }
    for (row, (one, other)) in zip(dpo, zip(alpaca, sharegpt)) {
      let prompt = try messages(row["prompt"])
      #expect(one["instruction"] as? String == prompt.last?["content"])
      #expect(one["system"] as? String == (prompt.count == 2 ? "s" : ""))
      #expect(other["system"] as? String == one["system"] as? String)
      #expect(try messages(other["conversations"]) == [["from": "human", "value": prompt.last?["content"] ?? ""]])
      #expect((other["rejected"] as? [String: String])?["value"] == one["rejected"] as? String)
    }
  }
}
