// What a commit says, from which its id follows.

/// All of a commit that its id is the digest of.
struct CommitContent: Sendable, Equatable {
  var parents: [CommitID]
  var author: String
  var milliseconds: Int64
  var message: String
  /// JSON.
  var operation: String
  /// Of its rows.
  var changeDigest: [UInt8]

  /// The id that it gives (CommitBytes.swift).
  var id: CommitID {
    var hasher = CanonicalHasher()
    hasher.raw(Array("aufdb commit 1\n".utf8))
    hasher.number(UInt64(parents.count))
    for parent in parents { hasher.raw(parent.bytes) }
    hasher.string(author)
    hasher.number(UInt64(bitPattern: milliseconds))
    hasher.string(message)
    hasher.string(operation)
    hasher.raw(changeDigest)
    return CommitID(hasher.finish())
  }
}
