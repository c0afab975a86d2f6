// Bundles as files: what is asked for, where they go, and what is never overwritten.

import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Bundle files")
struct BundleFileTests {
  private let modelled: ModelledStore
  private var store: Store { get throws { try Store(modelled.path, for: .reading) } }

  init() throws {
    modelled = try ModelledStore(seed: 81)
    try modelled.grow(4, branchLimit: 1)
  }

  @Test("A file that exists stays, unless it is a bundle that may be replaced")
  func overwriting() throws {
    let path = try modelled.bundle(as: "a.bundle")
    let bytes = try modelled.folder.bytes("a.bundle")
    var error = #expect(throws: AufdbError.self) { try store.createBundle(BundleSelection(), at: path) }
    #expect(error?.kind == .refused && error?.message == "\(path) exists already")
    try modelled.grow(1, branchLimit: 1)
    _ = try store.createBundle(BundleSelection(), at: path, force: true)
    #expect(try modelled.folder.bytes("a.bundle") != bytes)
    let before = try modelled.folder.bytes("store.aufdb")
    error = #expect(throws: AufdbError.self) {
      try store.createBundle(BundleSelection(), at: modelled.path, force: true)
    }
    #expect(error?.kind == .refused && error?.message == "\(modelled.path) is not a bundle, and is not replaced")
    #expect(try modelled.folder.bytes("store.aufdb") == before)
    error = #expect(throws: AufdbError.self) {
      try store.createBundle(BundleSelection(), at: modelled.folder.path("no/a.bundle"))
    }
    #expect(error?.kind == .cannotCreateOutput)
    #expect(try modelled.folder.names() == ["a.bundle", "store.aufdb"])
  }

  @Test("The same store gives the same bytes, and they can come in any pieces")
  func bytes() throws {
    let file = try modelled.bundle(as: "a.bundle")
    var bytes: [UInt8] = []
    let report = try store.writeBundle(BundleSelection()) { bytes += $0 }
    #expect(try modelled.folder.bytes("a.bundle") == bytes && report.sizeBytes == bytes.count)
    #expect(try BundleSummary(ofBundleAt: file).commitCount == report.commitCount)
  }

  @Test("What the receiving end throws comes out as it is")
  func drain() throws {
    struct Full: Error {}
    #expect(throws: Full.self) { try store.writeBundle(BundleSelection()) { _ in throw Full() } }
  }

  @Test("What is asked for, and can't be in a bundle")
  func selections() throws {
    let cases: [([String], AufdbError.Kind, String)] = [
      (["main~1"], .refused, "a bundle holds branches and tags, and 'main~1' is neither"),
      (["main..main"], .refused, "there is nothing to put into the bundle: the receiver has it all already"),
      (["^main"], .refused, "there is nothing to put into the bundle: the receiver has it all already"),
    ]
    for (arguments, kind, message) in cases {
      let error = #expect(throws: AufdbError.self) {
        try store.createBundle(BundleSelection(arguments), at: modelled.folder.path("x.bundle"))
      }
      #expect(error?.kind == kind && error?.message == message)
    }
    for argument in ["..main", "main..", "a...b"] {
      let error = #expect(throws: AufdbError.self) { try BundleSelection([argument]) }
      #expect(error?.kind == .usage, "\(argument)")
    }
    #expect(try modelled.folder.names() == ["store.aufdb"])
    #expect(try BundleSelection(["v1..main", "^x~2", "tag"]).names == ["main", "tag"])
    #expect(try BundleSummary(ofBundleAt: modelled.bundle("HEAD")).refs.map(\.name) == ["main"])
  }

  @Test("Another name only for a bundle of one branch; no store without a branch")
  func names() throws {
    try modelled.branch("side", at: 2)
    try modelled.writer().createRef(.tag, RefName("v1"))
    modelled.close()
    let path = modelled.folder.path("new.aufdb")
    var error = #expect(throws: AufdbError.self) { try Store.apply(modelled.bundle(as: "a"), to: path, as: "x") }
    #expect(error?.kind == .usage)
    error = #expect(throws: AufdbError.self) { try Store.apply(modelled.bundle("v1", as: "b"), to: path) }
    #expect(error?.kind == .refused)
    try Store.apply(modelled.bundle("side", as: "c"), to: path, as: "x")
    let store = try Store(path, for: .reading)
    #expect(try store.currentBranch() == "x" && store.verify().problems == [])
    #expect(try Set(modelled.folder.names()) == ["a", "b", "c", "new.aufdb", "store.aufdb"])
  }
}
