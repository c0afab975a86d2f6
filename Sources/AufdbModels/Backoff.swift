// How long to wait before a request is sent once more.

import Aufdb
import AufdbAcquisition

/// The waiting times between the attempts of a request: half a second, doubled each time up to a minute, of which each
/// request waits a share between a half and the whole, so that those that failed together don't come back together.
struct Backoff {
  private let key: RandomKey

  init(seed: UInt64) { key = RandomKey(seed: seed, purpose: "retry") }

  /// - Parameters:
  ///   - attempt: how many have failed; at least 1.
  ///   - question: whose request it is: the share is the same whenever that request fails for the same time.
  /// - Returns: seconds.
  func seconds(afterAttempt attempt: Int, of question: QuestionID) -> Double {
    let whole = min(60, 0.5 * Double(1 << min(attempt - 1, 10)))
    let draw = question.bytes.withUnsafeBytes { key.prompt($0).block(0, round: UInt32(attempt)).x }
    return whole * (0.5 + Double(draw) * 0x1p-33)
  }
}
