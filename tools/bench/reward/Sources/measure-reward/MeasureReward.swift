// Measures the ensemble in memory: estimating responses, and steps of training.
//
//   measure-reward
//
// It reads requests, one a line, and answers each with a line of JSON, or ends with an error:
//
//   open INPUTS RESPONSES FILE      makes the ensemble and responses of a fixed seed, with so many inputs, and writes
//                                   them as 4-byte floats: the weights, head after head, and the inputs, row after row
//   estimate INPUTS THREADS         estimates all responses of those that were opened
//   train INPUTS THREADS STEPS      trains so many steps of 64 pairs, each time from the first weights
//   store INPUTS FILE               writes the rewards of single heads, row after row, and the weights after the first
//                                   steps of training, as 4-byte floats
//
// The answers to estimate and train are {"wall", "cpu"}: seconds of the whole, and of a step.

import AufdbReward

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
struct MeasureReward {
  private var examples: [Int: Example] = [:]

  static func main() {
    do {
      var measurement = MeasureReward()
      while let request = readLine() { try measurement.serve(request) }
    } catch {
      Array("error: \(error)\n".utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
      exit(1)
    }
  }

  private mutating func serve(_ request: String) throws {
    let words = request.split(separator: " ", maxSplits: 3).map(String.init)
    let numbers = words.dropFirst().prefix(2).compactMap { Int($0) }
    switch (words.first, numbers.count, words.count) {
    case ("open", 2, 4):
      let example = try Example(inputCount: numbers[0], responseCount: numbers[1])
      try example.write(to: words[3])
      examples[numbers[0]] = example
      answer("{}")
    case ("estimate", 2, 3):
      var estimates = RewardEstimates()
      let cost = try Cost.of { try example(numbers[0], request).estimate(threadCount: numbers[1], into: &estimates) }
      answer(cost.json)
    case ("train", 2, 4):
      guard let stepCount = Int(words[3]), stepCount > 0 else { throw RequestError(request: request) }
      let example = try example(numbers[0], request)
      let cost = try Cost.of { _ = try example.trained(stepCount: stepCount, threadCount: numbers[1]) }
      answer(cost.divided(by: stepCount).json)
    case ("store", 1, 3):
      try example(numbers[0], request).writeResults(to: words[2])
      answer("{}")
    default: throw RequestError(request: request)
    }
  }

  private func example(_ inputCount: Int, _ request: String) throws -> Example {
    guard let example = examples[inputCount] else { throw RequestError(request: request) }
    return example
  }

  private func answer(_ line: String) {
    print(line)
    fflush(nil)
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

  var json: String { #"{"wall": \#(wallSeconds), "cpu": \#(processorSeconds)}"# }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
