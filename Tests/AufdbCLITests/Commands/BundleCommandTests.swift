// Bundles, push and pull as they are typed.

import Foundation
import Testing

@testable import AufdbCLI

@Suite struct BundleCommandTests {
  let stage: CommandStage

  init() throws { stage = try CommandStage() }

  /// Runs a command line; words in capitals with a point are files of the stage.
  private func run(_ line: String) -> TestRun {
    CommandStage.run(
      line.split(separator: " ").map { word in
        word == "STORE" ? stage.store : word.hasPrefix("@") ? stage.path(String(word.dropFirst())) : String(word)
      })
  }

  private func query(_ store: String, _ sql: String) -> String {
    CommandStage.run(["query", stage.path(store), sql, "--format", "csv"]).output
  }

  private func refused(_ line: String, exitCode: Int32 = 1, _ error: String, hint: String? = nil) throws {
    let words = line.split(separator: " ").map { word in
      word == "STORE" ? stage.store : word.hasPrefix("@") ? stage.path(String(word.dropFirst())) : String(word)
    }
    try stage.expectRefused(words, exitCode: exitCode, error: error, hint: hint)
  }

  @Test func aStoreGoesThroughABundle() throws {
    #expect(run("tag create STORE v1 --at main~1").exitCode == 0)
    let head = run("log STORE --format jsonl --limit 1").output.prefix(19).suffix(12)
    let size = { try FileManager.default.attributesOfItem(atPath: stage.path("a.bundle"))[.size] as? Int ?? 0 }
    #expect(
      run("bundle create STORE @a.bundle").error
        == "\(stage.path("a.bundle")): main, v1\n  3 commits, \(try size()) bytes\n")
    let dry = run("bundle apply @copy.aufdb @a.bundle --dry-run")
    #expect(
      dry.output.split(separator: "\n").count == 3 && dry.output.hasPrefix("\(head) Import 1 snapshot, 2 estimates"))
    #expect(dry.error.hasSuffix("  3 commits would come; nothing was changed\n"))
    let tag = run("log STORE --at v1 --limit 1 --format jsonl").output.prefix(19).suffix(12)
    #expect(
      run("bundle apply @copy.aufdb @a.bundle").error
        == "new branch main at \(head)\nnew tag v1 at \(tag)\n  3 commits\n")
    #expect(run("bundle apply @copy.aufdb @a.bundle").error == "nothing to do: everything is there already\n")
    #expect(run("verify @copy.aufdb").exitCode == 0)
    #expect(run("log @copy.aufdb").output == run("log STORE").output)
    let sql = "SELECT * FROM scores ORDER BY 1, 2"
    #expect(query("copy.aufdb", sql) == query("store.aufdb", sql))
    let shown = run("bundle show @a.bundle --format tsv").output.split(separator: "\n").map(String.init)
    #expect(shown[0] == "item\tname\tcommit\tcount")
    #expect(shown[1].hasPrefix("current branch\tmain\t\(head)") && shown[2].hasPrefix("tag\tv1\t\(tag)"))
    #expect(shown.contains { $0.hasPrefix("commits\t") && $0.hasSuffix("\t3") })
    #expect(shown.contains { $0.hasPrefix("added\tresponses\t") && $0.hasSuffix("\t4") })
  }

  @Test func aBundleToStandardOutputIsTheOneInTheFile() throws {
    let test = TestSurroundings()
    #expect(AufdbCommand.run(["bundle", "create", stage.store, "-"], in: test.surroundings) == 0)
    #expect(run("bundle create STORE @a.bundle").exitCode == 0)
    #expect(try test.bytes == stage.bytes("a.bundle"))
  }

  @Test(.enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
  func aBundleComesFromStandardInput() throws {
    #expect(run("bundle create STORE @a.bundle").exitCode == 0)
    let bytes = try stage.bytes("a.bundle")
    let shown = try BuiltCommand.run(["bundle", "show", "-", "--format", "csv"], input: bytes)
    #expect(shown.exitCode == 0 && shown.output == run("bundle show @a.bundle --format csv").output)
    let applied = try BuiltCommand.run(["bundle", "apply", stage.path("copy.aufdb"), "-"], input: bytes)
    #expect(applied.exitCode == 0 && applied.error.hasSuffix("  3 commits\n"))
    let cut = try BuiltCommand.run(["bundle", "apply", stage.path("new.aufdb"), "-"], input: Array(bytes.dropLast(9)))
    #expect(cut.exitCode == 65)
    #expect(
      cut.error
        == "error: the bundle is damaged: it is cut off (standard input)\nhint: copy it again, or make it anew\n")
    #expect(!FileManager.default.fileExists(atPath: stage.path("new.aufdb")))
  }

  @Test func badBundles() throws {
    #expect(run("bundle create STORE @a.bundle").exitCode == 0)
    try stage.file("text", "hello\n")
    try stage.file("newer", "aufdb bundle 6\n...")
    try stage.file("short", Array(try stage.bytes("a.bundle").dropLast()))
    for verb in ["bundle show", "bundle apply @new.aufdb", "bundle apply STORE"] {
      let make = "`aufdb bundle create STORE FILE` makes one"
      try refused("\(verb) @text", exitCode: 65, "this is not an aufdb bundle ({}/text)", hint: make)
      try refused(
        "\(verb) @newer", exitCode: 65, "the bundle has format version 6, and this aufdb knows 1 to 5 ({}/newer)",
        hint: "use a newer aufdb")
      try refused("\(verb) @short", exitCode: 65, "the bundle is damaged: it is cut off ({}/short)")
      try refused("\(verb) @no", exitCode: 66, "can't be opened: no such file or directory ({}/no)")
    }
    try refused("bundle create STORE @a.bundle", "{}/a.bundle exists already")
    try refused("bundle create STORE @store.aufdb --force", "{}/store.aufdb is not a bundle, and is not replaced")
    try refused("bundle create @no.aufdb @b.bundle", exitCode: 66, "there is no store at {}/no.aufdb")
    try refused("bundle create STORE @b.bundle main~1", "a bundle holds branches and tags, and 'main~1' is neither")
    try refused("bundle create STORE @b.bundle nowhere..main", "there is no revision 'nowhere'")
    try refused("bundle create STORE @b.bundle ..main", exitCode: 64, "'..main' is not BASE..BRANCH")
    try refused("bundle apply @text @a.bundle", exitCode: 65, "{}/text is not an aufdb store: it isn't a SQLite file")
    #expect(run("bundle apply STORE @a.bundle --as a..b").exitCode == 64)
    #expect(run("bundle create STORE @a.bundle --force").exitCode == 0)
  }

  @Test func twoStoresGoApartAndComeTogether() throws {
    #expect(run("bundle create STORE @a.bundle").exitCode == 0)
    #expect(run("bundle apply @other.aufdb @a.bundle").exitCode == 0)
    #expect(run("push STORE @other.aufdb").error == "nothing to do: everything is there already\n")
    #expect(run("select STORE --method random").exitCode == 0)
    #expect(run("push STORE @other.aufdb --dry-run").error.hasSuffix("  1 commit would come; nothing was changed\n"))
    let sent = run("push STORE @other.aufdb").error
    #expect(sent.hasPrefix("main moved from ") && sent.hasSuffix("\n  1 commit\n"))
    #expect(run("annotate STORE --judge random").exitCode == 0)
    #expect(run("annotate @other.aufdb --judge scores:overall").exitCode == 0)
    try refused(
      "push STORE @other.aufdb", "the branch 'main' has gone another way here: 1 of its commits are not there",
      hint: "pull first: `aufdb pull STORE OTHER` brings in what the other store has")
    let pulled = run("pull STORE @other.aufdb --author ada")
    #expect(pulled.exitCode == 0 && pulled.error.contains("] Merge main of other.aufdb\n"))
    #expect(run("push STORE @other.aufdb").exitCode == 0)
    #expect(run("log STORE --limit 1").output == run("log @other.aufdb --limit 1").output)
    let sql = "SELECT judge, count(*) FROM labels GROUP BY 1 ORDER BY 1"
    #expect(query("other.aufdb", sql) == query("store.aufdb", sql))
    #expect(query("store.aufdb", sql).split(separator: "\n").count == 3)
    for store in ["STORE", "@other.aufdb"] { #expect(run("verify \(store)").exitCode == 0) }
  }

  @Test func conflictsAreListedAndChangeNothing() throws {
    #expect(run("bundle create STORE @a.bundle").exitCode == 0)
    #expect(run("bundle apply @other.aufdb @a.bundle").exitCode == 0)
    for (store, chosen) in [("STORE", "a"), ("@other.aufdb", "b")] {
      let (other, file) = (chosen == "a" ? "b" : "a", "\(chosen).jsonl")
      try stage.file(file, #"{"prompt_id":"p1","chosen_model":"\#(chosen)","rejected_model":"\#(other)","judge":"j"}"#)
      #expect(run("import \(store) @\(file)").exitCode == 0)
    }
    let before = try stage.contents()
    let conflicted = run("pull STORE @other.aufdb")
    #expect(conflicted.exitCode == 1 && conflicted.output.split(separator: "\n").count == 1)
    #expect(conflicted.output.hasPrefix("labels  p1"))
    #expect(conflicted.error.hasPrefix("error: 1 conflict: nothing was changed\nhint: --prefer ours"))
    #expect(try stage.contents() == before)
    #expect(run("pull STORE @other.aufdb --prefer theirs").exitCode == 0)
    #expect(query("store.aufdb", "SELECT chosen_model FROM labels") == "chosen_model\nb\n")
    #expect(run("verify STORE").exitCode == 0)
  }

  @Test func badStores() throws {
    try stage.file("text", "hello\n")
    let hint = "`aufdb bundle create` and `aufdb bundle apply` make a store that goes on from this one"
    for verb in ["push", "pull"] {
      try refused("\(verb) STORE @no.aufdb", exitCode: 66, "there is no store at {}/no.aufdb", hint: hint)
      try refused("\(verb) STORE @text", exitCode: 65, "{}/text is not an aufdb store: it isn't a SQLite file")
      #expect(run("\(verb) STORE").exitCode == 64)
      #expect(run("\(verb) STORE STORE").error.contains("is the same store\n"))
      #expect(run("\(verb) STORE STORE").exitCode == 1)
    }
    #expect(run("bundle create STORE @a.bundle").exitCode == 0)
    #expect(run("bundle apply @other.aufdb @a.bundle").exitCode == 0)
    for verb in ["push", "pull"] {
      let run = run("\(verb) STORE @other.aufdb nowhere")
      #expect(run.exitCode == 1 && run.error.hasPrefix("error: there is no branch 'nowhere'\n"))
    }
    #expect(run("init @alien.aufdb --author other").exitCode == 0)
    try refused("push STORE @alien.aufdb", "the two branches 'main' have no commit in common")
    #expect(run("pull STORE @alien.aufdb").exitCode == 1)
  }
}
