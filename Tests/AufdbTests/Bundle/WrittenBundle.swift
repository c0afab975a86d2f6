// Bundles written a second time, from the page at the top of BundleFormat.swift: whole histories from a model, and
// made-up ones byte by byte.

import AufdbTestSupport
import Testing

@testable import Aufdb

enum WrittenBundle {
  static func text(_ text: String) -> [UInt8] { lengthPrefixed(Array(text.utf8)) }
  static func count(_ count: Int) -> [UInt8] { littleEndian(UInt64(count)) }

  /// A file of a format with whatever content, its digest right.
  static func file(_ content: [UInt8], format: Int, in folder: ScratchFolder) throws -> [UInt8] {
    let file = try Array("aufdb bundle \(format)\n".utf8) + folder.compressed(content, .zstd())
    return file + ReferenceSHA256.digest(file)
  }

  /// What a file of today's format holds between its first line and its digest.
  static func content(of file: [UInt8], in folder: ScratchFolder) throws -> [UInt8] {
    #expect(file.starts(with: Array("aufdb bundle 5\n".utf8)))
    #expect(Array(file.suffix(32)) == ReferenceSHA256.digest(file.dropLast(32)))
    let frame = try folder.file("frame.zst", Array(file.dropFirst(15).dropLast(32)))
    return try ByteSource(path: frame).rest()
  }

  /// The header and the history of a bundle of the branch main, whose tip is the last of some commits.
  static func beginning(_ commits: [CommitContent]) -> [UInt8] {
    var bytes = text("main") + count(0) + count(1) + [1] + text("main") + (commits.last?.id.bytes ?? [])
    bytes += count(commits.count)
    for commit in commits {
      bytes += commit.id.bytes + count(commit.parents.count) + commit.parents.flatMap(\.bytes) + text(commit.author)
      bytes += littleEndian(UInt64(bitPattern: commit.milliseconds)) + text(commit.message) + text(commit.operation)
      bytes += commit.changeDigest
    }
    return bytes
  }

  /// A row as a format has it.
  static func row(_ row: ModelRow, format: Int) -> [UInt8] {
    let firstLate = row.values.count - ModelRow.lateCount(row.relation)
    let first = row.values[..<firstLate].flatMap(\.canonicalBytes)
    guard format > 1 else { return first }
    let late = row.values[firstLate...].enumerated().filter { $1 != .null }
    return first + [UInt8(late.count)] + late.flatMap { [UInt8($0)] + $1.canonicalBytes }
  }
}

extension ModelledStore {
  /// The content of a bundle of the whole history, which never branched.
  func bundleContent(format: Int) throws -> [UInt8] {
    let commits = history.map { commit in
      CommitContent(
        parents: commit.parents.map { model($0).id }, author: commit.author,
        milliseconds: commit.milliseconds, message: commit.message, operation: commit.operation,
        changeDigest: CommitBytesTests.changeDigest(commit.change))
    }
    var bytes = WrittenBundle.beginning(commits)
    for commit in history {
      bytes += WrittenBundle.count(commit.change.relations.count)
      for relation in commit.change.relations {
        let born = commit.change.added.filter { $0.relation == relation }
        bytes += [UInt8(relation.rawValue)] + WrittenBundle.count(born.count)
        bytes += born.flatMap { WrittenBundle.row($0, format: format) }
        bytes += try retired(relation, by: commit)
      }
    }
    return bytes
  }

  /// The rows that a commit retired: by the commit that bore them, and their places there.
  private func retired(_ relation: Relation, by commit: ModelCommit) throws -> [UInt8] {
    var places: [Int64: [Int]] = [:]
    for row in commit.change.retired where row.relation == relation {
      let bearer = try #require(history.last { $0.sequence < commit.sequence && $0.change.added.contains(row) })
      let born = bearer.change.added.filter { $0.relation == relation }
      places[bearer.sequence, default: []].append(try #require(born.firstIndex(of: row)))
    }
    return WrittenBundle.count(places.count)
      + places.sorted { $0.key < $1.key }.flatMap { bearer, places in
        model(bearer).id.bytes + WrittenBundle.count(places.count) + places.sorted().flatMap(WrittenBundle.count)
      }
  }
}
