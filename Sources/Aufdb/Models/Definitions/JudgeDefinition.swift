// A model that judges by a rubric.

/// How a judge is asked.
public enum JudgeMode: String, Sendable, CaseIterable {
  /// To rate one response, aspect by aspect.
  case pointwise
  /// Which of two responses is better.
  case pairwise
}

/// A judge, as a store defines it.
public struct JudgeDefinition: Sendable, Equatable {
  public var name: String
  /// Counted from 1.
  public var version: Int
  /// The version of the model that it was defined with. A newer version of the model makes no other judge of it until
  /// it is defined anew.
  public var endpoint: ModelDefinition
  public var rubric: Rubric
  public var mode: JudgeMode { rubric.mode }

  public init(name: String, version: Int, endpoint: ModelDefinition, rubric: Rubric) {
    self.name = name
    self.version = version
    self.endpoint = endpoint
    self.rubric = rubric
  }

  /// "helpful@1": the judge of its scores and labels.
  public var reference: String { "\(name)@\(version)" }

  /// What decides the answers, as canonical JSON: the column `definition`.
  public var definition: String { Operation.object(values(endpoint: .text(endpoint.reference))) }

  /// What a question's id tells of who is asked, beside the name. It has the model's name and definition in place of its
  /// reference, because another branch may have another "ember@2", and answers are kept for all branches.
  public var identity: String { Operation.object(values(endpoint: .json(endpoint.named))) }

  private func values(endpoint: Operation.Value) -> [String: Operation.Value] {
    var writer = JSONWriter()
    rubric.write(to: &writer)
    return ["endpoint": endpoint, "mode": .text(mode.rawValue), "rubric": .json(writer.text)]
  }
}

extension ModelDefinition {
  /// Its name and its definition, in JSON.
  var named: String { Operation.object(["name": .text(name), "definition": .json(definition)]) }
}
