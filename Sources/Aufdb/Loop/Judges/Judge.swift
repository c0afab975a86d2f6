// Who labels pairs, and how a judge is named on the command line.

/// Who labels.
public enum Judge: Sendable, Equatable {
  /// The scores that a judge gave each response on its own: the higher one is chosen, equal ones are a tie.
  case scores(judge: String)
  /// Either of the two with probability one half, by the seed and the pair alone.
  case random(seed: UInt64)
  /// A program that reads pairs and answers; CommandJudge.swift says how.
  case command(JudgeCommand)
  /// People, through a file that pairs are written to and answers are read from; FileJudge.swift says how.
  case file(JudgeFile)
  /// A model, by the answers that the store keeps; AnswersJudge.swift says how.
  case model(JudgeDefinition)

  /// The name that its labels bear.
  public var name: String {
    switch self {
    case .scores(let judge): judge
    case .random: "random"
    case .command(let command): command.name
    case .file(let file): file.name
    case .model(let judge): judge.reference
    }
  }
}

/// A command that judges.
public struct JudgeCommand: Sendable, Equatable {
  /// What /bin/sh runs.
  public var text: String
  public var name: String
  /// How long it may go on without an answer before it is taken for hanging.
  public var timeoutSeconds: Double
  /// How many times in a row, without an answer in between, it is started again after it died or hung.
  public var restartLimit: Int
  /// Whether its input ends after each batch, for a program that reads all of it before it answers.
  public var readsToEnd: Bool

  public init(
    _ text: String, name: String, timeoutSeconds: Double = 600, restartLimit: Int = 2, readsToEnd: Bool = false
  ) {
    self.text = text
    self.name = name
    self.timeoutSeconds = timeoutSeconds
    self.restartLimit = restartLimit
    self.readsToEnd = readsToEnd
  }
}

/// A file through which people judge.
public struct JudgeFile: Sendable, Equatable {
  public var path: String
  /// Who answers where a line names nobody.
  public var name: String
  /// Whether the file that is written hides which model is which.
  public var isBlind: Bool
  /// Whether an answer that differs from the label in the store becomes its new version, instead of an error.
  public var replaces: Bool

  public init(_ path: String, name: String, isBlind: Bool = false, replaces: Bool = false) {
    self.path = path
    self.name = name
    self.isBlind = isBlind
    self.replaces = replaces
  }
}

/// What belongs to some kinds of judge only.
public struct JudgeOptions: Sendable, Equatable {
  /// Of the judge random.
  public var seed: UInt64
  /// The name of a command's or a file's labels; nil: made from the command's first word, or the file's name.
  public var name: String?
  public var timeoutSeconds: Double
  public var restartLimit: Int
  public var readsToEnd: Bool
  public var isBlind: Bool
  public var replaces: Bool

  public init(
    seed: UInt64 = 0, name: String? = nil, timeoutSeconds: Double = 600, restartLimit: Int = 2,
    readsToEnd: Bool = false, isBlind: Bool = false, replaces: Bool = false
  ) {
    self.seed = seed
    self.name = name
    self.timeoutSeconds = timeoutSeconds
    self.restartLimit = restartLimit
    self.readsToEnd = readsToEnd
    self.isBlind = isBlind
    self.replaces = replaces
  }
}

extension Judge {
  /// Whether a text is the name of a definition, and none of those that need none.
  public static func isModel(_ text: String) -> Bool {
    !text.isEmpty && text != "random" && !text.contains(":")
  }

  /// Those that need no definition, as they are written.
  public static let kinds = "scores:NAME, random, command:CMD, file:PATH"

  /// Reads "scores:NAME", "random", "command:CMD" or "file:PATH".
  ///
  /// - Throws: `.usage` for anything else.
  public init(_ text: String, _ options: JudgeOptions = JudgeOptions()) throws(AufdbError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count == 2 ? parts[1] : nil) {
    case ("random", nil): self = .random(seed: options.seed)
    case ("scores", let name?) where !name.isEmpty: self = .scores(judge: name)
    case ("command", let command?) where command.contains(where: { !$0.isWhitespace }):
      let word = command.split(whereSeparator: \.isWhitespace).first ?? ""
      self = .command(
        JudgeCommand(
          command, name: options.name ?? Self.withoutFolder(String(word)), timeoutSeconds: options.timeoutSeconds,
          restartLimit: options.restartLimit, readsToEnd: options.readsToEnd))
    case ("file", let path?) where !path.isEmpty:
      let name = Self.withoutFolder(path)
      let stem = name.split(separator: ".").first.map(String.init) ?? name
      self = .file(
        JudgeFile(path, name: options.name ?? stem, isBlind: options.isBlind, replaces: options.replaces))
    default:
      throw AufdbError(
        .usage, "there is no judge '\(text)'", hint: "judges: \(Self.kinds)")
    }
    try check()
  }

  private static func withoutFolder(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// - Throws: `.usage` for what no judge can be told.
  func check() throws(AufdbError) {
    switch self {
    case .scores, .model: return
    case .random(let seed): try Store.checkSeed(seed)
    case .command(let command):
      try Store.checkName(command.name, "judge")
      guard !command.text.contains("\0") else { throw AufdbError(.usage, "a command can't hold U+0000") }
      guard command.timeoutSeconds > 0, command.timeoutSeconds.isFinite else {
        throw AufdbError(.usage, "a judge's time limit is more than 0 seconds")
      }
      guard command.restartLimit >= 0 else { throw AufdbError(.usage, "a judge can't be restarted less than 0 times") }
    case .file(let file):
      try Store.checkName(file.name, "judge")
      guard file.path != "-" else {
        throw AufdbError(.usage, "a file of answers can't be standard input", hint: "name a file: file:pairs.jsonl")
      }
    }
  }

  /// What a commit records of it.
  var recorded: [String: Operation.Value] {
    switch self {
    case .scores: return ["judge": .text(name), "from": .text("scores")]
    case .random(let seed): return ["judge": .text(name), "from": .text("random"), "seed": .integer(Int64(seed))]
    case .command(let command):
      return ["judge": .text(name), "from": .text("command"), "command": .text(command.text)]
    case .model(let judge):
      return ["judge": .text(name), "from": .text("model"), "endpoint": .text(judge.endpoint.reference)]
    case .file(let file):
      return [
        "judge": .text(name), "from": .text("file"), "file": .text(Self.withoutFolder(file.path)),
        "replace": .flag(file.replaces),
      ]
    }
  }
}
