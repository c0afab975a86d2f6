// `aufdb model answers`: what models have said, as the store keeps it.

import ArgumentParser
import Aufdb

extension ModelCommand {
  struct Answers: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Count the answers that the store keeps, or forget them.",
      discussion: """
        Every answer of a model is kept as it arrives, so that no question is asked twice: after a run that was \
        stopped, or on another branch. Rows (responses, scores, labels, embeddings) are made of answers, and need them \
        no more. Forgetting them makes the file smaller; what no row was made of yet is asked for again.

        Examples:
          aufdb model answers prefs.aufdb
          aufdb model answers prefs.aufdb --forget
        """)
    @OptionGroup var store: StoreArgument
    @Flag(help: "Forget all of them.") var forget = false
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      guard forget else {
        let answers = try store.openForReading().keptAnswers()
        return try surroundings.output.write("\(Self.text(answers)) kept\n")
      }
      let (answers, failure) = try store.openForWriting("model answers", waiting).forgetAnswers()
      surroundings.writeError("\(Self.text(answers)) forgotten\n")
      if let failure { surroundings.writeError("the file was not compacted: \(VisibleText.of(failure))\n") }
    }

    private static func text(_ answers: KeptAnswers) -> String {
      "\(answers.count) \(answers.count == 1 ? "answer" : "answers") (\(answers.sizeBytes) bytes)"
    }
  }
}
