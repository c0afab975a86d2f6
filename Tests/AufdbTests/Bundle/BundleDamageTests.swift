// Bundles that are damaged, made up or meant for another store: one clear error each, and the store as it was, byte by
// byte.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Bad bundles")
struct BundleDamageTests {
  private let modelled: ModelledStore
  private let copy: LooseStore
  /// Goes on from what the copy has.
  private let bundle: [UInt8]

  init() throws {
    modelled = try ModelledStore(seed: 71)
    try modelled.grow(6, branchLimit: 2)
    copy = try LooseStore(modelled.bundle(), seed: 71)
    let tips = try Store(modelled.path, for: .reading).tips().values.map { "^\($0)" }
    try modelled.grow(4, branchLimit: 2)
    let path = modelled.folder.path("new.bundle")
    _ = try Store(modelled.path, for: .reading).createBundle(BundleSelection(tips), at: path)
    bundle = try modelled.folder.bytes("new.bundle")
  }

  /// Applies these bytes to the copy, which must refuse them and stay as it is.
  private func expectRefused(
    _ bytes: [UInt8], _ comment: Comment, kind: AufdbError.Kind = .badData,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> AufdbError? {
    let before = try copy.folder.bytes("store.aufdb")
    let file = try modelled.folder.file("bad.bundle", bytes)
    let error = #expect(throws: AufdbError.self, comment, sourceLocation: sourceLocation) {
      try Store.apply(file, to: copy.path)
    }
    #expect(error?.kind == kind, comment, sourceLocation: sourceLocation)
    #expect(error?.hint != nil, comment, sourceLocation: sourceLocation)
    #expect(try copy.folder.bytes("store.aufdb") == before, comment, sourceLocation: sourceLocation)
    #expect(try copy.folder.names() == ["store.aufdb"], comment, sourceLocation: sourceLocation)
    return error
  }

  /// A bundle with whatever content, its digest right.
  private func bundle(_ content: (BundleSink) throws -> Void) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let sink = try BundleSink { bytes += $0 }
    try content(sink)
    try sink.finish()
    return bytes
  }

  @Test("is whole to begin with")
  func sound() throws {
    let file = try modelled.folder.file("good.bundle", bundle)
    #expect(try Store.apply(file, to: copy.path).commitCount == 4)
    try modelled.expectSame(in: copy.path, "")
  }

  @Test("cut off anywhere")
  func truncated() throws {
    var lengths = Array(stride(from: 0, to: bundle.count, by: 41))
    lengths += (bundle.count - 40)..<bundle.count
    for length in lengths {
      let error = try expectRefused(Array(bundle[..<length]), "at \(length) of \(bundle.count)")
      if length > 100 { #expect(error?.message == "the bundle is damaged: it is cut off") }
    }
    _ = try expectRefused(bundle + [0], "with one byte more")
    _ = try expectRefused(bundle + bundle, "twice")
  }

  @Test("a wrong bit anywhere")
  func flipped() throws {
    for place in Array(0..<40) + Array(stride(from: 40, to: bundle.count, by: 29)) {
      var bytes = bundle
      bytes[place] ^= 1 << UInt8(place % 8)
      _ = try expectRefused(bytes, "bit \(place % 8) of byte \(place) of \(bundle.count)")
    }
  }

  @Test("other files")
  func others() throws {
    for bytes in [[], Array("hello\n".utf8), try copy.folder.bytes("store.aufdb"), Array("aufdb bundle \n".utf8)] {
      let error = try expectRefused(bytes, "\(bytes.count) bytes")
      #expect(error?.message == "this is not an aufdb bundle")
    }
    for version in ["0", "6", "17"] {
      let error = try expectRefused(Array("aufdb bundle \(version)\nwhatever".utf8), "version \(version)")
      #expect(error?.message == "the bundle has format version \(version), and this aufdb knows 1 to 5")
      #expect(error?.hint == "use a newer aufdb")
    }
    #expect(throws: AufdbError.self) { try Store.apply(modelled.folder.path("no.bundle"), to: copy.path) }
  }

  @Test("lengths and counts beyond all bounds are refused before room is made for them")
  func absurd() throws {
    for huge in [UInt64.max, 1 << 60, 1 << 41, 1_000_000_001] {
      // What comes before each number, as bytes of the content.
      let header = Self.text("main") + Self.number(0) + Self.number(0)
      let commit = header + Self.number(1) + Self.id
      let cases: [(String, [UInt8])] = [
        ("a name", []), ("prerequisites", Self.text("main")), ("refs", Self.text("main") + Self.number(0)),
        ("commits", header), ("parents", commit), ("an author", commit + Self.number(0)),
      ]
      for (name, content) in cases {
        let bytes = try bundle { sink in
          try sink.raw(content)
          try sink.number(huge)
        }
        _ = try expectRefused(bytes, "\(huge) for \(name)")
      }
      let value = try bundle { sink in
        let commit = try Self.commit([])
        try Self.header(sink, to: commit)
        try Self.history(sink, [commit])
        try sink.number(1)
        try sink.byte(1)
        try sink.number(1)
        try sink.byte(3)
        try sink.number(huge)
      }
      _ = try expectRefused(value, "\(huge) for a value")
      let rows = try bundle { sink in
        let commit = try Self.commit([])
        try Self.header(sink, to: commit)
        try Self.history(sink, [commit])
        try sink.number(1)
        try sink.byte(1)
        try sink.number(huge)
      }
      _ = try expectRefused(rows, "\(huge) rows")
    }
  }

  private static let id = [UInt8](repeating: 7, count: 32)

  private static func number(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func text(_ text: String) -> [UInt8] { number(UInt64(text.utf8.count)) + Array(text.utf8) }

  private static func header(_ sink: BundleSink, to commit: CommitContent? = nil, name: String = "made") throws {
    try sink.string("main")
    try sink.number(0)
    try sink.count(commit == nil ? 0 : 1)
    guard let commit else { return }
    try sink.byte(1)
    try sink.string(name)
    try sink.raw(commit.id.bytes)
  }

  private static func history(
    _ sink: BundleSink, _ commits: [CommitContent], calling id: CommitID? = nil
  ) throws {
    try sink.count(commits.count)
    for commit in commits {
      try sink.raw((id ?? commit.id).bytes)
      try sink.count(commit.parents.count)
      for parent in commit.parents { try sink.raw(parent.bytes) }
      try sink.string(commit.author)
      try sink.number(UInt64(bitPattern: commit.milliseconds))
      try sink.string(commit.message)
      try sink.string(commit.operation)
      try sink.raw(commit.changeDigest)
    }
  }

  /// A root commit that bears some prompts, with a right id.
  private static func commit(
    _ prompts: [[StoredValue]], operation: String = "{}", parents: [CommitID] = []
  ) throws -> CommitContent {
    var hasher = CanonicalHasher()
    for value in prompts.joined() { hasher.raw(value.canonicalBytes) }
    let born = hasher.finish()
    let digest = RelationDigest(
      relation: .prompts, bornCount: prompts.count, born: born, retiredCount: 0, retired: RelationDigest.retired([]))
    return CommitContent(
      parents: parents, author: "a", milliseconds: 1, message: "m", operation: operation,
      changeDigest: RelationDigest.changeDigest(prompts.isEmpty ? [] : [digest]))
  }

  /// A bundle of one root commit with one prompt, all digests right.
  private func bundle(prompt: [StoredValue], operation: String = "{}") throws -> [UInt8] {
    try bundle { sink in
      let commit = try Self.commit([prompt], operation: operation)
      try Self.header(sink, to: commit)
      try Self.history(sink, [commit])
      try sink.number(1)
      try sink.byte(1)
      try sink.number(1)
      for value in prompt { try sink.raw(value.canonicalBytes) }
      try sink.byte(0)
      try sink.number(0)
    }
  }

  @Test("rows that the schema has no room for, though every digest is right")
  func rows() throws {
    let good: [StoredValue] = [.text("p"), .null, .text("q"), .text("text"), .null]
    for (column, values) in [
      (0, [.null, .integer(1), .real(1), .blob([1])]), (1, [.integer(1), .blob([1])]), (2, [.null, .blob([0x71])]),
    ] as [(Int, [StoredValue])] {
      for value in values {
        var prompt = good
        prompt[column] = value
        let error = try expectRefused(bundle(prompt: prompt), "\(value) as column \(column)")
        #expect(error?.message == "the bundle is damaged: a row of prompts is none")
      }
    }
    for real in [Double.nan, -0.0] {
      var prompt = good
      prompt[1] = .real(real)
      _ = try expectRefused(bundle(prompt: prompt), "\(real)")
    }
    for operation in ["", "{", "nonsense"] {
      let error = try expectRefused(bundle(prompt: good, operation: operation), "operation '\(operation)'")
      #expect(error?.message.contains("is not JSON") == true)
    }
    // The good one is good: a branch of another history beside ours.
    let file = try modelled.folder.file("good.bundle", bundle(prompt: good))
    #expect(try Store.apply(file, to: copy.path).commitCount == 1)
    #expect(try copy.problems() == [])
    #expect(try copy.reading().contents(at: "made")[.prompts]?.map(\.values) == [good])
  }

  @Test("commits that aren't what their ids say, or that retire what isn't there")
  func commits() throws {
    let good: [StoredValue] = [.text("p"), .null, .text("q"), .text("text"), .null]
    let right = try Self.commit([good])
    var wrong = right
    wrong.message = "another"
    let renamed = try bundle { sink in
      try Self.header(sink, to: right)
      try Self.history(sink, [wrong], calling: right.id)
    }
    #expect(try expectRefused(renamed, "another message")?.message.contains("has content that gives the id") == true)
    let empty = try Self.commit([good])
    let without = try bundle { sink in
      try Self.header(sink, to: empty)
      try Self.history(sink, [empty])
      try sink.number(0)
    }
    #expect(try expectRefused(without, "no rows")?.message.contains("are not its own") == true)
    let orphan = try Self.commit([], parents: [CommitID(Self.id)])
    let parentless = try bundle { sink in
      try Self.header(sink, to: orphan)
      try Self.history(sink, [orphan])
    }
    #expect(try expectRefused(parentless, "no parent")?.message.contains("a parent of commit") == true)
    for (bearer, place) in [
      (modelled.model(1).id, 0), (modelled.model(2).id, 1_000), (CommitID(Self.id), 0), (empty.id, 0),
    ] {
      let retiring = try bundle { sink in
        try Self.header(sink, to: empty)
        try Self.history(sink, [empty])
        try sink.number(1)
        try sink.byte(1)
        try sink.number(0)
        try sink.number(1)
        try sink.raw(bearer.bytes)
        try sink.number(1)
        try sink.number(UInt64(place))
        try sink.raw([])
      }
      #expect(try expectRefused(retiring, "\(bearer) \(place)")?.message.contains("didn't bear") == true)
    }
  }

  @Test("names that no branch can have, or that are taken by something else")
  func names() throws {
    for name in ["", "a..b", "HEAD", "-x", "a b"] {
      let bytes = try bundle { sink in
        let commit = try Self.commit([])
        try Self.header(sink, to: commit, name: name)
        try Self.history(sink, [commit])
        try sink.number(0)
      }
      #expect(try expectRefused(bytes, "'\(name)'")?.message.contains("can't be the name") == true)
    }
    try copy.writing().createRef(.tag, RefName("made"))
    let bytes = try bundle(prompt: [.text("p"), .null, .text("q"), .text("text"), .null])
    let error = try expectRefused(bytes, "a tag of that name", kind: .refused)
    #expect(error?.message == "'made' is a branch there and a tag here")
  }

  @Test("tags that are at another commit, and branches that are tags")
  func tags() throws {
    let (first, second) = (modelled.model(2).id.description, modelled.model(3).id.description)
    try modelled.writer().createRef(.tag, RefName("v1"), at: Revision(first))
    try modelled.writer().createRef(.tag, RefName("own"), at: Revision(first))
    modelled.close()
    try copy.writing().createRef(.tag, RefName("v1"), at: Revision(second))
    try copy.writing().createRef(.branch, RefName("own"), at: Revision(second))
    let here = modelled.model(3).id.short
    let moved = try expectRefused(Array(Data(contentsOf: URL(filePath: modelled.bundle("v1")))), "v1", kind: .refused)
    #expect(moved?.message == "the tag 'v1' is at another commit here: \(here)")
    let taken = try expectRefused(Array(Data(contentsOf: URL(filePath: modelled.bundle("own")))), "own", kind: .refused)
    #expect(taken?.message == "'own' is a tag there and a branch here")
  }

  @Test("of another store's history")
  func unrelated() throws {
    let other = try ModelledStore(seed: 99)
    try other.commitRandomly()
    try other.commitRandomly()
    other.close()
    let path = try other.bundle("^\(other.model(2).id)")
    let error = try expectRefused(Array(Data(contentsOf: URL(filePath: path))), "prerequisites", kind: .refused)
    #expect(
      error?.message
        == "the bundle goes on from a commit that the store doesn't have: \(other.model(2).id.short)")
    // The roots of modelled stores are equal, so this one is made by hand.
    let alien = try Self.commit([])
    let bytes = try bundle { sink in
      try Self.header(sink, to: alien, name: "main")
      try Self.history(sink, [alien])
      try sink.number(0)
    }
    let unrelated = try expectRefused(bytes, "no history in common", kind: .refused)
    #expect(unrelated?.message == "the two branches 'main' have no commit in common")
  }
}
