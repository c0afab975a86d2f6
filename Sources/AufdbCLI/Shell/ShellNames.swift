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
  /// The files and folders, the latter with a slash, whose paths begin so.
  var files: (String) -> [String]

  private static let recentCount = 20

  /// Those of a store, whose functions somebody has asked for.
  init(_ store: Store, functions: [String]) {
    let pages = RelationPage.all.map { (name: $0.name, columns: $0.columns.map(\.name)) }
    let versions = Relation.allCases.flatMap { relation in
      ["history", "diff"].compactMap { kind in
        (try? RelationPage.named("\(relation.name)_\(kind)")).map { (name: $0.name, columns: $0.columns.map(\.name)) }
      }
    }
    let refs = [Ref.Kind.branch, .tag].flatMap { (try? store.refs($0)) ?? [] }.map(\.name)
    var ids: [String] = []
    // A store that can't be read says so when it is asked for more than names.
    try? store.log(LogOptions(isAll: true, limit: Self.recentCount)) { ids.append($0.commit.id.short) }
    self.init(
      tables: pages + versions, functions: functions, keywords: SQLTyping.keywords, revisions: refs + ["HEAD"] + ids,
      files: Self.files)
  }

  init(
    tables: [(name: String, columns: [String])], functions: [String], keywords: [String], revisions: [String],
    files: @escaping (String) -> [String]
  ) {
    self.tables = tables
    self.functions = functions
    self.keywords = keywords
    self.revisions = revisions
    self.files = files
  }

  /// The names of SQLite's functions and of aufdb's.
  static func functions(of store: Store) -> [String] {
    var names = Set(FunctionPage.all.map(\.name))
    let sql = "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*'"
    try? store.query(sql) { rows in
      while try rows.next() {
        if case .text(let name) = rows.value(0) { names.insert(String(decoding: name, as: UTF8.self)) }
      }
    }
    return names.sorted()
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
