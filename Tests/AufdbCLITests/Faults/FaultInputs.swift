// The small inputs of the verbs that are run on failing disks: six prompts of three responses each.

import AufdbTestSupport
import Foundation

enum FaultInputs {
  private static let models = ["atlas", "birch", "cedar"]
  private static let prompts = 0..<6

  static let completions = prompts.map { prompt in
    let responses = models.enumerated().map { index, model in
      let text = String(repeating: "answer \(index) of \(model) to question \(prompt). ", count: 40)
      return #"{"model":"\#(model)","response_text":"\#(text)","overall_score":\#((prompt * 7 + index * 5) % 10)}"#
    }
    return
      #"{"prompt_id":"p\#(prompt)","prompt":"question \#(prompt)","completions":[\#(responses.joined(separator: ","))]}"#
      + "\n"
  }.joined()

  static func oneMore(_ promptID: String) -> String {
    #"{"prompt_id":"\#(promptID)","prompt":"one more","completions":[{"model":"atlas","response_text":"yes"}]}"# + "\n"
  }

  /// One more prompt, and a line that is none.
  static let more = oneMore("q") + #"{"prompt_id":"r","prompt":7}"# + "\n"

  static let estimates = prompts.flatMap { prompt in
    models.enumerated().map { index, model in
      let reward = Double((prompt * 3 + index * 4) % 7) / 4
      return
        #"{"prompt_id":"p\#(prompt)","model":"\#(model)","reward":\#(reward),"lower":\#(reward - 1),"upper":\#(reward + 1)}"#
        + "\n"
    }
  }.joined()

  /// Vectors of four elements.
  static let embeddings = MatrixFiles.npy(
    "<f4", rows: prompts.count * models.count, dimension: 4,
    MatrixFiles.bytes((0..<prompts.count * models.count * 4).map { Float(($0 * 37) % 11) / 11 - 0.5 }))

  static let index = prompts.flatMap { prompt in
    models.enumerated().map { #"{"row":\#(prompt * 3 + $0),"prompt_id":"p\#(prompt)","model":"\#($1)"}"# + "\n" }
  }.joined()

  static let definitions = """
    models:
      ember: {url: "http://127.0.0.1:9/v1", model: ember-3b}

    """

  static let loop = """
    version: 1
    name: small
    method: drts
    judge: scores:overall
    encoder: made
    seed: 7
    outer-batch: 3
    heads: 3
    hidden: 4
    batch: 4
    steps: 2
    allow-partial: true

    """

  /// A sheet of pairs with an answer to each.
  static func answered(_ sheet: Data) -> String {
    String(decoding: sheet, as: UTF8.self).replacing(#""choice":null"#, with: #""choice":"first""#)
  }

  /// Results of a batch of questions to a chat model.
  static func results(_ questions: Data) -> String {
    let body = #"{"choices":[{"message":{"content":"an answer"},"finish_reason":"stop"}]}"#
    return String(decoding: questions, as: UTF8.self).matches(of: /"custom_id":"([0-9a-f]+)"/).map {
      #"{"custom_id":"\#($0.output.1)","response":{"status_code":200,"body":\#(body)},"error":null}"# + "\n"
    }.joined()
  }
}
