// The schema of a damaged file: which table begins on which page.

/// What can be read of sqlite_schema.
struct StoredSchema {
  /// Where the trees of tables and indices begin, by their names.
  private(set) var roots: [String: Int] = [:]
  /// The SQL of tables, indices and views, by their names.
  private(set) var sql: [String: String] = [:]
  /// The pages that hold it.
  private(set) var pages: Set<Int> = []

  /// - Parameter names: what it should have. If something of it is missing, all of the file is searched for it.
  init(of file: DatabaseFile, names: some Sequence<String>) {
    var waiting = [1]
    while let number = waiting.popLast() {
      guard pages.insert(number).inserted, let copy = PageCopy(number, of: file) else { continue }
      waiting += copy.page.children
      read(copy)
    }
    pages = pages.filter { (1...max(1, file.pageCount)).contains($0) }
    guard names.contains(where: { roots[$0] == nil }) else { return }
    for number in 1...max(1, file.pageCount) where !pages.contains(number) {
      if let copy = PageCopy(number, of: file), read(copy) { pages.insert(number) }
    }
  }

  /// - Returns: whether it is a page of the schema.
  @discardableResult
  private mutating func read(_ copy: PageCopy) -> Bool {
    guard copy.page.kind == .tableLeaf else { return false }
    var isSchema = false
    for cell in copy.cells {
      guard let (record, bytes) = copy.record(cell), record.values.count == 5,
        record.values.prefix(3).allSatisfy({ $0.kind == .text }), record.values[3].kind == .integer
      else { continue }
      func text(_ column: Int) -> String { String(decoding: bytes[record.values[column].range], as: UTF8.self) }
      guard ["table", "index", "view"].contains(text(0)) else { continue }
      isSchema = true
      let (name, root) = (text(1), record.values[3].integer)
      // What the tree has comes first, and is right where an old copy isn't.
      if sql[name] == nil { sql[name] = text(4) }
      if roots[name] == nil, text(0) != "view", root > 1, root < 1 << 32 { roots[name] = Int(root) }
    }
    return isSchema
  }
}
