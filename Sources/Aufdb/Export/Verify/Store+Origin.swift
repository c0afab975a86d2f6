// Which commit of a store an export came from, and whether that commit still gives it.

/// A commit that a store has, and what leads to it.
public struct ExportOrigin: Sendable, Equatable {
  public var commit: Commit
  /// A tag, a branch, or a branch with the number of steps back: "main~3"; nil where no branch leads to it by first
  /// parents.
  public var name: String?
}

/// What an export that was made again has in common with the one that is there.
public struct ExportComparison: Sendable, Equatable {
  /// What differs, a sentence each.
  public var findings: [String] = []
  /// What could not be compared, or differs without being wrong.
  public var notes: [String] = []
  /// Whether the export was made again.
  public var isMade = false

  public init() {}
}

extension Store {
  /// The commit that an export came from; nil where the store doesn't have it.
  ///
  /// - Parameter id: as its manifest has it.
  /// - Complexity: O(n) in the commits.
  public func origin(ofCommit id: String) throws -> ExportOrigin? {
    try read { connection in
      let sequence = try connection.first("SELECT seq FROM commit_log WHERE lower(hex(id)) = ?1", .text(id)) {
        $0.integer(0)
      }
      return try sequence.map { sequence in
        ExportOrigin(commit: try connection.commit(sequence), name: try connection.name(of: sequence))
      }
    }
  }

  /// Makes an export again at the commit that its manifest names, and compares the two.
  ///
  /// - Parameters:
  ///   - folder: the export, whose files are as its manifest says.
  ///   - temporary: a path beside which there is room for the new export: in a folder that nobody else may enter, and
  ///     that is gone at the end.
  /// - Throws: what a store throws that can't be read. What the commit can't give is a finding.
  public func compareExport(_ folder: String, makingBeside temporary: String) throws -> ExportComparison {
    let files = FolderFiles(root: folder)
    let bytes = try files.bytes("manifest.json")
    let manifest = try bytes.withUnsafeBytes { try WrittenManifest($0) }
    let revision = try Revision(manifest.commit)
    var comparison = ExportComparison()
    let aside = try AsideFile.making(beside: temporary, isFolder: true)
    let directory = "\(aside.path)/export"
    do {
      try remake(manifest, in: directory, at: revision)
    } catch let error as AufdbError where error.kind == .cannotOpenInput {
      comparison.notes.append("not made again: \(error.message)")
      return comparison
    } catch let error as AufdbError where [.refused, .badData, .usage].contains(error.kind) {
      comparison.findings.append("the commit doesn't give this export: \(error.message)")
      return comparison
    }
    try comparison.compare(manifest, files, with: FolderFiles(root: directory))
    return comparison
  }

  private func remake(_ manifest: WrittenManifest, in directory: String, at revision: Revision) throws {
    var json = manifest.options
    try json.withUTF8 { bytes in
      if manifest.format == .completions {
        _ = try exportCompletions(
          try CompletionsOptions(json: Bytes(bytes), directory: directory, revision: revision))
      } else {
        _ = try export(
          try ExportOptions(json: Bytes(bytes), format: manifest.format, directory: directory, revision: revision))
      }
    }
  }
}

extension ExportComparison {
  fileprivate mutating func compare(
    _ manifest: WrittenManifest, _ files: FolderFiles, with made: FolderFiles
  ) throws {
    isMade = true
    let madeManifest = try made.bytes("manifest.json").withUnsafeBytes { try WrittenManifest($0) }
    let names = { (manifest: WrittenManifest) in Set(manifest.files.map(\.path)) }
    for path in names(manifest).symmetricDifference(names(madeManifest)).sorted() {
      findings.append("\(path) is \(names(manifest).contains(path) ? "not" : "also") what the commit gives")
    }
    // Other versions of the libraries compress to other bytes; the rows are what counts then.
    let hasOtherTools = manifest.aufdb != madeManifest.aufdb || manifest.libraries != madeManifest.libraries
    for file in manifest.files {
      guard let other = madeManifest.files.first(where: { $0.path == file.path }), other.sha256 != file.sha256 else {
        continue
      }
      if hasOtherTools, try Self.haveSameContent(file.path, files, made) {
        notes.append("\(file.path) has the same rows, compressed by another version")
      } else {
        findings.append("\(file.path) is not what the commit gives")
      }
    }
    if !hasOtherTools, try !Self.manifestLines(files).elementsEqual(Self.manifestLines(made)) {
      findings.append("manifest.json is not what the commit gives")
    }
    if hasOtherTools {
      notes.append("made by aufdb \(manifest.aufdb), and compared with what \(madeManifest.aufdb) makes")
    }
    if try files.bytes("README.md") != made.bytes("README.md") {
      notes.append("README.md is not as it was written")
    }
  }

  /// The manifest's lines without the revision, which is what was asked for and not what it named.
  private static func manifestLines(_ files: FolderFiles) throws -> [String] {
    String(decoding: try files.bytes("manifest.json"), as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("  \"revision\": ") }
  }

  private static func haveSameContent(_ path: String, _ one: FolderFiles, _ other: FolderFiles) throws -> Bool {
    var lines = LineReader(try ByteSource(path: "\(one.root)/\(path)"))
    var others = LineReader(try ByteSource(path: "\(other.root)/\(path)"))
    while true {
      let (line, otherLine) = (try lines.next(), try others.next())
      guard let line, let otherLine else { return line == nil && otherLine == nil }
      guard line.bytes.isEqual(to: otherLine.bytes) else { return false }
    }
  }
}

extension Connection {
  /// A tag of a commit, or the branch whose tip is the fewest steps by first parents from it, with their number.
  fileprivate func name(of sequence: Int64) throws -> String? {
    let tags = try all("SELECT name FROM ref WHERE kind = 'tag' AND commit_seq = ?1 ORDER BY name", .integer(sequence))
    {
      $0.string(0)
    }
    if let tag = tags.first { return tag }
    let branches = try all("SELECT name, commit_seq FROM ref WHERE kind = 'branch' ORDER BY name") { row in
      (name: row.string(0), tip: row.integer(1))
    }
    let parent = try statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1 AND position = 0")
    var nearest: (name: String, steps: Int)?
    for branch in branches {
      var (place, steps) = (branch.tip, 0)
      // A parent always has a smaller number than its child.
      while place > sequence, steps < nearest?.steps ?? .max {
        parent.bind(1, place)
        defer { parent.reset() }
        guard try parent.step() else { break }
        place = parent.integer(0)
        steps += 1
      }
      if place == sequence, steps < nearest?.steps ?? .max { nearest = (branch.name, steps) }
    }
    return nearest.map { $0.steps == 0 ? $0.name : "\($0.name)~\($0.steps)" }
  }
}
