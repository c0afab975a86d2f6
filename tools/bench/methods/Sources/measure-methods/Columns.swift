// The candidates of many prompts as large columns in memory, which are lent prompt by prompt and never copied.

import AufdbAcquisition

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that can't be used, and why.
struct FileError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "\(path): \(reason)" }
}

/// What `generate columns-...` wrote: generate.c tells the form of both files.
struct Columns {
  let promptCount: Int
  private let ends: UnsafeBufferPointer<Int>
  private let scores: UnsafeBufferPointer<Double>
  private let textLengths: UnsafeBufferPointer<Int>
  private let rewards: UnsafeBufferPointer<Float>
  private let lower: UnsafeBufferPointer<Float>
  private let upper: UnsafeBufferPointer<Float>
  private let heads: UnsafeBufferPointer<Float>
  private let features: UnsafeBufferPointer<Float>
  private let headCount: Int
  private let featureDimension: Int
  private let promptIDs: UnsafeRawBufferPointer
  private let models: UnsafeRawBufferPointer
  /// Where the names of one prompt's models end, as many as any prompt has: all names are equally long.
  private let modelEnds: UnsafeBufferPointer<Int>

  private static let promptIDLength = 32
  private static let modelLength = 11

  /// Maps both files; they stay mapped until the program ends.
  init(numbers: String, names: String) throws {
    var numberBytes = ColumnBytes(try Self.map(numbers), path: numbers)
    let header = try numberBytes.next(4, of: Int.self)
    let responseCount = header[1]
    promptCount = header[0]
    headCount = header[2]
    featureDimension = header[3]
    ends = try numberBytes.next(promptCount, of: Int.self)
    scores = try numberBytes.next(responseCount, of: Double.self)
    textLengths = try numberBytes.next(responseCount, of: Int.self)
    rewards = try numberBytes.next(responseCount, of: Float.self)
    lower = try numberBytes.next(responseCount, of: Float.self)
    upper = try numberBytes.next(responseCount, of: Float.self)
    heads = try numberBytes.next(responseCount * headCount, of: Float.self)
    features = try numberBytes.next(responseCount * featureDimension, of: Float.self)
    var nameBytes = ColumnBytes(try Self.map(names), path: names)
    promptIDs = UnsafeRawBufferPointer(try nameBytes.next(promptCount * Self.promptIDLength, of: UInt8.self))
    models = UnsafeRawBufferPointer(try nameBytes.next(responseCount * Self.modelLength, of: UInt8.self))
    let counts = ends.indices.map { [ends] in ends[$0] - ($0 == 0 ? 0 : ends[$0 - 1]) }
    let modelEnds = UnsafeMutableBufferPointer<Int>.allocate(capacity: counts.max() ?? 0)
    for index in modelEnds.indices { modelEnds.initializeElement(at: index, to: (index + 1) * Self.modelLength) }
    self.modelEnds = UnsafeBufferPointer(modelEnds)
  }

  /// The name of one of the first prompt's models.
  func modelName(_ index: Int) -> String {
    String(decoding: models[index * Self.modelLength..<(index + 1) * Self.modelLength], as: UTF8.self)
  }

  func promptID(_ prompt: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: promptIDs[prompt * Self.promptIDLength..<(prompt + 1) * Self.promptIDLength])
  }

  /// The candidates of one prompt, with the columns of `needs` alone: others would be checked for nothing.
  func candidates(_ prompt: Int, _ needs: CandidateColumns) throws(CandidatesError) -> Candidates {
    let range = (prompt == 0 ? 0 : ends[prompt - 1])..<ends[prompt]

    func slice<T>(
      _ column: UnsafeBufferPointer<T>, _ name: CandidateColumns, _ width: Int = 1
    ) -> UnsafeBufferPointer<T> {
      guard needs.contains(name) else { return UnsafeBufferPointer(start: nil, count: 0) }
      return UnsafeBufferPointer(rebasing: column[range.lowerBound * width..<range.upperBound * width])
    }

    return try Candidates(
      count: range.count, rewards: slice(rewards, .rewards), lower: slice(lower, .lower), upper: slice(upper, .upper),
      scores: slice(scores, .scores), textLengths: slice(textLengths, .textLengths),
      heads: slice(heads, .heads, headCount), features: slice(features, .features, featureDimension),
      models: needs.contains(.models) ? modelNames(range) : .none)
  }

  private func modelNames(_ range: Range<Int>) -> ModelNames {
    ModelNames(
      bytes: UnsafeRawBufferPointer(
        rebasing: models[range.lowerBound * Self.modelLength..<range.upperBound * Self.modelLength]),
      ends: UnsafeBufferPointer(rebasing: modelEnds[0..<range.count]))
  }

  private static func map(_ path: String) throws -> UnsafeRawBufferPointer {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw FileError(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let length = Int(lseek(descriptor, 0, SEEK_END))
    let address = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw FileError(path: path, reason: String(cString: strerror(errno)))
    }
    return UnsafeRawBufferPointer(start: address, count: length)
  }
}

/// Takes columns off the front of a file's bytes.
private struct ColumnBytes {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  mutating func next<T>(_ count: Int, of type: T.Type) throws -> UnsafeBufferPointer<T> {
    let size = count * MemoryLayout<T>.stride
    guard count >= 0, size <= bytes.count - offset else { throw FileError(path: path, reason: "it is too short") }
    defer { offset += size }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]).bindMemory(to: type)
  }
}
