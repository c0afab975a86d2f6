// An export is there whole or not at all, and never in place of what isn't one.

import Foundation
import Testing

@testable import Aufdb

@Suite("Export folders")
struct ExportFolderTests {
  private func store(pairs: Int = 3) throws -> TestStore {
    let store = try TestStore()
    try store.addPairs(pairs)
    return store
  }

  @Test("the folder has the card, the manifest and the data, and nothing is left beside it")
  func layout() throws {
    let store = try store()
    let folder = try store.export().folder
    #expect(try folder.names() == ["README.md", "data", "manifest.json"])
    #expect(try folder.names("data") == ["train-00000-of-00001.jsonl.zst"])
    #expect(try store.leftovers() == ["out"])
    for (path, mode) in [("", 0o755), ("data", 0o755), ("README.md", 0o644), ("manifest.json", 0o644)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(path)")
      // The user's umask may take from it, and never adds to it.
      let found = try #require(attributes[.posixPermissions] as? Int)
      #expect(found & ~mode == 0)
      #expect(found & 0o700 == mode & 0o700)
    }
  }

  @Test("a name may end in slashes")
  func slashes() throws {
    let store = try store()
    try store.export(to: "out//")
    #expect(try store.leftovers() == ["out"])
  }

  @Test("a name that no folder can take is refused", arguments: ["", ".", "..", "/", "a/.."])
  func impossibleNames(name: String) throws {
    let store = try store()
    let error = #expect(throws: AufdbError.self) {
      try store.reading().export(ExportOptions(format: .dpo, directory: name, force: true))
    }
    #expect(error?.kind == .usage)
  }

  @Test("what exists is refused, and stays as it is")
  func exists() throws {
    let store = try store()
    let before = try store.export().folder.contents()
    let error = #expect(throws: AufdbError.self) { try store.export(.rm) }
    #expect(error?.kind == .refused)
    #expect(error?.message.hasSuffix("out exists already") == true)
    #expect(error?.hint?.contains("--force") == true)
    #expect(try store.exported().contents() == before)
    #expect(try store.leftovers() == ["out"])
  }

  @Test("with force an export takes the place of another")
  func force() throws {
    let store = try store()
    try store.export(.dpo)
    let folder = try store.export(.rm) { $0.force = true }.folder
    #expect(try folder.text("manifest.json").contains("\"format\": \"rm\""))
    #expect(try folder.names() == ["README.md", "data", "manifest.json"])
    #expect(try store.leftovers() == ["out"])
  }

  @Test("force makes a new export where there is none")
  func forceOfNothing() throws {
    let store = try store()
    try store.export { $0.force = true }
    #expect(try store.leftovers() == ["out"])
  }

  @Test(
    "even force replaces nothing that isn't an export",
    arguments: [nil, "", "[]", "{}", #"{"format":"parquet"}"#, #"{"format":3}"#, #"{"format":"dpo""#])
  func notAnExport(manifest: String?) throws {
    let store = try store()
    let out = store.folder.path("out")
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
    _ = try store.folder.file("out/thesis.txt", Array("years of work".utf8))
    if let manifest { _ = try store.folder.file("out/manifest.json", Array(manifest.utf8)) }
    let error = #expect(throws: AufdbError.self) { try store.export { $0.force = true } }
    #expect(error?.kind == .refused)
    #expect(error?.message.hasSuffix("out is not an export of aufdb, and is not replaced") == true)
    #expect(try store.folder.bytes("out/thesis.txt") == Array("years of work".utf8))
    #expect(try store.leftovers() == ["out"])
  }

  @Test("a file of that name is refused, with force too", arguments: [false, true])
  func file(force: Bool) throws {
    let store = try store()
    _ = try store.folder.file("out", [1, 2, 3])
    let error = #expect(throws: AufdbError.self) { try store.export { $0.force = force } }
    #expect(error?.kind == .refused)
    #expect(try store.folder.bytes("out") == [1, 2, 3])
  }

  @Test("a missing parent, or one that is a file", arguments: ["nowhere/out", "file/out"])
  func missingParent(name: String) throws {
    let store = try store()
    _ = try store.folder.file("file", [])
    let error = #expect(throws: AufdbError.self) { try store.export(to: name) }
    #expect(error?.kind == .cannotCreateOutput)
    #expect(error?.description.contains(name) == true)
    #expect(try store.leftovers() == ["file"])
  }

  @Test(
    "a parent without permission to write",
    .enabled(if: geteuid() != 0, "skipped: the superuser may write everywhere"))
  func unwritableParent() throws {
    let store = try store()
    let parent = store.folder.path("locked")
    try FileManager.default.createDirectory(
      atPath: parent, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    let error = #expect(throws: AufdbError.self) { try store.export(to: "locked/out") }
    #expect(error?.kind == .cannotCreateOutput)
  }

  @Test("a parent where nobody can make a folder", .enabled(if: FileManager.default.fileExists(atPath: "/proc")))
  func impossibleParent() throws {
    let store = try store()
    let error = #expect(throws: AufdbError.self) {
      try store.reading().export(ExportOptions(format: .dpo, directory: "/proc/out"))
    }
    #expect(error?.kind == .cannotCreateOutput)
    #expect(error?.description.contains("/proc/out") == true)
  }

  @Test(
    "a damaged prompt stops the export, and nothing is left",
    arguments: [
      ("[{\"role\":\"user\",\"content\":\"cut", "messages", "is not a list of messages: the text ends inside a string"),
      ("{}", "messages", "is not a list of messages: expected an array, found an object"),
      ("[{\"role\":\"user\"}]", "messages", "has a message without a role or without a content"),
      (
        "[{\"role\":\"user\",\"content\":null}]", "messages",
        "is not a list of messages: expected a string, found null"
      ),
      ("[] []", "messages", "is not a list of messages: something follows the value"),
      ("text", "parquet", "has the unknown format 'parquet'"),
    ])
  func failureInTheMiddle(prompt: String, format: String, reason: String) throws {
    let store = try store(pairs: 300)
    // The last row, after several files have been written.
    try store.commit { change in
      try change.addPrompt("z", prompt, format: format)
      try change.addResponse("z", "a", "yes")
      try change.addResponse("z", "b", "no")
      try change.addLabel("z", chosen: "a", rejected: "b")
    }
    let error = #expect(throws: AufdbError.self) { try store.export { $0.sharding = .size(bytes: 1000) } }
    #expect(error?.kind == .badData)
    #expect(error?.message.hasPrefix("the store is damaged: prompt 'z' \(reason)") == true, "\(error as Any)")
    #expect(try store.leftovers() == [])
    try store.export { $0.revision = "main~1" }
    let before = try store.exported().contents()
    #expect(throws: AufdbError.self) { try store.export { $0.force = true } }
    #expect(try store.exported().contents() == before)
    #expect(try store.leftovers() == ["out"])
  }

  @Test("a full disk is an input/output error, and nothing is left")
  func fullDisk() async throws {
    // A limit on file sizes stands in for a full disk; it holds for a whole process, so one of its own.
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let store = try TestStore()
      var generator = SystemRandomNumberGenerator()
      try store.addPairs(400) { _ in
        String((0..<4000).map { _ in Character(UnicodeScalar(UInt8.random(in: 33...126, using: &generator))) })
      }
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #endif
      for codec in Compression.Codec.allCases {
        let error = #expect(throws: AufdbError.self) {
          try store.export {
            $0.codec = codec
            $0.splits = [ExportSplit("train", 0.75), ExportSplit("test", 0.25)]
          }
        }
        #expect(error?.kind == .inputOutput)
        #expect(try store.leftovers() == [])
      }
    }
  }

  /// What lies outside an export, and must stay as it is.
  private func elsewhere(_ store: TestStore) throws -> String {
    let elsewhere = store.folder.path("elsewhere")
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
    _ = try store.folder.file("elsewhere/thesis.txt", Array("years of work".utf8))
    return elsewhere
  }

  @Test(
    "a link of that name is refused, wherever it leads, and force follows none", arguments: [false, true],
    [false, true])
  func linkedTarget(leadsToExport: Bool, force: Bool) throws {
    let store = try store()
    let target = leadsToExport ? try store.export(to: "elsewhere").folder.path : try elsewhere(store)
    try FileManager.default.createSymbolicLink(atPath: store.folder.path("out"), withDestinationPath: target)
    let before = try FileManager.default.subpathsOfDirectory(atPath: target).sorted()
    for name in ["out", "out/"] {
      let error = #expect(throws: AufdbError.self) { try store.export(.rm, to: name) { $0.force = force } }
      #expect(error?.kind == .refused)
    }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: store.folder.path("out")) == target)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: target).sorted() == before)
    #expect(try store.leftovers() == ["elsewhere", "out"])
  }

  @Test(
    "links inside an export that is replaced go with it, and what they lead to stays",
    arguments: ["README.md", "data", "manifest.json"])
  func linkInside(name: String) throws {
    let store = try store()
    let folder = try store.export().folder
    let elsewhere = try elsewhere(store)
    let inside = folder.path + "/" + name
    var destination = elsewhere
    if name == "data" {
      try FileManager.default.removeItem(atPath: inside)
    } else {
      destination += "/" + name
      try FileManager.default.moveItem(atPath: inside, toPath: destination)
    }
    try FileManager.default.createSymbolicLink(atPath: inside, withDestinationPath: destination)
    let before = try FileManager.default.subpathsOfDirectory(atPath: elsewhere).sorted()
    let linked = name == "data" ? nil : FileManager.default.contents(atPath: destination)
    let again = try store.export(.rm) { $0.force = true }.folder
    #expect(try FileManager.default.attributesOfItem(atPath: inside)[.type] as? FileAttributeType != .typeSymbolicLink)
    #expect(try again.names() == ["README.md", "data", "manifest.json"])
    #expect(try again.rows().count == 3)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: elsewhere).sorted() == before)
    if let linked { #expect(FileManager.default.contents(atPath: destination) == linked) }
    #expect(try store.folder.bytes("elsewhere/thesis.txt") == Array("years of work".utf8))
  }

  @Test("a link that lies where the export is made aside is not written through")
  func linkAside() throws {
    let store = try store()
    let elsewhere = try elsewhere(store)
    let aside = ".out.\(getpid()).tmp"
    try FileManager.default.createSymbolicLink(atPath: store.folder.path(aside), withDestinationPath: elsewhere)
    #expect(try store.export().folder.names() == ["README.md", "data", "manifest.json"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == ["thesis.txt"])
  }
}
