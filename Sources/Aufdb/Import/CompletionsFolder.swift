// A folder that `export completions` wrote, as something to import: its manifest lists the files, what each holds, and
// whose the scores in it are.

import FoundationEssentials

/// What to import of such a folder.
struct CompletionsFolder {
  /// Whose the scores are that stand beside responses; nil where there are none.
  let scoreJudge: String?
  /// The files in the manifest's order, in which each refers to what came before.
  let inputs: [ImportInput]

  private struct Manifest: Decodable {
    var format: String
    var scoreJudge: String?
    var files: [File]?

    enum CodingKeys: String, CodingKey {
      case format
      case scoreJudge = "score_judge"
      case files
    }
  }

  private struct File: Decodable {
    var path: String
    var split: String
    var encoder: String?
    var element: String?
    var index: String?
  }

  /// Reads a folder's manifest.
  ///
  /// - Throws: `.cannotOpenInput` where there is none, or that of another format; `.badData` for a damaged one.
  init(_ folder: String) throws(AufdbError) {
    let place = AufdbError.Place(file: folder)
    guard let data = FileManager.default.contents(atPath: "\(folder)/manifest.json") else {
      throw AufdbError(
        .cannotOpenInput, "can't be opened: it is a directory", hint: "name its files, such as \(folder)/*.jsonl",
        at: place)
    }
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data) else {
      throw AufdbError(.badData, "this is no manifest of an export", at: .init(file: "\(folder)/manifest.json"))
    }
    guard manifest.format == ExportFormat.completions.rawValue, let files = manifest.files else {
      throw AufdbError(
        .cannotOpenInput, "this folder is an export for trainers (\(manifest.format)), not a store's content",
        hint: "its pairs can be had: \(folder)/data/*", at: place)
    }
    scoreJudge = manifest.scoreJudge
    var inputs: [ImportInput] = []
    for file in files {
      if let input = try Self.input(file, in: folder) { inputs.append(input) }
    }
    guard !inputs.isEmpty else { throw AufdbError(.badData, "the manifest lists no files", at: place) }
    self.inputs = inputs
  }

  /// What a file is imported as; nil for the index of a matrix, which comes with it.
  private static func input(_ file: File, in folder: String) throws(AufdbError) -> ImportInput? {
    guard file.split != "embeddings-index" else { return nil }
    guard let kind = ImportKind(rawValue: file.split) else {
      throw damage("lists a file of the unknown kind '\(file.split)'", folder)
    }
    let path = try inside(folder, file.path)
    guard kind == .embeddings else { return ImportInput(path: path, kind: kind) }
    guard let encoder = file.encoder, let index = file.index, let element = file.element else {
      throw damage("doesn't say all of \(file.path)", folder)
    }
    return ImportInput(
      path: path, kind: kind,
      embeddings: EmbeddingOptions(
        index: try inside(folder, index), encoder: encoder,
        keepsFloat32: element == EmbeddingElement.float32.rawValue))
  }

  /// A path that leads out of the folder would let whoever wrote it choose what is read.
  private static func inside(_ folder: String, _ path: String) throws(AufdbError) -> String {
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
      throw damage("names \(path), which is outside of the folder", folder)
    }
    return "\(folder)/\(path)"
  }

  private static func damage(_ words: String, _ folder: String) -> AufdbError {
    AufdbError(.badData, "the manifest \(words)", at: AufdbError.Place(file: "\(folder)/manifest.json"))
  }
}
