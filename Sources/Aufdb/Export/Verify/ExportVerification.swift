// Checks an export's folder against its manifest, anywhere and without a store.
//
// Checked are: that the manifest can be read; of each file that it names, that it is there, its size, its SHA-256, the
// number and the size of its rows, and that every line is an object with exactly the columns that its format has, of
// their types; that data/ and embeddings/ hold nothing else; that the card names these columns and row counts. What
// people add to the card, or put beside it, is their own. Nothing outside the folder is opened, whatever a manifest or a
// symbolic link says.
//
// What can't be found so: a change of the manifest that contradicts nothing in the folder, such as another commit. A
// store that has the commit finds it, by making the export again (Store+Origin.swift).

/// What a check of an export found.
public struct ExportVerification: Sendable, Equatable {
  /// Everything that is wrong, a sentence each.
  public var findings: [String] = []
  /// nil where the manifest can't be read; so are the others then.
  public var format: ExportFormat?
  /// The id of the commit that the manifest names.
  public var commit: String?
  public var fileCount = 0
  /// Lines that were read.
  public var rowCount = 0

  public var isSound: Bool { findings.isEmpty }

  /// Checks a folder.
  ///
  /// - Parameter progress: called after each file, with how many are done and how many there are.
  /// - Throws: `.cannotOpenInput` where there is no such folder. All else that is wrong is a finding.
  /// - Complexity: O(n) in the size of the files, of which each is read twice; memory does not grow with them.
  public init(ofFolder folder: String, progress: ((_ done: Int, _ all: Int) -> Void)? = nil) throws(AufdbError) {
    var root = folder
    while root.utf8.count > 1, root.hasSuffix("/") { root.removeLast() }
    let files = FolderFiles(root: root)
    guard FolderFiles.isFolder(root) else {
      throw AufdbError(.cannotOpenInput, "there is no folder \(folder)")
    }
    let manifest: WrittenManifest
    do {
      manifest = try files.bytes("manifest.json").withUnsafeBytes { try WrittenManifest($0) }
    } catch {
      findings = ["manifest.json: \(Self.reason(error))"]
      return
    }
    (format, commit, fileCount) = (manifest.format, manifest.commit, manifest.files.count)
    check(manifest, in: files, progress)
  }

  private mutating func check(_ manifest: WrittenManifest, in files: FolderFiles, _ progress: ((Int, Int) -> Void)?) {
    var named: Set<String> = []
    for (index, file) in manifest.files.enumerated() {
      guard FolderFiles.isInside(file.path) else {
        findings.append("manifest.json names \(file.path.quoted), which is no place inside the folder")
        continue
      }
      guard named.insert(file.path).inserted else {
        findings.append("manifest.json names \(file.path) twice")
        continue
      }
      if isAsNamed(file.path, file.sizeBytes, file.sha256, in: files) { checkRows(of: file, manifest, in: files) }
      progress?(index + 1, manifest.files.count)
    }
    for file in manifest.extraFiles where FolderFiles.isInside(file.path) {
      _ = isAsNamed(file.path, file.sizeBytes, file.sha256, in: files)
    }
    for path in files.paths(in: "data") + files.paths(in: "embeddings") where !named.contains(path) {
      findings.append("\(path) is not in manifest.json")
    }
    findings += manifest.contradictions
    findings += CardCheck(manifest).findings(in: files)
  }

  /// Whether a file can be read on; says what is not as the manifest names it.
  private mutating func isAsNamed(_ path: String, _ size: Int, _ sha256: String, in files: FolderFiles) -> Bool {
    switch files.state(path) {
    case .missing: findings.append("\(path) is missing")
    case .folder: findings.append("\(path) is a folder")
    case .other(let what): findings.append("\(path) is \(what)")
    case .file(let found):
      if found != size { findings.append("\(path) has \(found) bytes, not \(size)") }
      do {
        let hash = try files.sha256(path)
        if hash != sha256 { findings.append("\(path) has the SHA-256 \(hash), not \(sha256.shortened(to: 64))") }
        return true
      } catch {
        findings.append("\(path): \(Self.reason(error))")
      }
    }
    return false
  }

  /// Checks what is in a file; the first line that is wrong stands for all of its lines.
  private mutating func checkRows(of file: WrittenManifest.File, _ manifest: WrittenManifest, in files: FolderFiles) {
    do {
      if file.kind == .embeddings { return try checkMatrix(file, manifest, in: files) }
      var check = RowCheck(manifest.columns(of: file), hasOthers: file.kind?.hasOtherFields ?? false)
      var lines = LineReader(try ByteSource(path: "\(files.root)/\(file.path)"))
      var (rows, bytes) = (0, 0)
      var finding: String?
      while let line = try lines.next() {
        rows += 1
        bytes += line.bytes.count + 1
        if finding == nil, let wrong = check.finding(in: line.bytes) {
          finding = "\(file.path):\(line.number): \(wrong)"
        }
      }
      rowCount += rows
      if let finding { findings.append(finding) }
      if rows != file.rowCount { findings.append("\(file.path) has \(rows) rows, not \(file.rowCount)") }
      if bytes != file.contentBytes {
        findings.append("\(file.path) has \(bytes) bytes of rows, not \(file.contentBytes)")
      }
    } catch {
      findings.append("\(file.path): \(Self.reason(error))")
    }
  }

  private mutating func checkMatrix(
    _ file: WrittenManifest.File, _ manifest: WrittenManifest, in files: FolderFiles
  ) throws {
    let matrix = try MatrixRows(path: "\(files.root)/\(file.path)", tensor: nil)
    let element = matrix.header.element == .float16 ? "f16" : "f32"
    if matrix.header.rowCount != file.rowCount {
      findings.append("\(file.path) has \(matrix.header.rowCount) rows, not \(file.rowCount)")
    }
    if let shape = file.shape, shape != (matrix.header.dimension, element) {
      findings.append(
        "\(file.path) is of \(matrix.header.dimension) x \(element), not \(shape.dimension) x "
          + shape.element.shortened(to: 20))
    }
    let index = manifest.files.first { $0.kind == .index && $0.path == file.index }
    if index?.rowCount != file.rowCount { findings.append("\(file.path) has no index of \(file.rowCount) rows") }
  }

  /// - Throws: `.inputOutput` with the first finding.
  func requireSoundness() throws(AufdbError) {
    guard let first = findings.first else { return }
    let others = findings.count == 1 ? "" : " (and \(findings.count - 1) more)"
    throw AufdbError(
      .inputOutput, "what was written is not what is read again: \(first)\(others)", hint: "check the disk")
  }

  /// An error without the path, which stands before it already.
  static func reason(_ error: any Error) -> String {
    switch error {
    case let error as JSONError: error.reason.description
    case let error as StreamError: error.line.map { "line \($0): \(error.reason)" } ?? error.reason
    case let error as AufdbError: error.message
    default: "\(error)"
    }
  }
}

extension WrittenManifest {
  /// What it says twice, and differently.
  fileprivate var contradictions: [String] {
    var findings: [String] = []
    if format == .completions {
      let relations: [(String, CompletionsFile.Kind)] = [
        ("prompts", .completions), ("labels", .labels), ("estimates", .estimates), ("embeddings", .embeddings),
      ]
      for (relation, kind) in relations {
        let rows = files.reduce(0) { $1.kind == kind ? $0 &+ $1.rowCount : $0 }
        if rows != rowCounts[relation] {
          findings.append(
            "manifest.json has \(rowCounts[relation] ?? 0) \(relation), and \(rows) rows of them in files")
        }
      }
    } else {
      let rows = files.reduce(0) { $0 &+ $1.rowCount }
      if rows != rowCount { findings.append("manifest.json has \(rowCount ?? 0) rows, and \(rows) in its files") }
      if files.isEmpty { findings.append("manifest.json names no file") }
    }
    let digits = commit.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    if commit.utf8.count != 64 || !digits { findings.append("manifest.json names no commit: \(commit.quoted)") }
    return findings
  }
}
