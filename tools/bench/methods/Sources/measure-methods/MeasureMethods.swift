// Measures the selection methods on one thread and in memory: what a prompt costs beyond its reading.
//
//   measure-methods NUMBERS.bin NAMES.bin
//
// It first writes one line a method, {"method", "name"}, where the name tells a method's cases apart; then an empty
// line. It then reads requests, one a line, and answers each with a line, or ends with an error:
//
//   pick NUMBER SEED PASSES    asks the method of that line, counted from 0, about every prompt, so many times over:
//                              {"name", "prompts", "skipped", "wall", "cpu", "checksum"}, seconds a pass
//   store NUMBER SEED FILE     asks once, and writes each prompt's pair as two 4-byte integers, little-endian; -1, -1
//                              for a prompt without one. The seconds are those of the picking.

import AufdbAcquisition

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A line that asks for something that there isn't.
struct RequestError: Error, CustomStringConvertible {
  let request: String

  var description: String { "not a request: \(request)" }
}

@main
struct MeasureMethods {
  private let columns: Columns
  private let cases: [MeasuredMethod]

  static func main() {
    guard CommandLine.arguments.count == 3 else {
      complain("usage: measure-methods NUMBERS.bin NAMES.bin")
      exit(64)
    }
    do {
      try MeasureMethods(numbers: CommandLine.arguments[1], names: CommandLine.arguments[2]).serve()
    } catch {
      complain("error: \(error)")
      exit(1)
    }
  }

  private init(numbers: String, names: String) throws {
    columns = try Columns(numbers: numbers, names: names)
    // Two, because each prompt has two answers or more.
    cases = try MeasuredMethod.all(modelNames: [columns.modelName(0), columns.modelName(1)])
  }

  private func serve() throws {
    for measured in cases {
      Self.answer(#"{"method": "\#(measured.method.name)", "name": "\#(measured.name)"}"#)
    }
    Self.answer("")
    while let request = readLine() {
      let words = request.split(separator: " ", maxSplits: 3).map(String.init)
      guard words.count == 4, let number = Int(words[1]), cases.indices.contains(number), let seed = UInt64(words[2])
      else { throw RequestError(request: request) }
      switch words[0] {
      case "pick":
        guard let passCount = Int(words[3]), passCount > 0 else { throw RequestError(request: request) }
        try pick(cases[number], seed, passCount)
      case "store": try store(cases[number], seed, to: words[3])
      default: throw RequestError(request: request)
      }
    }
  }

  private func pick(_ measured: MeasuredMethod, _ seed: UInt64, _ passCount: Int) throws {
    var picks = Picks()
    let cost = try Cost.of {
      for _ in 0..<passCount { try picks.pick(measured, columns, seed: seed) }
    }
    picks.skippedCount /= passCount
    report(picks, of: measured, cost.divided(by: passCount))
  }

  private func store(_ measured: MeasuredMethod, _ seed: UInt64, to path: String) throws {
    var indices = [Int32](repeating: -1, count: 2 * columns.promptCount)
    var picks = Picks()
    let cost = try Cost.of {
      try picks.pick(measured, columns, seed: seed) { prompt, pair in
        indices[2 * prompt] = Int32(pair.first).littleEndian
        indices[2 * prompt + 1] = Int32(pair.second).littleEndian
      }
    }
    guard let file = fopen(path, "wb") else { throw FileError(path: path, reason: String(cString: strerror(errno))) }
    let written = indices.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    guard fclose(file) == 0, written == indices.count * MemoryLayout<Int32>.size else {
      throw FileError(path: path, reason: String(cString: strerror(errno)))
    }
    report(picks, of: measured, cost)
  }

  private func report(_ picks: Picks, of measured: MeasuredMethod, _ cost: Cost) {
    Self.answer(
      #"{"name": "\#(measured.name)", "prompts": \#(columns.promptCount), "skipped": \#(picks.skippedCount), "#
        + #""wall": \#(cost.wallSeconds), "cpu": \#(cost.processorSeconds), "checksum": "\#(picks.checksum)"}"#)
  }

  private static func answer(_ line: String) {
    print(line)
    fflush(nil)
  }

  private static func complain(_ line: String) {
    Array((line + "\n").utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// What some work took.
private struct Cost {
  var wallSeconds: Double
  var processorSeconds: Double

  static func of(_ work: () throws -> Void) rethrows -> Cost {
    let (wall, processor) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    try work()
    return Cost(
      wallSeconds: seconds(CLOCK_MONOTONIC) - wall, processorSeconds: seconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
  }

  func divided(by count: Int) -> Cost {
    Cost(wallSeconds: wallSeconds / Double(count), processorSeconds: processorSeconds / Double(count))
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
