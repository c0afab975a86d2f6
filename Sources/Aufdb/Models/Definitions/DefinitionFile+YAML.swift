// Writes definitions as a file that reads as the same ones; DefinitionFile.swift says what one looks like.

import Yams

extension DefinitionFile {
  /// The file's text: whoever adds it to the store that it came from changes nothing.
  public var yaml: String {
    get throws {
      let sections: [(DefinitionKind, [(Node, Node)])] = [
        (.model, try models.map { (Node(string: $0.name), Node(try $0.server.entries)) }),
        (.judge, try judges.map { (Node(string: $0.name), Node(try $0.entries)) }),
        (.encoder, try encoders.map { (Node(string: $0.name), Node(try $0.entries)) }),
      ]
      let entries = sections.filter { !$1.isEmpty }.map { (Node(string: $0.section), Node($1)) }
      return try Yams.serialize(node: Node(entries), width: -1, allowUnicode: true)
    }
  }
}

extension DefinitionFile.Server {
  fileprivate var entries: [(Node, Node)] {
    get throws {
      var entries = [("url", Node(string: access.baseURL)), ("model", Node(string: model))]
      if !parameters.isEmpty { entries.append(("parameters", try Node(json: parameters.json))) }
      switch access.key {
      case .environment(let name): entries.append(("key", .flow([("env", Node(string: name))])))
      case .file(let path): entries.append(("key", .flow([("file", Node(string: path))])))
      case nil: break
      }
      let prices = [("input", access.inputPrice), ("output", access.outputPrice)]
      let price = prices.compactMap { name, price in price.map { (name, Node("\($0)", .implicit, .plain)) } }
      if !price.isEmpty { entries.append(("price", .flow(price))) }
      var limits = [
        ("concurrency", Node(access.concurrency)), ("timeout", Node("\(access.timeoutSeconds)", .implicit, .plain)),
        ("attempts", Node(access.attempts)),
      ]
      if let rate = access.requestsPerMinute { limits.append(("requests_per_minute", Node(rate))) }
      entries.append(("limits", .flow(limits)))
      return entries.map { (Node($0), $1) }
    }
  }
}

extension DefinitionFile.Judge {
  fileprivate var entries: [(Node, Node)] {
    get throws {
      let isShipped = Rubric.shipped.contains(rubric)
      return [
        (Node("endpoint"), Node(string: endpoint.description)), (Node("mode"), Node(rubric.mode.rawValue)),
        (Node("rubric"), isShipped ? Node(string: rubric.name) : Node(rubric.entries)),
      ]
    }
  }
}

extension DefinitionFile.Encoder {
  fileprivate var entries: [(Node, Node)] {
    get throws {
      let owner: [(Node, Node)] =
        switch endpoint {
        case .model(let reference): [(Node("endpoint"), Node(string: reference.description))]
        case .own(let server): try server.entries
        }
      return owner + [
        (Node("dimensions"), Node(dimensions)), (Node("element"), Node(element.rawValue)),
        (Node("input"), Node(input.rawValue)), (Node("batch"), Node(batchSize)),
      ]
    }
  }
}

extension Rubric {
  /// As a rubric's file has them.
  fileprivate var entries: [(Node, Node)] {
    var entries = [
      ("name", Node(string: name)), ("version", Node(string: version)), ("mode", Node(mode.rawValue)),
    ]
    if let system { entries.append(("system", Node(string: system))) }
    entries.append(("question", Node(string: question)))
    if !aspects.isEmpty {
      entries.append(("aspects", Node(aspects.map { (Node(string: $0.name), Node(string: $0.text)) })))
    }
    entries.append(("least_mass", Node("\(leastMass)", .implicit, .plain)))
    return entries.map { (Node($0), $1) }
  }
}

extension Node {
  fileprivate init(_ number: Int) { self.init("\(number)", .implicit, .plain) }

  /// A map on one line.
  fileprivate static func flow(_ entries: [(String, Node)]) -> Node {
    Node(entries.map { (Node($0), $1) }, .implicit, .flow)
  }
}
