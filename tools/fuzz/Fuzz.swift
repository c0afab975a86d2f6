// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html#fuzz-target). Environment variables say what is fuzzed,
// because the arguments are libFuzzer's own:
//   AUFDB_FUZZ_TARGET  the target's name; without one, the names are listed
//   AUFDB_FUZZ_SEEDS   a folder, into which the target's sound inputs are written, and beside it, at the same path
//                      with .words, a dictionary; nothing is fuzzed then

import Foundation

enum Fuzz {
  static let target: FuzzTarget? = {
    let name = ProcessInfo.processInfo.environment["AUFDB_FUZZ_TARGET"]
    return FuzzTarget.all.first { $0.name == name }
  }()

  static func writeSeeds(of target: FuzzTarget, to folder: String) throws {
    let seeds = try target.seeds()
    for (index, seed) in seeds.enumerated() {
      try Data(seed).write(to: URL(filePath: folder).appending(path: "seed-\(index)"))
    }
    let words = FuzzWords.hostile.map { Array($0.utf8) } + FuzzWords.words(in: seeds)
    try Data(words.map(dictionaryLine).joined().utf8).write(to: URL(filePath: folder + ".words"))
  }

  /// An entry of a dictionary (https://llvm.org/docs/LibFuzzer.html#dictionaries).
  private static func dictionaryLine(_ word: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF")
    let escaped = word.map { "\\x\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
    return "\"\(escaped.joined())\"\n"
  }
}

/// Called once, before all else.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<Int32>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
  guard let target = Fuzz.target else {
    print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
    exit(0)
  }
  guard let folder = ProcessInfo.processInfo.environment["AUFDB_FUZZ_SEEDS"] else { return 0 }
  do {
    try Fuzz.writeSeeds(of: target, to: folder)
  } catch {
    fatalError("\(error)")
  }
  exit(0)
}

/// Called for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do {
    try Fuzz.target?.check(UnsafeRawBufferPointer(start: start, count: count))
  } catch {
    fatalError("\(error)")
  }
  return 0
}
