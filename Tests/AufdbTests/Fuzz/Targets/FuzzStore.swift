// A small store for each input, made once and copied.

import Foundation

@testable import Aufdb

enum FuzzStore {
  /// Lends a new store with a few rows of most kinds.
  static func withStore<T>(_ body: (String) throws -> T) throws -> T {
    let image = try image.get()
    return try image.withUnsafeBytes { try FuzzFile.withPath($0, ending: ".aufdb", body) }
  }

  /// The same store for every input that only asks: open for good, and gone from the disk.
  static func withOpenStore<T>(_ body: (Store) throws -> T) throws -> T { try body(open.get()) }

  private static let open: Result<Store, any Error> = Result {
    try withStore { path in
      let store = try Store(path, for: .reading)
      // With this its log is open as well, and no name is needed any more.
      _ = try store.commit(.head)
      return store
    }
  }

  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  /// Imports an input into a store, as one commit.
  static func importing(_ file: String, into store: String, _ options: (inout ImportOptions) -> Void = { _ in }) throws
  {
    var all = ImportOptions(files: [file], judge: "overall", snapshot: "base", replaces: true)
    options(&all)
    try Store(store, for: .writing(waitSeconds: 0, command: "fuzz"))
      .importFiles(all, context: CommitContext(author: "fuzz", milliseconds: 1_000_000))
  }

  /// Imports a matrix of two vectors, of which an input says whose they are.
  static func importing(index: Bytes, into store: String) throws {
    try FuzzFile.withPath(index) { index in
      let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (2, 2), }"
      let matrix: [UInt8] =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        + [0, 0x3c, 0, 0x40, 0, 0xc0, 1, 0]
      try matrix.withUnsafeBytes { matrix in
        try FuzzFile.withPath(matrix, ending: ".npy") { path in
          try importing(path, into: store) {
            ($0.judge, $0.snapshot) = (nil, nil)
            $0.embeddings = EmbeddingOptions(index: index, encoder: "mini")
          }
        }
      }
    }
  }

  static let lines = [
    #"{"prompt_id":"p1","source":"s","prompt":"Why?","completions":[{"model":"a","response_text":"So.","#
      + #""overall_score":8.5},{"model":"b","response_text":"","overall_score":2,"#
      + #""annotations":{"wit":{"Rating":"3"}}}]}"#,
    #"{"prompt_id":"p1","prompt":[{"role":"user","content":"Why?"}],"model":"c","response":"Because.","sample":1}"#,
    #"{"prompt_id":"p1","model":"a","sample":0,"score":3.5,"aspects":{"wit":4},"critique":"dull"}"#,
    #"{"prompt_id":"p1","model":"a","reward":0.5,"lower":0.25,"upper":0.75,"heads":[0.5,0.25]}"#,
    #"{"prompt_id":"p1","chosen_model":"a","rejected_model":"b","judge":"ann","tie":false,"chosen_score":8}"#,
    #"{"prompt":"Which?","chosen":[{"role":"user","content":"Which?"},{"role":"assistant","content":"This."}],"#
      + #""rejected":[{"role":"user","content":"Which?"},{"role":"assistant","content":"That."}],"score_chosen":7}"#,
    #"{"source":"evol","instruction":"Do.","models":["a"],"completions":[{"model":"a","response":"Done.","#
      + #""overall_score":10,"annotations":{"honesty":{"Rating":"5","Rationale":"r"}},"custom_system_prompt":"s"}]}"#,
  ]

  private static let image: Result<[UInt8], any Error> = Result {
    try FuzzFile.withFolder { folder in
      let path = folder + "/store.aufdb"
      try Store.create(at: path, context: CommitContext(author: "fuzz", milliseconds: 1000))
      for (number, line) in lines.prefix(5).enumerated() {
        let file = folder + "/\(number).jsonl"
        try Data((line + "\n").utf8).write(to: URL(filePath: file))
        try importing(file, into: path)
      }
      return try bytes(path)
    }
  }
}
