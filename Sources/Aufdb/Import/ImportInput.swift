// From what a user names to the files that are read: a pattern is expanded, and a folder that `export completions` wrote
// stands for the files in it.

import Glibc

/// One file to import.
struct ImportInput: Equatable {
  var path: String
  /// nil: told by its first record.
  var kind: ImportKind?
  /// For embeddings, and only for them.
  var embeddings: EmbeddingOptions?
}

extension ImportOptions {
  /// The files to read, in order, and the options that hold for them.
  ///
  /// - Throws: `.usage` for options that don't go together; `.cannotOpenInput` for a pattern that no file's name has,
  ///   and a folder that isn't a whole store's; `.badData` for a damaged manifest.
  func resolved() throws(AufdbError) -> (options: ImportOptions, inputs: [ImportInput]) {
    var files: [String] = []
    // A file that is named twice, by two patterns or through a link, is one file.
    var identities: Set<String> = []
    for file in self.files {
      for name in try Self.expanded(file) where identities.insert(Self.identity(of: name)).inserted {
        files.append(name)
      }
    }
    if let folder = files.first(where: Self.isFolder) {
      let contents = try CompletionsFolder(folder)
      try checkAlone(folder, among: files)
      var options = self
      options.judge = contents.scoreJudge
      return (options, contents.inputs)
    }
    var options = self
    options.files = files
    try options.check()
    let inputs = files.map { file in
      let kind = self.kind(of: file)
      return ImportInput(path: file, kind: kind, embeddings: kind == .embeddings ? embeddings : nil)
    }
    return (options, inputs)
  }

  /// A folder says everything by itself.
  private func checkAlone(_ folder: String, among files: [String]) throws(AufdbError) {
    let options = [
      ("--as", kind != nil), ("--judge", judge != nil), ("--snapshot", snapshot != nil),
      ("--index", embeddings != nil), ("--map", !maps.isEmpty),
    ]
    let given = options.first { $0.1 }?.0
    guard files.count == 1, given == nil else {
      throw AufdbError(
        .usage, "\(folder) is a folder, which is imported by itself",
        hint: given.map { "leave out \($0): the folder's files name all that" } ?? "import the other files apart")
    }
  }

  /// The names that a pattern stands for, in the order of their bytes; anything else is a name itself.
  private static func expanded(_ file: String) throws(AufdbError) -> [String] {
    guard file.contains(where: { "*?[".contains($0) }), access(file, F_OK) != 0 else { return [file] }
    var matches = glob_t()
    defer { globfree(&matches) }
    guard glob(file, 0, nil, &matches) == 0 else {
      throw AufdbError(.cannotOpenInput, "no file has a name like this", at: AufdbError.Place(file: file))
    }
    return (0..<Int(matches.gl_pathc)).compactMap { matches.gl_pathv[$0].map { String(cString: $0) } }
  }

  /// What all names of one file have in common.
  private static func identity(of path: String) -> String {
    var status = stat()
    guard path != "-", stat(path, &status) == 0 else { return path }
    return "\(status.st_dev):\(status.st_ino)"
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
