// Processes killed while they make an index, or add to it: the next search finds what there is to find.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed searches") struct SearchKillTests {
  private static func stage(_ count: Int) throws -> TestStore {
    let stage = try TestStore()
    try stage.commit { change in
      try change.addPrompt("p", "Tell me")
      for number in 0..<count {
        try change.addResponse("p", "a", sample: number, "The moon is \(number) times rounder")
      }
    }
    return stage
  }

  @Test("While it is made: nothing is there but a file that the next one throws away")
  func making() async throws {
    let stage = try Self.stage(600)
    let path: String = stage.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      _ = try Store(path, for: .reading).search("moon") { _ in kill(getpid(), SIGKILL) }
    }
    #expect(!(try stage.folder.names().contains("store.aufdb-search")))
    let result = try stage.reading().search("moon")
    #expect(result.hitCount == 600 && result.indexing?.action == .made)
    #expect(!(try stage.folder.names().contains { $0.hasPrefix("store.aufdb-search-") }))
  }

  @Test("While texts are added: the images of the file at every write give what a new index gives")
  func adding() async throws {
    let stage = try Self.stage(300)
    _ = try stage.reading().updateSearchIndex()
    try stage.commit { change in
      for number in 300..<500 { try change.addResponse("p", "a", sample: number, "The moon and comet \(number)") }
    }
    let (path, images): (String, String) = (stage.path, stage.folder.path("images"))
    try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: false)
    await #expect(processExitsWith: .exitCode(0)) { [path = path as String, images = images as String] in
      CrashImages.start(path: path + "-search", folder: images, stride: 2)
      let report = try Store(path, for: .reading).updateSearchIndex()
      exit(report.action == .added && CrashImages.imageCount > 3 ? 0 : 1)
    }
    var actions: Set<String> = []
    for image in try FileManager.default.contentsOfDirectory(atPath: images) where image.hasSuffix(".aufdb") {
      for suffix in ["", "-journal"] {
        unlink(path + "-search" + suffix)
        let bytes = try? Data(contentsOf: URL(filePath: "\(images)/\(image)\(suffix)"))
        try bytes?.write(to: URL(filePath: path + "-search" + suffix))
      }
      let result = try stage.reading().search("comet OR 7")
      #expect(result.hitCount == 201, "\(image)")
      #expect(try stage.reading().search("moon").hitCount == 500, "\(image)")
      actions.insert("\(result.indexing?.action ?? .nothing)")
    }
    // The old one was rolled back to and added to, or the new one was whole.
    #expect(actions.isSubset(of: ["added", "nothing"]), "\(actions)")
  }
}
