// The names that the shell completes.

import Aufdb
import Glibc

/// What there is to complete: names that are always the same, and those that a store has just now.
struct ShellNames {
  /// Tables with their columns.
  var tables: [(name: String, columns: [String])]
  var functions: [String]
  /// In capitals.
  var keywords: [String]
  /// Branches, tags and the beginnings of commit ids.
  var revisions: [String]
  /// The names of saved queries, without the @.
  var savedQueries: [String]
  /// The files and folders, the latter with a slash, whose paths begin so.
  var files: (String) -> [String]

  private static let recentCount = 20

  /// Those of a store, whose functions somebody has asked for.
  ///
  /// - Parameter revision: the one that the shell reads.
  init(_ store: Store, at revision: Revision, functions: [String]) {
    let tables = (RelationPage.all + RelationPage.versions).map { (name: $0.name, columns: $0.columns.map(\.name)) }
    let refs = [Ref.Kind.branch, .tag].flatMap { (try? store.refs($0)) ?? [] }.map(\.name)
    var ids: [String] = []
    let saved = Set([revision, .head].flatMap { (try? store.savedQueries(at: $0)) ?? [] }.map(\.name))
    // A store that can't be read says so when it is asked for more than names.
    try? store.log(LogOptions(isAll: true, limit: Self.recentCount)) { ids.append($0.commit.id.short) }
    self.init(
      tables: tables, functions: functions, keywords: SQLTyping.keywords, revisions: refs + ["HEAD"] + ids,
      savedQueries: saved.sorted(), files: Self.files)
  }

  init(
    tables: [(name: String, columns: [String])], functions: [String], keywords: [String], revisions: [String],
    savedQueries: [String], files: @escaping (String) -> [String]
  ) {
    self.tables = tables
    self.functions = functions
    self.keywords = keywords
    self.revisions = revisions
    self.savedQueries = savedQueries
    self.files = files
  }

  private static func files(_ beginning: String) -> [String] {
    let folderEnd = beginning.lastIndex(of: "/").map { beginning.index(after: $0) } ?? beginning.startIndex
    let (folder, start) = (String(beginning[..<folderEnd]), beginning[folderEnd...])
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(stream) }
    var paths: [String] = []
    while let entry = readdir(stream) {
      let isFolder = Int32(entry.pointee.d_type) == Int32(DT_DIR)
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      // Hidden ones are for those who ask for them.
      let isShown =
        name.hasPrefix(start) && (!name.hasPrefix(".") || start.hasPrefix(".")) && name != "." && name != ".."
      if isShown { paths.append(folder + name + (isFolder ? "/" : "")) }
    }
    return paths.sorted()
  }
}
