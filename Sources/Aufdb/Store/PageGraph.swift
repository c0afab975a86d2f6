// Do a file's pages make trees? SQLite takes it for granted.
//
// A table or an index is a tree of pages, and whoever reads it follows the pages' references to one another. In a
// damaged file, or one that somebody made to do harm, two pages may lead to one:
//   down the tree        SQLite goes no deeper than 20 pages; but sixteen pages that each lead sixty times to the next one
//                        have 60^16 ways through them, and reading goes all of them
//   deeper than 20       an error, while reading; `PRAGMA integrity_check`, which recurses, ends in a crash
//   along a row's pages  a row that is larger than a page goes on on others. SQLite reads no more of it than the file has
//                        bytes, so a ring of these ends; but each row may be that long, which is the file's size squared
//
// Here each page is visited once, so it takes no longer than reading the file.

/// A look at the references between pages.
struct PageGraph {
  /// How deep SQLite's cursors go (BTCURSOR_MAX_DEPTH).
  private static let depthLimit = 20

  private let file: DatabaseFile
  private let withRows: Bool
  private var isVisited: [Bool]
  /// Where the trees of tables and indices begin.
  private var roots: [Int] = []

  private init(_ file: DatabaseFile, withRows: Bool) {
    (self.file, self.withRows) = (file, withRows)
    isVisited = Array(repeating: false, count: file.pageCount + 1)
  }

  /// What keeps pages from being trees, in words: for one thing only; nil where they are.
  ///
  /// What is there no page for, or no page of a tree, is nothing that reading could follow, and isn't looked at here.
  ///
  /// - Parameter withRows: whether the pages on which rows go on are followed as well, for which all pages of tables and
  ///   indices are read, and not only those that lead to others and the first byte of the rest.
  /// - Parameter withFreeList: whether the list of free pages is followed as well: readers don't look at it, but a writer
  ///   would overwrite what is on it.
  /// - Complexity: linear in the number of pages.
  static func problem(of file: DatabaseFile, withRows: Bool, withFreeList: Bool = false) -> String? {
    var graph = PageGraph(file, withRows: withRows)
    do throws(Flaw) {
      try graph.walk(from: 1)
      for root in graph.roots { try graph.walk(from: root) }
      if withFreeList { try graph.checkFreeList() }
      return nil
    } catch {
      return error.description
    }
  }

  /// The same of a file that is in use, as of a transaction of the connection that has it open; nil also where it can't be
  /// told.
  ///
  /// That transaction keeps the file's pages, and those in the log, as they are. But where all of the log was in the file
  /// when it began, the log may be begun anew at any time, and what was read of it be of two logs.
  static func problem(of file: OpenFile, withRows: Bool, withFreeList: Bool = false) -> String? {
    for _ in 0..<3 {
      let header = file.logHeader
      guard let pages = try? DatabaseFile(file, withLog: true) else { return nil }
      guard let problem = problem(of: pages, withRows: withRows, withFreeList: withFreeList) else { return nil }
      if file.logHeader == header { return problem }
    }
    return nil
  }

  private struct Flaw: Error {
    let description: String
  }

  private mutating func walk(from root: Int) throws(Flaw) {
    try visit(root)
    var waiting = [(page: root, depth: 1)]
    while let (number, depth) = waiting.popLast() {
      // The first page begins with the file's header, and the schema's leaves name the other trees.
      let isRead = withRows || root == 1 || file.kind(of: number)?.isInterior == true
      guard isRead, let copy = PageCopy(number, of: file) else { continue }
      guard depth <= Self.depthLimit else {
        throw Flaw(description: "page \(number) is more than \(Self.depthLimit) pages below page \(root)")
      }
      if root == 1 { try noteRoots(copy) }
      for child in copy.page.children where child > 0 && child < isVisited.count {
        try visit(child)
        waiting.append((child, depth + 1))
      }
      guard withRows else { continue }
      for cell in copy.cells { try followOverflow(of: cell) }
    }
  }

  /// Takes note of where tables and indices begin.
  private mutating func noteRoots(_ copy: PageCopy) throws(Flaw) {
    guard copy.page.kind == .tableLeaf else { return }
    for cell in copy.cells {
      // SQLite may make something of a row that it wouldn't have written, and what can't be read can't be looked at.
      guard let record = copy.record(cell)?.0, record.values.count == 5, record.values[3].kind == .integer else {
        throw Flaw(description: "the schema has a row that can't be read")
      }
      let root = record.values[3].integer
      if root > 1, root <= file.pageCount { roots.append(Int(root)) }
    }
  }

  private mutating func visit(_ page: Int) throws(Flaw) {
    guard isVisited.indices.contains(page) else { return }
    if isVisited[page] { throw Flaw(description: "more than one page leads to page \(page)") }
    isVisited[page] = true
  }

  /// The pages on the list are there, nowhere else, and as many as the header says
  /// (https://sqlite.org/fileformat2.html#the_freelist).
  private mutating func checkFreeList() throws(Flaw) {
    guard let header = file.page(1) else { return }
    var (trunk, stated) = (Int(header.bigEndian32(32)), Int(header.bigEndian32(36)))
    let total = stated
    func take(_ page: Int, _ graph: inout Self) throws(Flaw) {
      guard page > 1, page < graph.isVisited.count else {
        throw Flaw(description: "the list of free pages has page \(page), which is none")
      }
      guard !graph.isVisited[page] else {
        throw Flaw(description: "the list of free pages has page \(page), which is in use or on it already")
      }
      graph.isVisited[page] = true
      stated -= 1
    }
    while trunk != 0 {
      try take(trunk, &self)
      guard let page = file.page(trunk) else { return }
      let count = Int(page.bigEndian32(4))
      guard count <= page.count / 4 - 2 else {
        throw Flaw(description: "the list of free pages has \(count) on its page \(trunk)")
      }
      let leaves = (0..<count).map { Int(page.bigEndian32(8 + 4 * $0)) }
      trunk = Int(page.bigEndian32(0))
      for leaf in leaves { try take(leaf, &self) }
    }
    guard stated == 0 else {
      throw Flaw(description: "the list of free pages has \(total - stated), and the header says \(total)")
    }
  }

  private mutating func followOverflow(of cell: TreePage.Cell) throws(Flaw) {
    var (page, rest) = (cell.overflowPage, cell.payloadCount - cell.local.count)
    while rest > 0, page > 0, isVisited.indices.contains(page) {
      try visit(page)
      rest -= file.pageSize - 4
      guard let next = file.next(after: page) else { return }
      page = next
    }
  }
}
