// Reads .safetensors files for tests, from the format's description: eight bytes with the header's length, the header
// in JSON, and the numbers of all tensors.

import Foundation

struct Safetensors {
  private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  struct Failure: Error {
    let reason: String
  }

  private let entries: [String: Entry]
  private let numbers: Data

  init(_ file: URL) throws {
    let bytes = try Data(contentsOf: file)
    guard bytes.count >= 8 else { throw Failure(reason: "\(file.path) has no header") }
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    guard length <= bytes.count - 8 else { throw Failure(reason: "\(file.path) ends within its header") }
    entries = try JSONDecoder().decode([String: Entry].self, from: bytes[8..<8 + length])
    numbers = bytes[(8 + length)...]
  }

  func shape(_ name: String) throws -> [Int] { try entry(name).shape }

  func singles(_ name: String) throws -> [Float] { try elements(name, "F32", filler: 0) }

  func doubles(_ name: String) throws -> [Double] { try elements(name, "F64", filler: 0) }

  private func entry(_ name: String) throws -> Entry {
    guard let entry = entries[name] else { throw Failure(reason: "there is no tensor \(name)") }
    return entry
  }

  private func elements<Element>(_ name: String, _ dtype: String, filler: Element) throws -> [Element] {
    let entry = try entry(name)
    let count = entry.shape.reduce(1, *)
    let size = count * MemoryLayout<Element>.size
    guard entry.dtype == dtype, entry.dataOffsets.count == 2, entry.dataOffsets[1] <= numbers.count,
      entry.dataOffsets[1] - entry.dataOffsets[0] == size
    else { throw Failure(reason: "\(name) isn't \(dtype), or has another size than its shape says") }
    var elements = [Element](repeating: filler, count: count)
    let start = numbers.startIndex + entry.dataOffsets[0]
    elements.withUnsafeMutableBytes { _ = numbers.copyBytes(to: $0, from: start..<start + size) }
    return elements
  }
}
