// What a salvaged commit says.

extension CommitContent {
  /// As a commit was recorded; where that is lost, as little as a commit can say.
  init(_ commit: SalvagedCommit, parents: [CommitID]) {
    self =
      commit.recorded?.content
      ?? CommitContent(
        parents: [], author: "unknown", milliseconds: 0, message: "Commit \(commit.id.short), whose message is lost",
        operation: "{}", changeDigest: [])
    self.parents = parents
  }

  /// Says in the message and the operation which commit it was, and what is lost of it.
  mutating func note(_ commit: SalvagedCommit, lost: [Relation: Int]) {
    let counts = Relation.allCases.compactMap { relation in lost[relation].map { (relation, $0) } }
    let rest =
      commit.isProven
      ? "all of its rows are here, but not all that they go on from"
      : counts.isEmpty
        ? "what is here can't be proven to be what it was"
        : "lost are \(counts.map { $0.phrase($1) }.joined(separator: ", ")), and the rest can't be proven"
    message += "\n\nSalvaged from commit \(commit.id): \(rest)."
    let losses = Dictionary(uniqueKeysWithValues: counts.map { ($0.name, Operation.Value.integer(Int64($1))) })
    operation =
      Operation(
        "salvage",
        [
          "commit": .text(commit.id.description), "proven": .flag(commit.isProven),
          "lost": .json(Operation.object(losses)),
          "operation": JSONReader.isJSON(operation) ? .json(operation) : .text(operation),
        ]
      ).json
  }
}
