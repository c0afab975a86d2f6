// Every verb that writes, one after the other in one folder, with what the folder holds after each.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// A command line.
struct FaultVerb: Sendable {
  let arguments: [String]
  /// Whether it makes several commits, or keeps answers before its commit.
  var isStepwise = false

  var name: String { arguments.prefix { !$0.contains("/") }.joined(separator: " ") }

  /// Runs it in this process, at the moment at which all of them are run: so commit ids are the same each time.
  func run() -> TestRun {
    let test = TestSurroundings()
    test.environment = ["AUFDB_AUTHOR": "ada"]
    let exitCode = AufdbCommand.run(arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }
}

/// The verbs, and what their folder holds.
struct FaultScenario: Sendable {
  let folder: FaultyFolder
  /// Lives as long as the verbs that read from it.
  private let inputs: ScratchInputs
  private(set) var verbs: [FaultVerb] = []
  /// What the folder holds before each verb, and after the last.
  private(set) var files: [[String: Data]] = []
  private(set) var states: [FolderState] = []

  /// Runs all of them. Under care are stores and outputs; the inputs are elsewhere.
  init() throws {
    folder = try FaultyFolder()
    inputs = try ScratchInputs()
    try folder.reset(["old.aufdb": OldStore.bytes(inputs.file("old.jsonl", FaultInputs.completions))])
    try note()
    try makeData()
    try makeBranches()
    try makeModels()
    try makeExchange()
    try makeRest()
  }

  /// What the folder holds now, around a verb: most of it is as it was then.
  func state(near index: Int) throws -> FolderState {
    let known = [index, index + 1, index + 2].filter(files.indices.contains).map { (files[$0], states[$0]) }
    return try FolderState(folder.files(), in: folder.path, known: known)
  }

  private var store: String { "\(folder.path)/store.aufdb" }
  private func output(_ name: String) -> String { "\(folder.path)/\(name)" }

  private mutating func note() throws {
    let files = try folder.files()
    let known = zip(self.files.suffix(1), states.suffix(1)).map { ($0, $1) }
    states.append(try FolderState(files, in: folder.path, known: known))
    // Files that a verb leaves alone are held once.
    self.files.append(files.merging(self.files.last ?? [:]) { $0 == $1 ? $1 : $0 }.filter { files[$0.key] != nil })
  }

  private mutating func add(_ verb: String..., isStepwise: Bool = false) throws {
    let verb = FaultVerb(arguments: verb, isStepwise: isStepwise)
    let run = verb.run()
    try #require(run.exitCode == 0, "\(verb.arguments): \(run.error)")
    verbs.append(verb)
    try note()
  }

  private mutating func makeData() throws {
    try add("init", store)
    try add("import", store, inputs.file("completions.jsonl", FaultInputs.completions))
    try add("import", store, inputs.file("base.jsonl", FaultInputs.estimates), "--snapshot", "base")
    try add("import", store, inputs.file("more.jsonl", FaultInputs.more), "--skip-bad", output("bad.jsonl"))
    try add(
      "import", store, inputs.file("vectors.npy", FaultInputs.embeddings), "--index",
      inputs.file("vectors.index.jsonl", FaultInputs.index), "--encoder", "made")
    try add("query", store, "--save", "prompts", "SELECT prompt_id FROM prompts")
  }

  private mutating func makeBranches() throws {
    try add("branch", "create", store, "side")
    try add("tag", "create", store, "v1")
    try add("select", store, "--method", "drts", "--snapshot", "base", "--seed", "7", "--allow-partial")
    try add("annotate", store, "--judge", "scores:overall")
    try add("select", store, "--method", "random", "--branch", "side")
    try add("annotate", store, "--judge", "file:\(output("pairs.jsonl"))", "--judge-name", "ada", "--branch", "side")
    let sheet = try #require(try folder.files()["pairs.jsonl"])
    let answers = try inputs.file("answers.jsonl", FaultInputs.answered(sheet))
    try add("annotate", store, "--judge", "file:\(answers)", "--judge-name", "ada", "--branch", "side")
    try add("merge", store, "side", "--prefer", "ours")
    try add("revert", store, "main~1")
    try add("switch", store, "side")
    try add("switch", store, "main")
  }

  private mutating func makeModels() throws {
    try add("train", store, "--head", "h", "--hidden", "4", "--threads", "1")
    try add("score", store, "--head", "h", "--threads", "1", "--allow-partial")
    try add("run", store, "--config", inputs.file("loop.yaml", FaultInputs.loop), "--threads", "1", isStepwise: true)
    try add("model", "add", store, inputs.file("models.yaml", FaultInputs.definitions))
    try add("batch", "write", store, "--model", "ember", "--output", output("questions.jsonl"))
    let questions = try #require(try folder.files()["questions.jsonl"])
    let results = try inputs.file("results.jsonl", FaultInputs.results(questions))
    try add("batch", "read", store, results, "--model", "ember", isStepwise: true)
  }

  private mutating func makeExchange() throws {
    let copy = output("copy.aufdb")
    try add("bundle", "create", store, output("a.bundle"), "side")
    try add("bundle", "apply", copy, output("a.bundle"))
    try add("bundle", "create", store, output("b.bundle"))
    try add("bundle", "apply", copy, output("b.bundle"))
    try add("bundle", "create", store, output("b.bundle"), "--force")
    try add("import", copy, inputs.file("again.jsonl", FaultInputs.oneMore("s")))
    try add("pull", store, copy, "main")
    try add("import", store, inputs.file("last.jsonl", FaultInputs.oneMore("t")))
    try add("push", store, copy, "main")
    try add("export", store, "dpo", "--output", output("dpo"), "--judge", "ada")
    try add("export", store, "dpo", "--output", output("dpo"), "--force", "--judge", "overall")
    try add("query", store, "SELECT * FROM labels ORDER BY 1, 2", "--output", output("labels.csv"))
  }

  private mutating func makeRest() throws {
    try add("search", store, "question")
    try add("tag", "delete", store, "v1")
    try add("branch", "delete", store, "side", "--force")
    try add("prune", store, "--keep", "1")
    try add("upgrade", output("old.aufdb"))
  }
}

/// Inputs in a folder that nobody cares about.
private final class ScratchInputs: Sendable {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-inputs-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path(percentEncoded: false)
  }
}
