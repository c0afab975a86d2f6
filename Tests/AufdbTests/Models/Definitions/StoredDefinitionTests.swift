// Definitions in a store: versions, what may change under one, and what becomes of them on branches.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Definitions in a store") struct StoredDefinitionTests {
  private let defined: DefinedStore

  init() throws { defined = try DefinedStore() }

  private static func model(_ name: String = "ember", _ lines: String...) -> String {
    "models:\n  \(name):\n    url: http://h/v1\n" + lines.map { "    \($0)\n" }.joined()
  }

  private static let judge = "judges:\n  helpful: {endpoint: ember, rubric: ultrafeedback}\n"

  private func outcomes(_ yaml: String) throws -> [String] {
    try defined.add(yaml).report.entries.map { "\($0.kind) \($0.reference): \($0.outcome)" }
  }

  @Test("Another definition is another version, another access the same one, and the same changes nothing")
  func versions() throws {
    #expect(try outcomes(Self.model() + Self.judge) == ["model ember@1: new", "judge helpful@1: new"])
    #expect(try outcomes(Self.model()) == ["model ember@1: unchanged"])
    #expect(try outcomes(Self.model("ember", "key: {env: K}")) == ["model ember@1: access"])
    #expect(try outcomes(Self.model("ember", "limits: {timeout: 1}")) == ["model ember@1: access"])
    #expect(try outcomes(Self.model("ember", "model: other")) == ["model ember@2: newVersion"])
    // What was before the last version is a new one again: rows of version 1 and 3 never mix.
    #expect(try outcomes(Self.model()) == ["model ember@3: newVersion"])
    let store = try defined.reading()
    #expect(try store.modelDefinition("ember").version == 3)
    #expect(try store.modelDefinition("ember@1").access.timeoutSeconds == 1)
    #expect(try store.modelDefinition("ember@2").serverModel == "other")
    // The judge still asks what it asked, until it is defined anew.
    #expect(try store.judgeDefinition("helpful").endpoint.reference == "ember@1")
    #expect(try outcomes(Self.judge) == ["judge helpful@2: newVersion"])
    #expect(try outcomes(Self.judge.replacing("ember", with: "ember@1")) == ["judge helpful@3: newVersion"])
    #expect(try defined.reading().judgeDefinition("helpful@2").endpoint.reference == "ember@3")
    let commit = try #require(try defined.add(Self.model("second")).commit)
    #expect(commit.message == "Define model second@1")
    #expect(commit.operation == #"{"verb":"model","parameters":{"add":["model second@1"]}}"#)
    #expect(try defined.reading().verify().problems == [])
  }

  @Test("A revision has its own")
  func revisions() throws {
    try defined.add(Self.model())
    try defined.add(Self.model("ember", "model: other"))
    #expect(try defined.reading().modelDefinition("ember", at: Revision("main~1")).serverModel == "ember")
    #expect(try defined.all(at: Revision("main~2")) == [])
    let error = #expect(throws: AufdbError.self) {
      try defined.reading().modelDefinition("ember@2", at: Revision("main~1"))
    }
    #expect(error?.message == "there is no version 2 of the model ember" && error?.hint == "its only version is 1")
  }

  @Test("Who asks a model that isn't there is refused with its line, and nothing is changed")
  func missingEndpoints() throws {
    let two = Self.model() + "encoders:\n  e: {endpoint: embre, dimensions: 3}\n"
    for (yaml, message, hint) in [
      (Self.judge, "helpful asks a model that isn't there: there is no model 'ember'", "`aufdb model add STORE FILE`"),
      (two, "e asks a model that isn't there: there is no model 'embre'", "did you mean ember?"),
      (
        Self.model() + Self.judge.replacing("ember", with: "ember@2"),
        "helpful asks a model that isn't there: there is no version 2 of the model ember", "its only version is 1"
      ),
    ] {
      let error = #expect(throws: AufdbError.self) { try defined.add(yaml) }
      #expect(error?.kind == .refused && error?.message == message && error?.hint?.hasPrefix(hint) == true)
      #expect(error?.place == .init(file: "m.yaml", line: yaml.split(separator: "\n").count))
      #expect(try defined.all() == [])
    }
    #expect(try defined.reading().log().count == 1)
  }

  @Test("A name that there isn't is refused with what was probably meant")
  func unknown() throws {
    try defined.add(Self.model() + Self.judge)
    let store = try defined.reading()
    for (kind, name, message, hint) in [
      (DefinitionKind.model, "helpful", "there is no model 'helpful'", "helpful is a judge"),
      (.judge, "helpfull", "there is no judge 'helpfull'", "did you mean helpful?"),
      (.encoder, "x", "there is no encoder 'x'", "`aufdb model add STORE FILE` defines one"),
      (.model, "quite-another", "there is no model 'quite-another'", "models here: ember"),
      (.model, "a@b", "'b' is no version of a", "versions are a@1, a@2 ..."),
    ] {
      let error = #expect(throws: AufdbError.self) { try store.definition(kind, name) }
      #expect(error?.message == message && error?.hint == hint)
    }
    for (names, message) in [
      (["embers"], "there is no definition 'embers'"), (["ember@9"], "there is no definition 'ember@9'"),
      (["ember", "ember@1"], "ember is named twice"), (["a b"], "'a b' can't be the name of a definition"),
    ] {
      let error = #expect(throws: AufdbError.self) { try store.definitionFile(of: names) }
      #expect(error?.message == message && error?.hint != nil)
    }
  }

  @Test("Two branches that go apart have versions of their own, which conflict, and ids of questions that differ")
  func branches() throws {
    try defined.add(Self.model() + Self.judge)
    try defined.writing().createRef(.branch, RefName("side"), at: .head)
    try defined.add(Self.model("ember", "parameters: {temperature: 0}") + Self.judge)
    try defined.add(Self.model("ember", "parameters: {temperature: 1}") + Self.judge, to: "side")
    let (main, side) = try (
      defined.reading().judgeDefinition("helpful"), defined.reading().judgeDefinition("helpful", at: "side")
    )
    // The same text under the same name, which asks another model.
    #expect(main.reference == side.reference && main.definition == side.definition)
    #expect(main.identity != side.identity)
    #expect(main.identity.contains(#""name":"ember""#) && main.identity.contains(#""temperature":0"#))
    var conflicts: [MergeConflict] = []
    let outcome = try defined.writing().merge(MergeOptions("side"), context: defined.context()) { conflicts.append($0) }
    #expect(outcome == .conflicts(1))
    #expect(conflicts.map(\.key) == [[.text("model"), .text("ember"), .integer(2)]])
  }

  @Test("A model that a judge asks can't go")
  func references() throws {
    try defined.add(Self.model())
    try defined.add(Self.judge)
    var conflicts: [MergeConflict] = []
    let outcome = try defined.writing().revert("main~1", context: defined.context()) { conflicts.append($0) }
    #expect(outcome == .conflicts(1) && conflicts.allSatisfy(\.isDangling))
    try defined.store.commit { change in
      let id = try change.connection.integer("SELECT id FROM definitions WHERE kind = 'model'")
      try change.retire(.definitions, id)
    }
    #expect(try !defined.reading().verify().problems.isEmpty)
    let error = #expect(throws: AufdbError.self) { try defined.reading().judgeDefinition("helpful") }
    #expect(error?.kind == .badData && error?.message.contains("the model 'ember@1' of helpful@1 is missing") == true)
  }

  @Test(
    "What no definition file could say is damage",
    arguments: [
      ("model", "{}", "{}"), ("model", "[]", #"{"url":"http://h"}"#), ("model", "{", "{}"), ("robot", "{}", "{}"),
      ("model", #"{"model":1}"#, #"{"url":"http://h"}"#), ("model", "{}", #"{"url":"http://u:p@h"}"#),
      ("model", "{}", #"{"url":"http://h/"}"#), ("model", "{}", #"{"url":"http://h","concurrency":0}"#),
      ("model", "{}", #"{"url":"http://h","timeout":-1}"#), ("model", "{}", #"{"url":"http://h","input_price":-1}"#),
      ("model", "{}", #"{"url":"http://h","attempts":1000}"#), ("model", "{}", #"{"url":"http://h","url":"http://h"}"#),
      ("judge", "{}", "{}"), ("judge", #"{"endpoint":"ember@1","rubric":{}}"#, "{}"),
      ("encoder", #"{"dimensions":3,"element":"f16","input":"response"}"#, #"{"url":"http://h"}"#),
      ("encoder", #"{"dimensions":0,"element":"f16","input":"response"}"#, #"{"url":"http://h","batch":1}"#),
      ("encoder", #"{"dimensions":3,"element":"f64","input":"response"}"#, #"{"url":"http://h","batch":1}"#),
    ])
  func damage(kind: String, definition: String, access: String) throws {
    try defined.add(Self.model())
    try defined.store.commit { change in
      let writer = try change.writer(.definitions)
      for text in [kind, "x"] { writer.text(text) }
      writer.integer(1)
      for text in [definition, access] { writer.text(text) }
      try writer.insert()
    }
    let error = #expect(throws: AufdbError.self) { try defined.all() }
    #expect(error?.kind == .badData && error?.message.contains("x") == true, "\(error?.message ?? "")")
  }

  @Test("Keys from a later version are passed over")
  func laterKeys() throws {
    try defined.store.commit { change in
      let writer = try change.writer(.definitions)
      for text in ["model", "x"] { writer.text(text) }
      writer.integer(1)
      writer.text(#"{"model":"m","parameters":{},"flavour":{"a":[1]}}"#)
      writer.text(#"{"url":"http://h","proxy":null}"#)
      try writer.insert()
    }
    #expect(try defined.reading().modelDefinition("x").serverModel == "m")
  }

  @Test("Bundles carry definitions")
  func bundles() throws {
    try defined.add(DefinitionFile(yaml: DefinitionFileTests.whole.replacing("bare@3", with: "bare@1"), path: "m.yaml"))
    let (bundle, copy) = (defined.store.folder.path("a.bundle"), defined.store.folder.path("copy.aufdb"))
    _ = try defined.reading().createBundle(BundleSelection(), at: bundle)
    try Store.apply(bundle, to: copy)
    #expect(try Store(copy, for: .reading).definitions() == defined.all())
    #expect(try defined.all().map(\.reference).sorted().count == 6)
  }
}
