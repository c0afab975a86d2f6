// What a test reads of an export: the rows of its files, and all its bytes.

import Foundation

@testable import Aufdb

/// A finished export.
struct ExportedFolder {
  let path: String
  /// What holds the folder, which goes with its last reference.
  let scratch: ScratchFolder

  /// The lines of one data file, or of all of them in order.
  func rows(_ file: String? = nil) throws -> [String] {
    let files = try file.map { [$0] } ?? names("data").sorted().map { "data/\($0)" }
    return try files.flatMap { file -> [String] in
      let text = String(decoding: try ByteSource(path: "\(path)/\(file)").rest(), as: UTF8.self)
      return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  /// The names in the folder, or in one inside it, sorted.
  func names(_ inside: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(inside)").sorted()
  }

  /// A file's text.
  func text(_ file: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(file)")), as: UTF8.self)
  }

  /// Every file's bytes, by its path in the folder.
  func contents() throws -> [String: Data] {
    let files = try names().filter { $0 != "data" } + names("data").map { "data/\($0)" }
    return try Dictionary(
      uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: URL(filePath: "\(path)/\($0)"))) })
  }
}

extension TestStore {
  /// Exports to a folder beside the store.
  @discardableResult
  func export(
    _ format: ExportFormat = .dpo, to name: String = "out", _ change: (inout ExportOptions) -> Void = { _ in }
  ) throws -> (folder: ExportedFolder, report: ExportReport) {
    var options = ExportOptions(format: format, directory: folder.path(name))
    change(&options)
    let report = try reading().export(options)
    return (exported(name), report)
  }

  /// What is exported under this name already.
  func exported(_ name: String = "out") -> ExportedFolder { ExportedFolder(path: folder.path(name), scratch: folder) }

  /// The names beside the store that an export could have left: all but the store's own files.
  func leftovers() throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false))
    return names.filter { !$0.hasPrefix("store.aufdb") }.sorted()
  }

  /// `count` prompts, "p000" on, each with one label.
  func addPairs(_ count: Int, text: (Int) -> String = { "response \($0)" }) throws {
    try commit { change in
      for index in 0..<count {
        let promptID = "p\(String(repeating: "0", count: max(0, 3 - "\(index)".count)))\(index)"
        try change.addPrompt(promptID, "question \(index)")
        try change.addResponse(promptID, "a", text(index))
        try change.addResponse(promptID, "b", "another " + text(index))
        try change.addLabel(promptID, chosen: "a", rejected: "b", scores: (2, 1))
      }
    }
  }
}
