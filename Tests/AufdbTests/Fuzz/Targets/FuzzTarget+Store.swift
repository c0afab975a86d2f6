// Whole ways: a file of JSON Lines into a store, and a store's own bytes.

@testable import Aufdb

extension FuzzTarget {
  /// Lines of every kind, told apart by import itself, into a store that has such rows; what came in verifies.
  static let imports = [
    FuzzTarget("import", seeds: FuzzStore.lines.map { Array($0.utf8) }) { bytes in
      try FuzzFile.withPath(bytes) { file in
        try FuzzStore.withStore { store in
          try FuzzStore.importing(file, into: store)
          try verify(store)
        }
      }
    },
    FuzzTarget(
      "embeddings", seeds: [Array(index.utf8), Array("[\(index.split(separator: "\n").joined(separator: ","))]".utf8)]
    ) {
      bytes in
      try FuzzStore.withStore { store in
        try FuzzStore.importing(index: bytes, into: store)
        try verify(store)
      }
    },
  ]

  private static let index = """
    {"row":1,"prompt_id":"p1","model":null}
    {"row":0,"prompt_id":"p1","model":"a","sample":0}
    """

  private static func verify(_ store: String) throws {
    let report = try Store(store, for: .reading).verify()
    try require(report.problems.isEmpty, "a store after an import: \(report.problems)")
  }

  /// A store's own bytes: whatever they are, opening, verifying and asking ends, with an answer or an error.
  static let stores = [
    FuzzTarget("store", seeds: [try FuzzStore.withStore { try FuzzStore.bytes($0) }]) { bytes in
      try FuzzFile.withPath(bytes, ending: ".aufdb") { path in
        do {
          _ = try Store(path, for: .reading).verify()
          _ = try Store(path, for: .reading).stats()
        }
        try ask(path)
        let line = Array(FuzzStore.lines[2].utf8)
        try line.withUnsafeBytes { line in
          try FuzzFile.withPath(line) { try FuzzStore.importing($0, into: path) }
        }
      }
    }
  ]

  private static func ask(_ path: String) throws {
    let store = try Store(path, for: .reading)
    let sql = "SELECT * FROM labels; SELECT count(*) FROM responses JOIN scores USING (prompt_id)"
    try store.queryScript(sql, QueryOptions(timeoutSeconds: 2)) { rows in
      while try rows.next() {}
    }
  }
}
