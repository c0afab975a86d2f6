// `aufdb model`: which models, judges and encoders a store knows.

import ArgumentParser
import Aufdb

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Define models, judges and encoders behind OpenAI-compatible servers; list and show them.",
    discussion: """
      A definition has a name and a version: responses, scores, labels and embeddings say which version made them. What \
      decides the answers can't change under a version: another model, parameter or rubric is the next one. How a \
      server is reached (URL, key, prices, limits) can. A key itself is never stored, only where it is.

      Definitions are rows of the table definitions, under version control like all else.

      Examples:
        aufdb model add prefs.aufdb models.yaml
        aufdb model list prefs.aufdb
        aufdb model show prefs.aufdb ember > models.yaml
        aufdb model answers prefs.aufdb --forget
      """,
    subcommands: [Add.self, List.self, Show.self, Answers.self])

  struct Add: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Add what a file defines, with one commit.",
      discussion: """
        The file is YAML:

        models:
          ember:
            url: http://localhost:8000/v1
            model: ember-3b-instruct           # the server's name for it; without: ember
            parameters: {temperature: 0.7, max_tokens: 1024}   # sent as they are
            key: {env: OPENAI_API_KEY}         # or {file: ~/.keys/openai}
            price: {input: 0.15, output: 0.60}   # of a million tokens
            limits: {concurrency: 16, timeout: 120, attempts: 6, requests_per_minute: 500}
        judges:
          helpful:
            endpoint: ember                    # its newest version; ember@1 is that one
            mode: pointwise                    # or pairwise
            rubric: ultrafeedback              # a shipped one, or the path of a file beside this one
        encoders:
          minilm:
            endpoint: ember                    # or url, model, key ... of its own
            dimensions: 384
            element: f16                       # or f32
            input: response                    # or conversation: prompt and response
            batch: 64                          # texts in one request

        All but url, endpoint, rubric and dimensions may be left out. Models, judges and encoders may stand in files of \
        their own. What is there already, just so, changes nothing.

        Examples:
          aufdb model add prefs.aufdb models.yaml
          aufdb model show other.aufdb | aufdb model add prefs.aufdb -
        """)
    @OptionGroup var store: StoreArgument
    @Argument(help: "A file of definitions; - for standard input.", completion: .file()) var file: String
    @OptionGroup var options: CommitOptions

    func run(in surroundings: Surroundings) throws {
      let file =
        file == "-"
        ? try DefinitionFile(yaml: surroundings.readStandardInput(), path: "standard input")
        : try DefinitionFile(path: file)
      let context = try options.context(in: surroundings)
      let store = try store.openForWriting("model add", options.waiting)
      // Before the commit: what fails after it would be taken for its failure.
      let branch = try context.branch ?? store.currentBranch()
      let (commit, report) = try store.addDefinitions(file, context: context)
      surroundings.writeError(
        CommitLine.text(
          commit, branch: branch, nothing: "all of it is there already, just so"))
      for entry in report.entries where commit != nil {
        surroundings.writeError("  \(entry.kind.rawValue) \(entry.reference): \(entry.outcome.rawValue)\n")
      }
    }
  }

  struct List: Verb {
    static let configuration = CommandConfiguration(
      abstract: "List definitions, the newest version of each.",
      discussion: """
        Examples:
          aufdb model list prefs.aufdb
          aufdb model list prefs.aufdb --all --format json
        """)
    @OptionGroup var store: StoreArgument
    @Flag(help: "List older versions, too.") var all = false
    @OptionGroup var revision: RevisionOption
    @OptionGroup var format: FormatOption

    func run(in surroundings: Surroundings) throws {
      let definitions = try store.openForReading().definitions(at: revision.revision())
      let rows = (all ? definitions : definitions.newest).map { definition -> [SQLValue] in
        [
          .text(definition.kind.rawValue), .text(definition.name), .integer(Int64(definition.version)),
          definition.hasOwnServer ? .null : .text(definition.endpoint.reference),
          .text(definition.endpoint.serverModel), .text(definition.endpoint.access.baseURL), .text(definition.about),
        ]
      }
      try format.format.write(
        ["kind", "name", "version", "endpoint", "model", "url", "about"], rows, in: surroundings)
    }
  }

  struct Show: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Show definitions as a file that `aufdb model add` takes.",
      discussion: """
        Without a name it shows the newest version of each. A name that a model and a judge have shows both.

        Examples:
          aufdb model show prefs.aufdb
          aufdb model show prefs.aufdb ember helpful@2 --at main~3
        """)
    @OptionGroup var store: StoreArgument
    @Argument(help: ArgumentHelp("Only these; NAME@VERSION for an older version.", valueName: "name"))
    var names: [String] = []
    @OptionGroup var revision: RevisionOption

    func run(in surroundings: Surroundings) throws {
      let file = try store.openForReading().definitionFile(of: names, at: revision.revision())
      if file.count > 0 { try surroundings.output.write(file.yaml) }
    }
  }
}

extension Definition {
  /// Whether it says itself where its server is.
  fileprivate var hasOwnServer: Bool {
    switch self {
    case .model: true
    case .judge: false
    case .encoder(let encoder): encoder.hasOwnServer
    }
  }

  /// What else there is to know, in words.
  fileprivate var about: String {
    switch self {
    case .model(let model): model.parameters.map { "\($0.name) \($0.json)" }.joined(separator: ", ")
    case .judge(let judge): "\(judge.mode.rawValue), rubric \(judge.rubric.name) \(judge.rubric.version)"
    case .encoder(let encoder):
      "\(encoder.dimensions) elements, \(encoder.element.rawValue), of the \(encoder.input.rawValue)"
    }
  }
}
