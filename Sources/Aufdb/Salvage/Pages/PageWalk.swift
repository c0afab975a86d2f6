// Finds every row that can be read in a damaged file, and says which table it belongs to.
//
// First the tables' trees are walked from their roots, which the schema names, or which are where an empty store has
// them. A subtree whose page is broken is lost to that; so the leaves that no tree reaches, and that aren't free, come
// next: a leaf belongs to the one table that all of its rows suit, and one that could be of two tables to neither. What
// a leaf holds twice elsewhere does no harm: a row version is never changed, so both are the same.

/// One pass over a file.
struct PageWalk {
  /// What was seen of the file.
  struct Report {
    var pageCount = 0
    /// Pages that no tree reaches, whose rows were told by their shape.
    var strayCount = 0
    /// Pages of trees that can't be read, or are no pages of a tree.
    var badPageCount = 0
    /// Cells that hold no row of the table that they stand in.
    var badCellCount = 0
    /// Tables of which something can't be read, as far as their trees tell.
    var damagedTables: Set<String> = []
  }

  private let file: DatabaseFile
  private let tables: [StoredTable]
  /// Takes a row: its number, its values, and their bytes.
  private let take: (StoredTable, Int64?, StoredRecord, UnsafeRawBufferPointer) throws -> Void
  private var isVisited: [Bool]
  private(set) var report = Report()

  init(
    _ file: DatabaseFile, tables: [StoredTable],
    take: @escaping (StoredTable, Int64?, StoredRecord, UnsafeRawBufferPointer) throws -> Void
  ) {
    (self.file, self.tables, self.take) = (file, tables, take)
    isVisited = Array(repeating: false, count: file.pageCount + 1)
    report.pageCount = file.pageCount
  }

  /// Takes all rows; those of one tree from left to right.
  mutating func run(_ schema: StoredSchema) throws {
    // Pages that the header tells of and a file that was cut hasn't any more.
    let statedCount = file.page(1).map { Int($0.bigEndian32(28)) } ?? 0
    report.badPageCount += max(0, statedCount - file.pageCount)
    for page in schema.pages { isVisited[page] = true }
    for table in tables {
      guard let root = schema.roots[table.name] ?? usualRoot(table, schema) else {
        report.damagedTables.insert(table.name)
        continue
      }
      try walk(from: root, table)
    }
    for index in schema.roots.keys.sorted() where !tables.contains(where: { $0.name == index }) {
      try passOver(from: schema.roots[index] ?? 0)
    }
    passOverFreePages()
    for page in 1..<max(2, isVisited.count) where !isVisited[page] { try readStray(page) }
  }

  /// The root that an empty store has, unless the schema says that something else begins there.
  private func usualRoot(_ table: StoredTable, _ schema: StoredSchema) -> Int? {
    schema.roots.values.contains(table.usualRoot) ? nil : table.usualRoot
  }

  private mutating func walk(from root: Int, _ table: StoredTable) throws {
    // From left to right, so that rows come in order.
    var waiting = [root]
    while let number = waiting.popLast() {
      guard isNew(number) else { continue }
      // A page that isn't this table's is left to the one that it belongs to.
      guard let copy = PageCopy(number, of: file), copy.page.kind.isOfTable == table.hasRowID,
        copy.cells.isEmpty || hasRow(of: table, copy)
      else {
        noteBadPage(of: table)
        continue
      }
      isVisited[number] = true
      try read(copy, table)
      waiting += copy.page.children.reversed()
    }
  }

  private mutating func noteBadPage(of table: StoredTable) {
    // What an index lacks its table has.
    if !table.isIndex { report.badPageCount += 1 }
    report.damagedTables.insert(table.name)
  }

  /// Marks the pages of an index, which holds nothing that its table doesn't.
  private mutating func passOver(from root: Int) throws {
    var waiting = [root]
    while let number = waiting.popLast() {
      guard isNew(number), let copy = PageCopy(number, of: file), !copy.page.kind.isOfTable else { continue }
      // In a broken file a tree may lead to another one's pages.
      if tables.contains(where: { !$0.hasRowID && $0.isUnmistakable && hasRow(of: $0, copy) }) { continue }
      isVisited[number] = true
      waiting += copy.page.children
    }
  }

  /// Marks the pages on SQLite's list of free pages (https://sqlite.org/fileformat2.html#the_freelist), where rows may
  /// stand that were taken away.
  private mutating func passOverFreePages() {
    guard let header = file.page(1), header.starts(with: "SQLite format 3\0".utf8) else { return }
    var trunk = Int(header.bigEndian32(32))
    while isNew(trunk), let page = file.page(trunk) {
      isVisited[trunk] = true
      let count = min(Int(page.bigEndian32(4)), page.count / 4 - 2)
      for index in 0..<max(0, count) {
        let leaf = Int(page.bigEndian32(8 + 4 * index))
        if isNew(leaf) { isVisited[leaf] = true }
      }
      trunk = Int(page.bigEndian32(0))
    }
  }

  private func isNew(_ number: Int) -> Bool { (1..<isVisited.count).contains(number) && !isVisited[number] }

  private mutating func readStray(_ number: Int) throws {
    guard let copy = PageCopy(number, of: file), !copy.cells.isEmpty else { return }
    var owners = tables.filter { $0.hasRowID == copy.page.kind.isOfTable && ($0.hasRowID || $0.isUnmistakable) }
    for cell in copy.cells {
      guard let (record, _) = copy.record(cell) else { continue }
      // One damaged row doesn't make the page another table's.
      let fitting = owners.filter { $0.suits(record) }
      if !fitting.isEmpty { owners = fitting }
    }
    guard owners.count == 1, hasRow(of: owners[0], copy) else { return }
    report.strayCount += 1
    try read(copy, owners[0])
  }

  private func hasRow(of table: StoredTable, _ copy: PageCopy) -> Bool {
    copy.cells.contains { cell in copy.record(cell).map { table.suits($0.0) } ?? false }
  }

  /// Takes a page's rows. Those of a table stand in ascending order: a number that doesn't fit in is wrong.
  private mutating func read(_ copy: PageCopy, _ table: StoredTable) throws {
    if !copy.isWhole { noteBadPage(of: table) }
    var last = Int64.min
    for (index, cell) in copy.cells.enumerated() {
      if let rowID = cell.rowID {
        let next = index + 1 < copy.cells.count ? copy.cells[index + 1].rowID : nil
        guard rowID > last, next.map({ $0 <= last || $0 > rowID }) ?? true else {
          noteBadCell(of: table)
          continue
        }
        last = rowID
      }
      guard let (record, bytes) = copy.record(cell), table.suits(record) else {
        noteBadCell(of: table)
        continue
      }
      try take(table, cell.rowID, record, bytes)
    }
  }

  private mutating func noteBadCell(of table: StoredTable) {
    if !table.isIndex { report.badCellCount += 1 }
    report.damagedTables.insert(table.name)
  }
}
