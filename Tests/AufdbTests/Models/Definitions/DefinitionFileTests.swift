// Files of definitions: all that one can say, every refusal with its line, and that keys are never shown.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Files of definitions") struct DefinitionFileTests {
  static let whole = """
    models:
      ember:
        url: http://localhost:8000/v1/
        model: ember-3b-instruct
        parameters: {temperature: 1.0, top_p: .95, max_tokens: 1024, stop: [no, '1', "a: b", null]}
        key: {env: OPENAI_API_KEY}
        price: {input: 0.15, output: 6e-1}
        limits: {concurrency: 8, timeout: 1.5, attempts: 2, requests_per_minute: 500}
      bare:
        url: HTTPS://[::1]:8443//?api-version=1
    judges:
      helpful:
        endpoint: ember
        mode: pointwise
        rubric: ultrafeedback
      better: {endpoint: bare@3, rubric: preference}
    encoders:
      minilm: {endpoint: ember, dimensions: 384, element: f32, input: conversation, batch: 7}
      own:
        url: http://10.0.0.7/v1
        key: {file: ~/.keys/own}
        dimensions: 3
    """

  private func refusal(_ yaml: String, path: String = "m.yaml") -> AufdbError? {
    do {
      _ = try DefinitionFile(yaml: yaml, path: path)
      return nil
    } catch {
      return AufdbError.from(error)
    }
  }

  @Test("everything that can be said is taken, and what isn't said is as documented")
  func everything() throws {
    let file = try DefinitionFile(yaml: Self.whole, path: "m.yaml")
    #expect(file.count == 6)
    var access = ModelAccess(baseURL: "http://localhost:8000/v1")
    access.key = .environment("OPENAI_API_KEY")
    (access.concurrency, access.timeoutSeconds, access.attempts, access.requestsPerMinute) = (8, 1.5, 2, 500)
    (access.inputPrice, access.outputPrice) = (0.15, 0.6)
    let parameters = [
      ModelParameter("max_tokens", json: "1024"), ModelParameter("stop", json: #"["no","1","a: b",null]"#),
      ModelParameter("temperature", json: "1.0"), ModelParameter("top_p", json: "0.95"),
    ]
    #expect(file.models[0].name == "ember")
    #expect(file.models[0].server == .init(model: "ember-3b-instruct", parameters: parameters, access: access))
    #expect(
      file.models[1].server
        == .init(model: "bare", access: ModelAccess(baseURL: "https://[::1]:8443?api-version=1")))
    #expect(
      file.models[1].server.access.url(of: "chat/completions") == "https://[::1]:8443/chat/completions?api-version=1")
    #expect(access.url(of: "embeddings") == "http://localhost:8000/v1/embeddings")
    #expect(file.judges.map(\.endpoint.description) == ["ember", "bare@3"])
    #expect(file.judges.map(\.rubric.mode) == [.pointwise, .pairwise])
    #expect(file.encoders[0].endpoint == .model(DefinitionReference(name: "ember", version: nil)))
    let minilm = file.encoders[0]
    #expect(minilm.dimensions == 384 && minilm.element == .float32)
    #expect(minilm.input == .conversation && minilm.batchSize == 7)
    var own = ModelAccess(baseURL: "http://10.0.0.7/v1")
    own.key = .file("~/.keys/own")
    #expect(file.encoders[1].endpoint == .own(.init(model: "own", access: own)))
    #expect(file.encoders[1].element == .float16 && file.encoders[1].input == .response)
    #expect(file.encoders[1].batchSize == 64)
  }

  @Test("a rubric is a shipped one, a file beside this one, or stands in it")
  func rubrics() throws {
    let folder = try ScratchFolder()
    let shipped = try #require(Rubric.shipped.first { $0.mode == .pairwise })
    let text = try #require(Rubric.shippedFiles.first { $0.file.contains(shipped.name) }).yaml
    _ = try folder.file("mine.yaml", Array(text.replacing("name: \(shipped.name)", with: "name: mine").utf8))
    for rubric in ["mine.yaml", folder.path("mine.yaml"), "./mine.yaml"] {
      let yaml = "judges: {j: {endpoint: m, rubric: \(rubric)}}"
      let file = try DefinitionFile(yaml: yaml, path: folder.path("m.yaml"))
      #expect(file.judges[0].rubric.name == "mine" && file.judges[0].rubric.question == shipped.question)
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }
    let inline = "judges:\n  j:\n    endpoint: m\n    rubric:\n" + lines.joined(separator: "\n")
    #expect(try DefinitionFile(yaml: inline, path: "m.yaml").judges[0].rubric == shipped)
    #expect(
      refusal("judges: {j: {endpoint: m, rubric: none.yaml}}", path: folder.path("m.yaml"))?.kind == .cannotOpenInput)
    #expect(refusal("judges:\n  j:\n    endpoint: m\n    rubric: {name: a}")?.place?.line == 4)
  }

  @Test(
    "what is wrong is said with its line",
    arguments: [
      ("", nil, "the file defines nothing"), ("models:\njudges: {}\n", nil, "the file defines nothing"),
      ("- a", 1, "a file of definitions is a map of keys and values"), ("models: {a: {url: [", 2, "not YAML"),
      ("\nmodel: {}", 2, "there is no key 'model' in a file of definitions"),
      ("models:\n  a b: {}", 2, "'a b' can't be the name of a model"),
      ("models:\n  a@1: {}", 2, "'a@1' can't be the name of a model"),
      ("models:\n  a: {url: 'http://h'}\n  a: {url: 'http://h'}", 2, "the key 'a' stands twice"),
      ("models:\n  a: http://h", 2, "a model is a map"), ("models:\n  a: {model: x}", 2, "a needs a key 'url'"),
      ("models:\n  a:\n    url: http://h\n    modell: x", 4, "there is no key 'modell' in a model"),
      ("models:\n  a:\n    url: http://h\n    limits: {timout: 3}", 4, "there is no key 'timout' in limits"),
      ("models:\n  a:\n    url: http://h\n    limits: {concurrency: 0}", 4, "concurrency takes a whole number"),
      (
        "models:\n  a:\n    url: http://h\n    limits: {attempts: 1.5}", 4,
        "attempts takes a whole number from 1 to 100"
      ),
      ("models:\n  a:\n    url: http://h\n    limits: {attempts: '3'}", 4, "attempts takes a whole number"),
      ("models:\n  a:\n    url: http://h\n    limits: {timeout: .inf}", 4, "timeout takes a number"),
      ("models:\n  a:\n    url: http://h\n    limits: {timeout: nan}", 4, "timeout takes a number"),
      ("models:\n  a:\n    url: http://h\n    limits: [1]", 4, "limits is a map"),
      ("models:\n  a:\n    url: http://h\n    price: {input: -1}", 4, "input takes a number of at least 0.0"),
      ("models:\n  a:\n    url: http://h\n    price: {token: {}}", 4, "there is no key 'token' in price"),
      ("models:\n  a:\n    url: http://h\n    parameters: {x: .nan}", 4, "JSON has no .nan"),
      ("models:\n  a:\n    url: http://h\n    parameters: {x: 1e999}", 4, "'1e999' is too large a number"),
      ("models:\n  a:\n    url: http://h\n    parameters: {x: 99999999999999999999}", 4, "is too large a number"),
      ("models:\n  a:\n    url: http://h\n    parameters: {[1]: 2}", 4, "a key is a word"),
      ("models:\n  a:\n    url: http://h\n    parameters: {messages: []}", 4, "'messages' is no parameter"),
      ("models:\n  a:\n    url: http://h\n    model: [a]", 4, "model takes a text, not a list"),
      ("judges:\n  j: {rubric: ultrafeedback}", 2, "j needs a key 'endpoint'"),
      ("judges:\n  j: {endpoint: m}", 2, "j needs a key 'rubric'"),
      ("judges:\n  j:\n    rubric: ultrafedback\n    endpoint: m", 3, "there is no rubric 'ultrafedback'"),
      ("judges:\n  j: {endpoint: m, rubric: [a]}", 2, "rubric takes a name, a path or a rubric, not a list"),
      ("judges:\n  j: {endpoint: m@0, rubric: preference}", 2, "'0' is no version of m"),
      ("judges:\n  j: {endpoint: m@01, rubric: preference}", 2, "'01' is no version of m"),
      ("judges:\n  j: {endpoint: m m, rubric: preference}", 2, "'m m' can't be the name of a definition"),
      (
        "judges:\n  j: {endpoint: m, mode: both, rubric: preference}", 2, "mode takes pointwise or pairwise, not 'both'"
      ),
      ("judges:\n  j: {endpoint: m, mode: pointwise, rubric: preference}", 2, "the rubric 'preference' is pairwise"),
      ("judges:\n  random: {endpoint: m, rubric: preference}", 2, "a judge can't be called random"),
      ("encoders:\n  e: {endpoint: m}", 2, "e needs a key 'dimensions'"),
      ("encoders:\n  e: {dimensions: 3}", 2, "e needs a key 'url'"),
      ("encoders:\n  e: {endpoint: m, model: x, dimensions: 3}", 2, "an encoder has an endpoint or a model of its own"),
      ("encoders:\n  e: {endpoint: m, dimensions: 0}", 2, "dimensions takes a whole number from 1 to"),
      ("encoders:\n  e: {endpoint: m, dimensions: 3, element: f64}", 2, "element takes f16 or f32, not 'f64'"),
      ("encoders:\n  e: {endpoint: m, dimensions: 3, input: prompt}", 2, "input takes response or conversation"),
      ("encoders:\n  e: {endpoint: m, dimensions: 3, batch: many}", 2, "batch takes a whole number"),
      ("a: &a [x, x]\nb: &b [*a, *a]\nmodels: {m: *c}", 3, "not YAML"),
    ] as [(String, Int?, String)])
  func refusals(yaml: String, line: Int?, message: String) {
    let error = refusal(yaml)
    #expect(
      error?.message.hasPrefix(message) == true || error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.kind == .badData && error?.place == .init(file: "m.yaml", line: line), "\(yaml)")
  }

  @Test(
    "a url is http or https, a host, and no secret",
    arguments: [
      "localhost:8000", "ftp://h/v1", "http://", "http:///v1", "http://h:0/v1", "http://h:99999", "http://h:x",
      "http://h#x",
      "http://a b", "http://[::1", "http://[]", "http://[g]/", "http://höst/", "http://h\\x01",
    ])
  func urls(url: String) {
    let error = refusal("models:\n  a:\n    url: \"\(url)\"")
    #expect(error?.message.contains("url") == true && error?.place?.line == 3, "\(error?.message ?? "taken")")
  }

  @Test("aliases that have no end in practice are refused")
  func aliases() {
    let levels = (1...9).map {
      "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ", "))]"
    }
    let error = refusal("l0: &l0 x\n" + levels.joined(separator: "\n"))
    #expect(error?.message.contains("at most 100000 values") == true)
    let deep = String(repeating: "[", count: 50) + String(repeating: "]", count: 50)
    #expect(refusal("models: \(deep)")?.message.contains("nested 32 deep") == true)
  }

  @Test("a file is read with its limits")
  func files() throws {
    let folder = try ScratchFolder()
    _ = try folder.file("good.yaml", Array(Self.whole.utf8))
    #expect(try DefinitionFile(path: folder.path("good.yaml")).count == 6)
    _ = try folder.file("latin1.yaml", [0x6D, 0xFC])
    _ = try folder.file("long.yaml", Array(repeating: 0x20, count: 1 << 20 + 1))
    for (name, message) in [("latin1.yaml", "the file is not UTF-8"), ("long.yaml", "at most 1 MB")] {
      let error = #expect(throws: AufdbError.self) { try DefinitionFile(path: folder.path(name)) }
      #expect(error?.message.contains(message) == true && error?.place?.file == folder.path(name))
    }
    #expect(throws: (any Error).self) { try DefinitionFile(path: folder.path("none.yaml")) }
  }
}
