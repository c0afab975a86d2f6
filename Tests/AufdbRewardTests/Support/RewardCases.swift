// The conformance cases of the ensemble that lie outside the repository: what another implementation computed, in single
// and in double precision, from the same inputs.

import AufdbReward
import Foundation
import Testing

/// One case: what its JSON says, and its tensors.
struct RewardCase {
  struct Description: Decodable {
    struct Config: Decodable {
      let inDim: Int
      let hidden: Int
      let layers: Int
      let heads: Int
      let beta: Float?
      let lambda: Double?
      let center: Double?
      let lr: Double?

      enum CodingKeys: String, CodingKey {
        case inDim, hidden, layers, heads, beta, center, lr
        case lambda = "lambda_"
      }
    }

    struct Part: Decodable {
      let name: String
      let offset: Int
      let shape: [Int]
    }

    struct Results: Decodable {
      let loss: Double
      let lossBase: Double
      let lossReg: Double
      let lossCenter: Double
      let gradNorm: Double
    }

    struct Call: Decodable {
      struct Step: Decodable {
        struct Values: Decodable {
          let lr: Double
          let loss: Double
          let lossBase: Double
          let lossReg: Double
          let lossCenter: Double
          let gradNorm: Double
        }

        let pairs: [[Int]]
        let f64: Values
      }

      struct Checksum: Decodable {
        let sumSq: Double
        let movedL2PerHead: [Double]
        let sampleValues: [Double]
      }

      struct Checksums: Decodable {
        let f64: Checksum
        let sampleFlatIndices: [Int]
      }

      let lambda: Double
      let numSteps: Int
      let adamStepAfter: Int
      let steps: [Step]
      let checksumAfter: Checksums

      enum CodingKeys: String, CodingKey {
        case numSteps, adamStepAfter, steps, checksumAfter
        case lambda = "lambda_"
      }
    }

    struct Decay: Decodable {
      let decayType: String
      let initialValue: Double
      let exponentialDecayBase: Double?
      let exponentialDecayScaler: Double?
      let nDone: [Int]
      let nTotal: Int
    }

    let kind: String
    let config: Config
    let paramsPerHead: Int
    let layout: [Part]
    let results: [String: Results]?
    let trainCalls: [Call]?
    let regularization: Decay?
  }

  let name: String
  let description: Description
  let tensors: Safetensors

  init(_ name: String) throws {
    self.name = name
    let json = try Data(contentsOf: RewardData.folder.appendingPathComponent("\(name).json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    description = try decoder.decode(Description.self, from: json)
    tensors = try Safetensors(RewardData.folder.appendingPathComponent("\(name).safetensors"))
  }

  var shape: EnsembleShape {
    get throws {
      let config = description.config
      return try EnsembleShape(
        inputCount: config.inDim, hiddenCount: config.hidden, layerCount: config.layers, headCount: config.heads)
    }
  }

  /// A tensor as a matrix, which has one row if it has one dimension.
  func matrix(_ name: String) throws -> Matrix<Float> {
    let shape = try tensors.shape(name)
    return Matrix(
      rowCount: shape.count > 1 ? shape[0] : 1, columnCount: shape.last ?? 1, elements: try tensors.singles(name))
  }

  func head(
    _ weights: String = "weights", centre: EnsembleHead.Centre = .mean, bounds: EnsembleHead.Bounds = .deviation
  ) throws -> EnsembleHead {
    EnsembleHead(
      shape: try shape, beta: description.config.beta ?? 1, centre: centre, bounds: bounds,
      weights: try matrix(weights))
  }
}

/// Where the cases are.
enum RewardData {
  /// ../shared/data/reward beside the repository's root.
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/data/reward").standardizedFileURL

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("manifest.json").path)
  }

  /// The names of all cases of some kinds; none where the files are absent.
  static func names(_ kinds: String...) -> [String] {
    struct Manifest: Decodable {
      struct Case: Decodable {
        let name: String
        let kind: String
      }

      let cases: [Case]
    }

    guard isPresent, let data = try? Data(contentsOf: folder.appendingPathComponent("manifest.json")),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
    else { return [] }
    return manifest.cases.filter { kinds.contains($0.kind) }.map(\.name)
  }
}

/// The largest difference between numbers and what is expected of them; infinite where only one is NaN.
func largestDifference(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0) { largest, pair in
    if pair.0.isNaN && pair.1.isNaN { return largest }
    let difference = (Double(pair.0) - pair.1).magnitude
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}

func largestMagnitude(_ numbers: [Double]) -> Double {
  numbers.reduce(0) { max($0, $1.magnitude) }
}

/// Whether a number is near another one, relative to it, or as near as `floor`.
func isNear(_ found: Double, _ expected: Double, relative: Double, floor: Double = 0) -> Bool {
  (found - expected).magnitude <= max(relative * expected.magnitude, floor)
}
