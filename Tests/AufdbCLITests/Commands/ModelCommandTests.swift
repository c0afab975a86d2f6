// `aufdb model` as it is typed.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct ModelCommandTests {
  private let stage: CommandStage
  private let file: String

  init() throws {
    stage = try CommandStage()
    file = try stage.file(
      "models.yaml",
      """
      models:
        ember:
          url: http://localhost:8000/v1/
          model: ember-3b
          parameters: {temperature: 0.5}
          key: {env: EMBER_KEY}
      judges:
        helpful: {endpoint: ember, rubric: ultrafeedback}
      encoders:
        minilm: {url: "http://h/v1", dimensions: 384}
      """)
  }

  private func run(_ arguments: String..., input: String = "") -> TestRun {
    let test = TestSurroundings()
    test.standardInput = input
    let exitCode = AufdbCommand.run(["model"] + arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }

  @Test func definitionsAreAddedListedAndShown() throws {
    let added = run("add", stage.store, file)
    #expect(added.exitCode == 0 && added.output == "" && added.error.hasPrefix("[main "))
    #expect(
      added.error.hasSuffix(
        """
        ] Define model ember@1, judge helpful@1, encoder minilm@1
          model ember@1: new
          judge helpful@1: new
          encoder minilm@1: new

        """))
    #expect(run("add", stage.store, file).error == "nothing to commit: all of it is there already, just so\n")
    #expect(
      run("list", stage.store, "--format", "csv").output
        == """
        kind,name,version,endpoint,model,url,about
        model,ember,1,,ember-3b,http://localhost:8000/v1,temperature 0.5
        judge,helpful,1,ember@1,ember-3b,http://localhost:8000/v1,"pointwise, rubric ultrafeedback 1"
        encoder,minilm,1,,minilm,http://h/v1,"384 elements, f16, of the response"

        """)
    let shown = run("show", stage.store, "ember").output
    #expect(
      shown == """
        models:
          ember:
            url: http://localhost:8000/v1
            model: ember-3b
            parameters: {temperature: 0.5}
            key: {env: EMBER_KEY}
            limits: {concurrency: 16, timeout: 120.0, attempts: 6}

        """)
    #expect(run("add", stage.store, "-", input: shown).error.hasPrefix("nothing to commit"))
    let all = run("show", stage.store).output
    #expect(all.hasPrefix(shown) && all.contains("\njudges:\n  helpful:\n    endpoint: ember@1\n"))
    #expect(run("add", stage.store, "-", input: all).error.hasPrefix("nothing to commit"))
  }

  @Test func versionsAreListedWhereTheyAreAskedFor() throws {
    #expect(run("add", stage.store, file).exitCode == 0)
    let other = try stage.file("other.yaml", "models: {ember: {url: 'http://h', model: other}}")
    #expect(
      run("add", stage.store, other, "--message", "Another").error.hasSuffix(
        "] Another\n  model ember@2: new version\n"))
    #expect(run("list", stage.store, "--format", "csv").output.split(separator: "\n").count == 4)
    #expect(run("list", stage.store, "--format", "csv", "--all").output.split(separator: "\n").count == 5)
    #expect(run("list", stage.store, "--format", "csv", "--at", "main~2").output.split(separator: "\n").count == 1)
    #expect(run("show", stage.store, "ember@1").output.contains("model: ember-3b\n"))
    #expect(run("show", stage.store, "ember").output.contains("model: other\n"))
    #expect(run("show", stage.store, "ember", "--at", "main~1").output.contains("model: ember-3b\n"))
    #expect(run("show", stage.store, "--at", "main~2").output == "")
    let history = CommandStage.run(["history", stage.store, "definitions", "model", "ember", "2"])
    #expect(history.exitCode == 0 && history.output.contains("Another"), "\(history.error)")
  }

  @Test func whatIsWrongIsSaidAndChangesNothing() throws {
    try stage.expectRefused(
      ["model", "add", stage.store, stage.file("key.yaml", "models:\n  a:\n    url: http://h\n    key: s3cret\n")],
      exitCode: 65, error: "a key never stands in a definition, as under 'key' here ({}/key.yaml:4)",
      hint: "key: {env: NAME} names the environment variable that holds it, and key: {file: PATH} a file")
    try stage.expectRefused(
      ["model", "add", stage.store, stage.file("typo.yaml", "models:\n  a:\n    ulr: http://h\n")],
      exitCode: 65, error: "there is no key 'ulr' in a model ({}/typo.yaml:3)", hint: "did you mean url?")
    try stage.expectRefused(
      ["model", "add", stage.store, stage.file("lost.yaml", "judges: {j: {endpoint: m, rubric: preference}}")],
      exitCode: 1, error: "j asks a model that isn't there: there is no model 'm' ({}/lost.yaml:1)",
      hint: "`aufdb model add STORE FILE` defines one")
    #expect(run("add", stage.store, stage.path("none.yaml")).exitCode == 66)
    try stage.expectRefused(
      ["model", "show", stage.store, "ember"], exitCode: 1, error: "there is no definition 'ember'")
    #expect(run("list", stage.store, "--format", "jsonl").output == "")
  }
}
