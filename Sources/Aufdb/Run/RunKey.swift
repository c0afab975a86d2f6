// The keys of a run's configuration: what a file may say, what help lists, and what a commit records, all from one
// list.

import AufdbAcquisition

/// A value as a configuration file or a command line gives it.
public enum RunValue: Sendable, Equatable {
  case null
  case text(String)
  case list([String])
  case map([String: String])
}

/// One setting of a run.
public struct RunKey: Sendable {
  /// As a configuration file spells it.
  public let name: String
  /// One line for help.
  public let summary: String
  /// Whether another value makes another run. The others may change when a run is resumed.
  let decides: Bool
  /// The setting as a commit records it.
  let value: @Sendable (RunConfiguration) -> Operation.Value
  /// Takes a value; what it throws is a reason, such as "a number from 1 to 10".
  let take: @Sendable (RunValue, inout RunConfiguration) throws(Refusal) -> Void

  /// What the value should have been.
  struct Refusal: Error { let expected: String }

  func value(in configuration: RunConfiguration) -> Operation.Value { value(configuration) }

  /// The default, as a configuration file would say it.
  public var defaultText: String {
    switch value(RunConfiguration()) {
    case .null: "null"
    case .text(let text): text
    case .integer(let integer): "\(integer)"
    case .real(let real): real == real.rounded() && abs(real) < 1e9 ? "\(Int(real))" : "\(real)"
    case .flag(let flag): "\(flag)"
    case .list(let values):
      "[\(values.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: ", "))]"
    case .json(let text): text
    }
  }

  /// The key of a name.
  /// - Throws: `.usage`, with the nearest names.
  static func named(_ name: String) throws(AufdbError) -> RunKey {
    guard let key = all.first(where: { $0.name == name }) else {
      throw AufdbError(
        .usage, "there is no key '\(name.shortened(to: 80))' in a run's configuration",
        hint: all.map(\.name).nearest(to: name).map { "did you mean \($0)?" } ?? "`aufdb help run` lists the keys")
    }
    return key
  }

  /// Sets it.
  /// - Throws: `.usage` for a value that it can't have.
  func set(_ value: RunValue, in configuration: inout RunConfiguration) throws(AufdbError) {
    do throws(Refusal) {
      try take(value, &configuration)
    } catch {
      throw AufdbError(.usage, "\(name) takes \(error.expected), not \(value.shown)")
    }
  }
}

extension RunValue {
  /// As an error shows it.
  var shown: String {
    switch self {
    case .null: "nothing"
    case .text(let text): "'\(text.shortened(to: 80))'"
    case .list: "a list"
    case .map: "a map"
    }
  }
}
