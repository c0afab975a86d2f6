// Reading a bundle part by part, and holding it to its specification (BundleFormat.swift). It knows no store.

/// Reads the header, then the history, then what each commit did, in this order.
final class BundleReader {
  let source: BundleSource
  let header: BundleHeader
  /// Of what was read so far.
  private(set) var summary: BundleSummary
  /// The commits of the bundle, in its order.
  private(set) var ids: [CommitID] = []
  private let row = BundleRow()

  /// Reads the header.
  init(_ source: BundleSource) throws {
    self.source = source
    let currentBranch = try source.string("current branch's name", limit: BundleFormat.nameLimit)
    var prerequisites: [CommitID] = []
    for _ in 0..<(try source.count(of: "prerequisites")) { prerequisites.append(try source.id()) }
    guard Set(prerequisites).count == prerequisites.count else { throw source.damaged("it names a prerequisite twice") }
    var refs: [BundleRef] = []
    var names: Set<String> = []
    for _ in 0..<(try source.count(of: "branches and tags")) {
      let ref = try Self.ref(source)
      guard names.insert(ref.name).inserted else { throw source.damaged("it has '\(ref.name)' twice") }
      refs.append(ref)
    }
    header = BundleHeader(currentBranch: currentBranch, prerequisites: prerequisites, refs: refs)
    summary = BundleSummary(header)
  }

  private static func ref(_ source: BundleSource) throws(AufdbError) -> BundleRef {
    let code = try source.byte()
    guard let kind = [Ref.Kind.branch, .tag].first(where: { BundleRef.code(of: $0) == code }) else {
      throw source.damaged("it has what is neither a branch nor a tag")
    }
    let name = try source.string("name of a \(kind.rawValue)", limit: BundleFormat.nameLimit)
    guard (try? RefName(name)) != nil else { throw source.damaged("'\(name)' can't be the name of a \(kind.rawValue)") }
    return BundleRef(kind: kind, name: name, commit: try source.id())
  }

  /// Reads the history, and lends each commit. That its id is what its content gives is sure by then.
  func readHistory(_ body: (CommitID, CommitContent) throws -> Void) throws {
    var known = Set(header.prerequisites)
    for _ in 0..<(try source.count(of: "commits")) {
      let (id, content) = try readCommit(known)
      guard known.insert(id).inserted else { throw source.damaged("it has commit \(id.short) twice") }
      ids.append(id)
      try body(id, content)
    }
    for ref in header.refs where !known.contains(ref.commit) {
      throw source.damaged("'\(ref.name)' is at a commit that it doesn't have")
    }
    summary.commitCount = ids.count
  }

  private func readCommit(_ known: Set<CommitID>) throws(AufdbError) -> (CommitID, CommitContent) {
    let id = try source.id()
    var parents: [CommitID] = []
    for _ in 0..<(try source.count(of: "parents", limit: BundleFormat.parentLimit)) {
      let parent = try source.id()
      guard known.contains(parent), !parents.contains(parent) else {
        throw source.damaged("a parent of commit \(id.short) is missing")
      }
      parents.append(parent)
    }
    let content = CommitContent(
      parents: parents, author: try source.string("author"),
      milliseconds: Int64(bitPattern: try source.number()), message: try source.string("message"),
      operation: try source.string("operation"), changeDigest: try source.bytes(BundleFormat.digestCount))
    guard content.id == id else {
      throw source.damaged("commit \(id.short) has content that gives the id \(content.id.short)")
    }
    guard JSONReader.isJSON(content.operation) else {
      throw source.damaged("the operation of commit \(id.short) is not JSON")
    }
    return (id, content)
  }

  /// Reads what the next commit did, and lends it piece by piece: for each relation the rows born, then the rows
  /// retired, by the commit that bore them and their place there, then its end.
  func readChange(
    born: (Relation, BundleRow) throws -> Void, retired: (Relation, CommitID, Int64) throws -> Void,
    end: (Relation) throws -> Void
  ) throws {
    var last = 0
    let relations = BundleFormat.relations(ofVersion: source.version)
    for _ in 0..<(try source.count(of: "changed relations", limit: UInt64(relations.count))) {
      let code = Int(try source.byte())
      guard code > last, let relation = Relation(rawValue: code), relations.contains(relation) else {
        throw source.damaged("a commit changed an unknown relation")
      }
      last = code
      let bornCount = try source.count(of: relation.name)
      for _ in 0..<bornCount {
        try row.read(relation, from: source)
        try born(relation, row)
      }
      let retiredCount = try readRetired { try retired(relation, $0, $1) }
      guard bornCount + retiredCount > 0 else { throw source.damaged("a commit changed a relation by nothing") }
      summary.added[relation, default: 0] += bornCount
      summary.retired[relation, default: 0] += retiredCount
      try end(relation)
    }
  }

  private func readRetired(_ body: (CommitID, Int64) throws -> Void) throws -> Int {
    var bearers: Set<CommitID> = []
    var total = 0
    for _ in 0..<(try source.count(of: "commits with retired rows")) {
      let bearer = try source.id()
      let count = try source.count(of: "retired rows")
      guard bearers.insert(bearer).inserted, count > 0 else {
        throw source.damaged("its retired rows are out of order")
      }
      var last: Int64 = -1
      for _ in 0..<count {
        let place = Int64(clamping: try source.number())
        guard place > last, place < BundleFormat.countLimit else {
          throw source.damaged("its retired rows are out of order")
        }
        last = place
        try body(bearer, place)
      }
      total += count
    }
    return total
  }

  /// Makes sure that nothing follows, and that the digest is right.
  func finish() throws(AufdbError) { try source.finish() }
}

extension BundleSummary {
  /// Reads a bundle from beginning to end, without a store.
  ///
  /// - Parameter path: a file, or `-` for standard input.
  /// - Throws: `.badData` for one that is damaged. That the rows are those of the commits only a store can tell.
  public init(ofBundleAt path: String) throws {
    let reader = try BundleReader(BundleSource(path: path))
    try reader.readHistory { _, _ in }
    for _ in reader.ids { try reader.readChange(born: { _, _ in }, retired: { _, _, _ in }, end: { _ in }) }
    try reader.finish()
    self = reader.summary
  }
}
