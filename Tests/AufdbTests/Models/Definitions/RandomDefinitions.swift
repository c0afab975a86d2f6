// Random definitions, with whatever texts and numbers can be in one.

import AufdbTestSupport

@testable import Aufdb

extension SeededGenerator {
  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(next() % UInt64(elements.count))]
  }

  /// Words that YAML takes for something else, and texts with everything that needs care. (A text that begins with
  /// U+FEFF loses it where YAML is read.)
  private mutating func word() -> String {
    next() % 2 == 0
      ? pick([
        "no", "y", "~", "null", "true", "1", "1.0", "1e3", "0x1F", ".inf", "-", "a: b", "# c", "{x", "[", "&a", "*a",
        "!t",
        "%", "@", "`", "'q'", "\"q\"", "", " ", " lead", "trail ", "two\nlines", "two\nlines\n", "\n", "a\n\n b\n",
        "tab\t",
        "é", "日本", "\u{2028}", "\u{85}", "🏳️‍🌈", "\u{7}", "2001-01-01", "<<", "=", "a\r\nb", "\\n",
      ]) : string(length: 12)
  }

  private mutating func json(_ depth: Int) -> String {
    var writer = JSONWriter()
    switch next() % (depth > 2 ? 5 : 7) {
    case 0: writer.string(word())
    case 1: writer.int(Int64(bitPattern: next()))
    case 2: if (try? writer.double(Double(Int64(bitPattern: next())) / 1024)) == nil { writer.null() }
    case 3: writer.bool(next() % 2 == 0)
    case 4: writer.null()
    case 5: return "[\((0..<next() % 3).map { _ in json(depth + 1) }.joined(separator: ","))]"
    default:
      let keys = Set((0..<next() % 3).map { _ in word() })
      return Operation.object(Dictionary(uniqueKeysWithValues: keys.sorted().map { ($0, .json(json(depth + 1))) }))
    }
    return writer.text
  }

  mutating func server() -> DefinitionFile.Server {
    var access = ModelAccess(baseURL: pick(["http://h", "https://example.com:8443/v1", "http://[::1]/a?b=c&d"]))
    access.key = pick([nil, .environment("A_KEY"), .file("~/no: key"), .file("true")])
    access.concurrency = 1 + Int(next() % 4096)
    access.timeoutSeconds = pick([0.001, 1, 120, 86_400, 3.25])
    access.attempts = 1 + Int(next() % 100)
    access.requestsPerMinute = pick([nil, 1, 1_000_000_000])
    access.inputPrice = pick([nil, 0, 0.15, 1e-9, 1e12])
    access.outputPrice = pick([nil, 0.6])
    let names = Set((0..<next() % 4).map { _ in pick(["temperature", "stop", "x y", "no", "1", word()]) })
    let parameters = names.sorted().map { ModelParameter($0, json: json(0)) }
    let model = word()
    return DefinitionFile.Server(model: model.isEmpty ? "m" : model, parameters: parameters, access: access)
  }

  private mutating func rubric() throws -> Rubric {
    let shipped = pick(Rubric.shipped)
    guard next() % 2 == 0 else { return shipped }
    func text(_ word: String) -> String { word.isEmpty ? "x" : word.replacing("{", with: "(") }
    let aspects = shipped.aspects.prefix(1 + Int(next() % 3)).map { Rubric.Aspect($0.name, text(word())) }
    let system = text(word())
    return try Rubric(
      name: text(word()), version: text(word()), mode: shipped.mode, system: pick([nil, system]),
      question: shipped.question + text(word()), aspects: aspects, leastMass: pick([0, 0.1, 1]))
  }

  /// A file that defines some of everything; names are from a small set.
  mutating func definitionFile() throws -> DefinitionFile {
    var file = DefinitionFile()
    let names = ["ember", "a/b.c", "no", "1", "true"]
    for name in names where next() % 2 == 0 || name == "ember" {
      file.models.append(.init(name: name, server: server()))
    }
    for name in names where next() % 2 == 0 {
      file.judges.append(
        .init(name: name, endpoint: .init(name: pick(file.models).name, version: pick([nil, 1])), rubric: try rubric()))
    }
    for name in names where next() % 2 == 0 {
      let model = DefinitionFile.Encoder.Endpoint.model(.init(name: "ember", version: nil))
      let own = DefinitionFile.Encoder.Endpoint.own(server())
      file.encoders.append(
        .init(
          name: name, endpoint: pick([model, own]), dimensions: 1 + Int(next() % 9),
          element: pick(EmbeddingElement.allCases), input: pick(EncoderInput.allCases), batchSize: 1 + Int(next() % 99))
      )
    }
    return file
  }
}
