// A bundle: commits with their rows in one file, for a store that lacks them. This page is the specification of its
// format 5.
//
//   file         "aufdb bundle 5\n" (15 bytes), one zstd frame with a checksum of its content, and the SHA-256 of all
//                bytes before it (32 bytes): a file that was cut off, or has a wrong bit anywhere, is no bundle.
//
// The frame's content has three parts. Every number is little-endian and has 8 bytes, unless something else is said;
// str(x) is the length of x in bytes and then the bytes; an id is a commit's, 32 bytes.
//
//   header       str(the sender's current branch, which need not be in the bundle)
//                count of prerequisites: commits that the receiver must have; each its id
//                count of refs; each: 1 byte, 1 for a branch and 2 for a tag; str(name); id of its commit, which is in the
//                  bundle or a prerequisite
//   history      count of commits; each, parents before children: id, count of parents, each parent's id (one that came
//                  before it, or a prerequisite), str(author), time, str(message), str(operation), change digest
//                  (32 bytes): all that the id is the SHA-256 of (CommitBytes.swift)
//   rows         for each of these commits, in the same order: count of the relations that it changed; each, in
//                ascending order of relation.code:
//                  1 byte relation.code
//                  count of rows born; each, in order of their ids: the values of its first columns in canonical bytes
//                    (CommitBytes.swift); 1 byte, the count of its late columns that aren't NULL; each of these, in
//                    ascending order: its place among the late columns as 1 byte, and its value
//                  count of commits whose rows it retired; each: id, count of the rows, and for each, ascending, its
//                    place among the rows that this commit bore, counted from 0
//
// Row ids differ from store to store, and no id of a row stands here: a row version is named by the commit that bore it
// and its place there. History comes before rows so that the receiver knows what each branch will descend from before
// the first row arrives: whether a retired row goes to the past depends on it. What the rows of a commit are is proven
// by its change digest, what the commit is by its id.
//
// Formats 1 to 4 are still read. Formats 1 and 2 have no changes of relations with codes above 8, format 3 none of those
// above 10 and format 4 none of those above 11, which there weren't. Format 1 has nothing after a row's first columns,
// for there were no others; and labels have no late columns before format 5.

/// What the format fixes, and the limits that a reader holds a file to before it makes room for anything.
enum BundleFormat {
  static let magic = "aufdb bundle "
  /// The format that is written.
  static let version = 5
  /// The formats that are read.
  static let knownVersions = 1...version
  /// The relations that a format's commits may change.
  static func relations(ofVersion version: Int) -> [Relation] {
    AddedObjects.relations(ofFormat: storeFormat(ofVersion: version))
  }
  /// The late columns that a relation's rows may have in a format.
  static func lateColumns(of relation: Relation, inVersion version: Int) -> [String] {
    AddedObjects.lateColumns(of: relation, inFormat: storeFormat(ofVersion: version))
  }
  /// A bundle's format came with one of the store's.
  private static func storeFormat(ofVersion version: Int) -> Int { version + 1 }
  /// The whole first line.
  static var firstLine: [UInt8] { Array("\(magic)\(version)\n".utf8) }
  static let digestCount = 32

  /// The most bytes that a text or blob may have, and the values of a row together: SQLite's own limit.
  static let byteLimit: UInt64 = 1_000_000_000
  /// The most bytes of a branch's or tag's name.
  static let nameLimit: UInt64 = 200
  /// The most parents of a commit, and the most things of any other kind that are counted.
  static let parentLimit: UInt64 = 1 << 10
  static let countLimit: UInt64 = 1 << 40

  static let compressionLevel = 3
  static let workerCount = 2
}

/// A branch or tag that a bundle brings.
public struct BundleRef: Sendable, Equatable {
  public var kind: Ref.Kind
  public var name: String
  public var commit: CommitID

  /// The byte that stands for a kind.
  static func code(of kind: Ref.Kind) -> UInt8 { kind == .branch ? 1 : 2 }
}

/// What a bundle says before its commits.
struct BundleHeader: Sendable, Equatable {
  var currentBranch: String
  var prerequisites: [CommitID]
  var refs: [BundleRef]

  var branches: [BundleRef] { refs.filter { $0.kind == .branch } }
}

/// What is in a bundle.
public struct BundleSummary: Sendable, Equatable {
  /// The sender's current branch.
  public var currentBranch: String
  /// Commits that a receiver must have.
  public var prerequisites: [CommitID]
  public var refs: [BundleRef]
  public var commitCount = 0
  /// How many row versions the commits bore.
  public var added: [Relation: Int] = [:]
  public var retired: [Relation: Int] = [:]

  init(_ header: BundleHeader) {
    currentBranch = header.currentBranch
    prerequisites = header.prerequisites
    refs = header.refs
  }
}
