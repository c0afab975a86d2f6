// Keys by the kind of value they take. Each kind reads and records its values in one way.

extension RunKey {
  typealias Path<Value> = WritableKeyPath<RunConfiguration, Value> & Sendable

  static func text(_ name: String, _ path: Path<String>, _ summary: String) -> RunKey {
    RunKey(name: name, summary: summary, decides: true) {
      .text($0[keyPath: path])
    } take: {
      (value, configuration) throws(Refusal) in
      guard case .text(let text) = value, !text.isEmpty else { throw Refusal(expected: "a text") }
      configuration[keyPath: path] = text
    }
  }

  static func optionalText(
    _ name: String, _ path: Path<String?>, decides: Bool = true, _ summary: String
  ) -> RunKey {
    RunKey(name: name, summary: summary, decides: decides) {
      $0[keyPath: path].map { .text($0) } ?? .null
    } take: {
      (value, configuration) throws(Refusal) in
      switch value {
      case .null: configuration[keyPath: path] = nil
      case .text(let text) where !text.isEmpty: configuration[keyPath: path] = text
      default: throw Refusal(expected: "a text or null")
      }
    }
  }

  static func integer(
    _ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>, decides: Bool = true, _ summary: String
  ) -> RunKey {
    RunKey(name: name, summary: summary, decides: decides) {
      .integer(Int64($0[keyPath: path]))
    } take: {
      (value, configuration) throws(Refusal) in
      configuration[keyPath: path] = try integer(value, range, "")
    }
  }

  static func optionalInteger(
    _ name: String, _ path: Path<Int?>, _ range: ClosedRange<Int>, decides: Bool = true, _ summary: String
  ) -> RunKey {
    RunKey(name: name, summary: summary, decides: decides) {
      $0[keyPath: path].map { .integer(Int64($0)) } ?? .null
    } take: { (value, configuration) throws(Refusal) in
      configuration[keyPath: path] = value == .null ? nil : try integer(value, range, " or null")
    }
  }

  private static func integer(
    _ value: RunValue, _ range: ClosedRange<Int>, _ alternative: String
  ) throws(Refusal) -> Int {
    guard case .text(let text) = value, let number = Int(text), range.contains(number) else {
      let (least, most) = (range.lowerBound, range.upperBound)
      let bounds = most == .max ? "at least \(least)" : "from \(least) to \(most)"
      throw Refusal(expected: "a whole number \(bounds)\(alternative)")
    }
    return number
  }

  /// - Parameter least: the value must be above it, or equal where `allowsLeast` says so.
  static func real(
    _ name: String, _ path: Path<Double>, above least: Double, allowsLeast: Bool = false, decides: Bool = true,
    _ summary: String
  ) -> RunKey {
    RunKey(name: name, summary: summary, decides: decides) {
      .real($0[keyPath: path])
    } take: {
      (value, configuration) throws(Refusal) in
      guard case .text(let text) = value, let number = Double(text), number.isFinite,
        allowsLeast ? number >= least : number > least
      else { throw Refusal(expected: "a number \(allowsLeast ? "of at least" : "above") \(least)") }
      configuration[keyPath: path] = number
    }
  }

  static func flag(_ name: String, _ path: Path<Bool>, _ summary: String) -> RunKey {
    RunKey(name: name, summary: summary, decides: true) {
      .flag($0[keyPath: path])
    } take: {
      (value, configuration) throws(Refusal) in
      guard case .text(let text) = value, let flag = Bool(text) else { throw Refusal(expected: "true or false") }
      configuration[keyPath: path] = flag
    }
  }

  static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Word>, _ summary: String
  ) -> RunKey {
    RunKey(name: name, summary: summary, decides: true) {
      .text($0[keyPath: path].rawValue)
    } take: {
      (value, configuration) throws(Refusal) in
      guard case .text(let text) = value, let word = Word(rawValue: text) else {
        throw Refusal(expected: Word.allCases.map(\.rawValue).joined(separator: " or "))
      }
      configuration[keyPath: path] = word
    }
  }

  /// Names, which don't decide.
  static func names(_ name: String, _ path: Path<[String]>, _ summary: String) -> RunKey {
    RunKey(name: name, summary: summary, decides: false) {
      .list($0[keyPath: path].map { .text($0) })
    } take: { (value, configuration) throws(Refusal) in
      switch value {
      case .list(let names): configuration[keyPath: path] = names
      case .text(let text): configuration[keyPath: path] = text.split(separator: ",").map(String.init)
      case .null: configuration[keyPath: path] = []
      case .map: throw Refusal(expected: "a list of names")
      }
    }
  }

  static func features(_ name: String, _ path: Path<[InputFeature]>, _ summary: String) -> RunKey {
    RunKey(name: name, summary: summary, decides: true) {
      .list($0[keyPath: path].map { .text($0.rawValue) })
    } take: { (value, configuration) throws(Refusal) in
      let text: String
      switch value {
      case .list(let names): text = names.joined(separator: ",")
      case .text(let one): text = one
      default: throw Refusal(expected: "a list of features")
      }
      do throws(AufdbError) {
        configuration[keyPath: path] = try InputFeature.list(text)
      } catch {
        throw Refusal(expected: "a list of features with the embedding (\(error.hint ?? error.message))")
      }
    }
  }

  static func map(_ name: String, _ path: Path<[String: String]>, _ summary: String) -> RunKey {
    RunKey(name: name, summary: summary, decides: true) {
      .json(Operation.object($0[keyPath: path].mapValues { .text($0) }))
    } take: { (value, configuration) throws(Refusal) in
      switch value {
      case .null: configuration[keyPath: path] = [:]
      case .map(let map): configuration[keyPath: path] = map
      case .text(let text):
        // As a command line gives it: beta=1,max-iterations=30
        var map: [String: String] = [:]
        for part in text.split(separator: ",") {
          guard let sign = part.firstIndex(of: "="), sign > part.startIndex else {
            throw Refusal(expected: "parameters as {name: value}")
          }
          map[String(part[..<sign])] = String(part[part.index(after: sign)...])
        }
        configuration[keyPath: path] = map
      case .list: throw Refusal(expected: "parameters as {name: value}")
      }
    }
  }
}
