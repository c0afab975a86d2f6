// Which options of an import go together: found out before a store is looked at.

extension ImportOptions {
  /// Makes sure that the options go together, for files that are there by these names.
  ///
  /// - Throws: `.usage`.
  func check() throws(AufdbError) {
    guard !files.isEmpty else { throw AufdbError(.usage, "no files to import") }
    try FieldMap.check(maps)
    if let judge { try Store.checkName(judge, "judge") }
    let matrices = files.filter { kind(of: $0) == .embeddings }
    guard let matrix = matrices.first else {
      guard embeddings == nil else {
        throw AufdbError(
          .usage, "an index and an encoder are given, but no file with embeddings",
          hint: "add --as embeddings, or name a file that ends in .npy or .safetensors")
      }
      return
    }
    guard matrices.count == 1 else {
      throw AufdbError(
        .usage, "embeddings come from one file at a time, because each has an index of its own",
        hint: "import one after the other")
    }
    guard let embeddings else {
      throw AufdbError(
        .usage, "\(matrix) holds embeddings, which need an index and an encoder's name",
        hint: "add --index FILE and --encoder NAME")
    }
    if files.count == 1, judge != nil || snapshot != nil {
      throw AufdbError(.usage, "embeddings have no \(judge == nil ? "snapshot" : "judge")", hint: "leave it out")
    }
    guard embeddings.index != "-" || !files.contains("-") else {
      throw AufdbError(
        .usage, "standard input can't be the index and another file as well", hint: "give one of them as a file")
    }
  }
}
