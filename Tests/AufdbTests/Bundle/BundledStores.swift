// What the tests of bundles share: histories that branch, and stores compared commit by commit.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

extension ModelledStore {
  /// Makes random commits to random branches, and now and then a branch at a tip or at an old commit.
  func grow(_ count: Int, branchLimit: Int) throws {
    for _ in 0..<count {
      if branches.count < branchLimit, generator.next() % 4 == 0 {
        let tips = branches.values.map(\.tip).sorted()
        let all = history.map(\.sequence)
        let at = try #require((generator.next() % 2 == 0 ? tips : all).randomElement(using: &generator))
        try branch("b\(branches.count)", at: at)
      }
      let branch = try #require(branches.keys.sorted().randomElement(using: &generator))
      try commitRandomly(to: branch, count: 5)
    }
    close()
  }

  /// A bundle of some branches and tags, as a file beside the store.
  func bundle(_ arguments: String..., as name: String = UUID().uuidString) throws -> String {
    let path = folder.path(name)
    _ = try Store(self.path, for: .reading).createBundle(BundleSelection(arguments), at: path)
    return path
  }

  /// Expects that a store shows at each commit that it has what the model shows there, and is sound.
  func expectSame(in path: String, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let store = try Store(path, for: .reading)
    let ids = try Set(store.commitIDs())
    for commit in history where ids.contains(commit.id) {
      try expectState(at: commit.sequence, in: store, comment, sourceLocation: sourceLocation)
    }
    #expect(try store.verify().problems == [], comment, sourceLocation: sourceLocation)
    #expect(try store.forgottenRows() == [], comment, sourceLocation: sourceLocation)
  }
}

extension Store {
  /// Takes a bundle into the store at `path`, or makes one of it.
  @discardableResult
  static func apply(_ bundle: String, to path: String, as name: String? = nil) throws -> TransferReport {
    try applyBundle(
      BundleOptions(bundle, as: name.map { name throws(AufdbError) in try RefName(name) }), toStoreAt: path,
      waitSeconds: 0, command: "test")
  }

  /// The rows that are live though no branch's tip sees them, which slow every scan down; none while each commit is on
  /// some branch.
  func forgottenRows() throws -> [String] {
    var seen: [Relation: Set<Int64>] = [:]
    for branch in try refs(.branch) {
      try read(at: Revision(branch.name), showsIDs: true) { connection, _ in
        for relation in Relation.allCases {
          seen[relation, default: []].formUnion(
            try connection.all("SELECT id FROM \(relation.name)") { $0.integer(0) })
        }
      }
    }
    return try read { connection in
      try Relation.allCases.flatMap { relation in
        try connection.all("SELECT place FROM \(relation.table) WHERE place > 0") { $0.integer(0) }
          .filter { seen[relation]?.contains($0) != true }.map { "\(relation.name) \($0)" }
      }
    }
  }

  /// Names of the branches that are said to see past rows.
  func branchesInPast() throws -> [String] {
    try read { try $0.all("SELECT name FROM ref WHERE sees_past = 1 ORDER BY name") { $0.string(0) } }
  }

  /// The ids of all commits, in order of arrival.
  func commitIDs() throws -> [CommitID] {
    try read { try $0.all("SELECT id FROM commit_log ORDER BY seq") { CommitID($0.bytes(0)) } }
  }

  /// Each branch and tag with its commit.
  func tips() throws -> [String: CommitID] {
    Dictionary(uniqueKeysWithValues: try (refs(.branch) + refs(.tag)).map { ($0.name, $0.commit) })
  }

  /// What a revision shows, by relation and natural key.
  func state(at revision: Revision) throws -> ModelState {
    var state = ModelState()
    state.apply(ModelChange(added: try Relation.allCases.flatMap { try contents(at: revision)[$0] ?? [] }))
    return state
  }
}

/// A store without a model, which is changed at random according to what it shows.
final class LooseStore {
  let folder: ScratchFolder
  let path: String
  private var milliseconds: Int64
  private var generator: SeededGenerator

  /// A store of a bundle.
  init(_ bundle: String, seed: UInt64) throws {
    folder = try ScratchFolder()
    path = folder.path("store.aufdb")
    milliseconds = Int64(seed) * 1_000_000_000
    generator = SeededGenerator(seed: seed)
    try Store.apply(bundle, to: path)
  }

  var context: CommitContext {
    milliseconds += 1_000
    return CommitContext(author: "somebody", milliseconds: milliseconds)
  }

  func reading() throws -> Store { try Store(path, for: .reading) }
  func writing() throws -> Store { try Store(path, for: .writing(waitSeconds: 0, command: "test")) }

  /// Makes a random commit to a branch, if its state allows any change.
  func commitRandomly(to branch: String = "main", count: Int = 5) throws {
    let state = try reading().state(at: Revision(branch))
    let change = generator.change(of: state, count: count)
    guard change != ModelChange() else { return }
    var context = context
    context.branch = branch
    _ = try writing().commit(context) { making in
      for row in change.retired { try making.retire(row.relation, making.id(of: row)) }
      for row in change.added { try making.writer(row.relation).add(row) }
      return (CommitNote(message: "loose", operation: Operation("test")), ())
    }
  }

  func problems() throws -> [String] { try reading().verify().problems }
}
