// A store and a plain model of it, changed alike commit by commit.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// What one commit should be.
struct ModelCommit: Sendable {
  let sequence: Int64
  let id: CommitID
  /// Sequence numbers.
  let parents: [Int64]
  let change: ModelChange
  let state: ModelState
  let author: String
  let milliseconds: Int64
  let message: String
  let operation: String
}

final class ModelledStore {
  struct Branch: Sendable {
    var tip: Int64
    var seesPast: Bool
  }

  let folder: ScratchFolder
  let path: String
  /// By sequence number less 1.
  private(set) var history: [ModelCommit] = []
  private(set) var branches: [String: Branch] = [:]
  var generator: SeededGenerator
  /// How long to wait for the lock, which a reader that closes may hold for a moment.
  var waitSeconds: Double = 0
  private let format: Int
  private var open: Store?

  /// - Parameter format: random changes make what stores of this format have room for.
  init(seed: UInt64, format: Int = 6) throws {
    self.format = format
    folder = try ScratchFolder()
    path = folder.path("store.aufdb")
    generator = SeededGenerator(seed: seed)
    let root = try Store.create(at: path, context: CommitContext(author: "root", milliseconds: 1_000))
    branches["main"] = Branch(tip: root.sequence, seesPast: false)
    history.append(
      ModelCommit(
        sequence: root.sequence, id: root.id, parents: [], change: ModelChange(), state: ModelState(), author: "root",
        milliseconds: 1_000, message: root.message, operation: root.operation))
  }

  func model(_ sequence: Int64) -> ModelCommit { history[Int(sequence) - 1] }

  func tip(_ branch: String = "main") throws -> ModelCommit { model(try #require(branches[branch]).tip) }

  /// The store, open for writing until `close`.
  func writer() throws -> Store {
    if let open { return open }
    let store = try Store(path, for: .writing(waitSeconds: waitSeconds, command: "test"))
    open = store
    return store
  }

  func close() { open = nil }

  /// Makes a random change of up to `count` rows on a branch.
  @discardableResult
  func commitRandomly(to branch: String = "main", count: Int = 6) throws -> ModelCommit? {
    var change = ModelChange()
    // An early state may leave nothing to do for the relations that were drawn.
    for _ in 0..<20 where change == ModelChange() {
      change = generator.change(of: try tip(branch).state, count: count, format: format)
    }
    return change == ModelChange() ? nil : try commit(change, to: branch)
  }

  /// Makes a change; retirements and additions come in a random order.
  @discardableResult
  func commit(_ change: ModelChange, to branch: String = "main") throws -> ModelCommit {
    let (author, milliseconds) = ("author \(history.count % 3)", 1_000 + Int64(history.count) * 1_000)
    let context = CommitContext(branch: branch, author: author, milliseconds: milliseconds)
    let base = try tip(branch)
    let (message, operation) = ("Change \(history.count) é", Operation("test", ["n": .integer(Int64(history.count))]))
    var steps = change.retired.map { (isAdded: false, row: $0) } + change.added.map { (isAdded: true, row: $0) }
    steps.shuffle(using: &generator)
    let (commit, _) = try writer().commit(context) { making in
      let ids = try change.retired.map { try making.id(of: $0) }
      for step in steps {
        if step.isAdded {
          try making.writer(step.row.relation).add(step.row)
        } else if let index = change.retired.firstIndex(of: step.row) {
          try making.retire(step.row.relation, ids[index])
        }
      }
      return (CommitNote(message: message, operation: operation), ())
    }
    let made = try #require(commit)
    var state = base.state
    state.apply(change)
    // The rows in the order in which they got their ids.
    let added = steps.filter(\.isAdded).map(\.row)
    let model = ModelCommit(
      sequence: made.sequence, id: made.id, parents: [base.sequence],
      change: ModelChange(retired: change.retired, added: added), state: state, author: author,
      milliseconds: milliseconds, message: message, operation: operation.json)
    #expect(made.sequence == Int64(history.count + 1))
    history.append(model)
    branches[branch]?.tip = made.sequence
    return model
  }

  /// Makes a branch at any commit, as schema.sql describes it, with any name.
  func branch(_ name: String, at sequence: Int64) throws {
    let seesPast = try writer().withConnection { connection in
      let seesPast = try !connection.isLiveTip(sequence)
      try connection.execute(
        "INSERT INTO ref VALUES (?1, 'branch', ?2, ?3, ?4)", .text(name), .integer(sequence),
        .integer(seesPast ? 1 : 0), .integer(connection.takeLane().number))
      return seesPast
    }
    branches[name] = Branch(tip: sequence, seesPast: seesPast)
  }

  /// Expects that a store shows the model's rows at a commit.
  func expectState(
    at sequence: Int64, in store: Store, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let model = model(sequence)
    let found = try store.contents(at: Revision(model.id.description))
    for relation in Relation.allCases {
      let (seen, expected) = (found[relation] ?? [], model.state.rows(of: relation))
      #expect(
        seen.count == expected.count && seen.allSatisfy { model.state.row(relation, $0.key) == $0 },
        "\(relation.name) at commit \(sequence): \(comment?.rawValue ?? "")", sourceLocation: sourceLocation)
    }
  }

  /// Expects every commit's rows to be the model's, and a sound store.
  func expectAll(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let store = try Store(path, for: .reading)
    for commit in history {
      try expectState(at: commit.sequence, in: store, comment, sourceLocation: sourceLocation)
    }
    let report = try store.verify()
    #expect(report.problems == [], comment, sourceLocation: sourceLocation)
    #expect(report.commitCount == history.count, comment, sourceLocation: sourceLocation)
  }
}

extension Change {
  /// The id of the one row that is seen and equals the model's.
  func id(of row: ModelRow) throws -> Int64 {
    let found = try rows(of: row.relation).filter { $0.row == row }
    #expect(found.count == 1, "\(row.relation.name) \(row.key)")
    return try #require(found.first).id
  }

  /// Everything that the change's own view of a relation shows.
  func rows(of relation: Relation) throws -> [(id: Int64, row: ModelRow)] {
    try connection.all("SELECT id, \(relation.columnList) FROM \(relation.name)") { statement in
      (statement.integer(0), ModelRow(relation: relation, statement, from: 1))
    }
  }
}

extension Store {
  /// Every row that a revision sees.
  func contents(at revision: Revision) throws -> [Relation: [ModelRow]] {
    try read(at: revision) { connection, _ in
      var contents: [Relation: [ModelRow]] = [:]
      for relation in Relation.allCases {
        contents[relation] = try connection.all("SELECT \(relation.columnList) FROM \(relation.name)") {
          ModelRow(relation: relation, $0, from: 0)
        }
      }
      return contents
    }
  }
}

extension ModelRow {
  init(relation: Relation, _ statement: SQLStatement, from first: Int32) {
    self.init(
      relation: relation,
      values: relation.columns.indices.map { StoredValue(statement, first + Int32($0)) })
  }
}
