// What is measured: each method with its default parameters, on each set of columns that it can work from.

import AufdbAcquisition

/// A method that is ready to be asked.
struct MeasuredMethod {
  let method: any SelectionMethod
  /// Whether the method has other cases, which work from other columns.
  let isOneOfSeveral: Bool

  /// Such as "drts"; or "greedy by scores" where a method can do with several kinds of numbers.
  var name: String {
    guard isOneOfSeveral else { return method.name }
    return "\(method.name) by \(method.needs == .estimates ? "estimates" : method.needs.description)"
  }

  /// All cases of all methods, in the order of the list of methods.
  ///
  /// - Parameter modelNames: what parameters are given that name a model: the first such parameter takes the first.
  static func all(modelNames: [String]) throws(MethodError) -> [MeasuredMethod] {
    var cases: [MeasuredMethod] = []
    for type in SelectionMethods.all {
      // What has no default names something; of that, only models are known here.
      let required = type.parameterDefinitions.filter { definition in
        if case .text = definition.kind { definition.defaultText == nil } else { false }
      }
      let parameters = Dictionary(
        zip(required.map(\.name), modelNames), uniquingKeysWith: { first, _ in first })
      var methods: [any SelectionMethod] = []
      for columns in type.alternativeNeeds {
        let method = try SelectionMethods.make(type.name, parameters: parameters, available: columns)
        if !methods.contains(where: { $0.needs == method.needs }) { methods.append(method) }
      }
      cases += methods.map { MeasuredMethod(method: $0, isOneOfSeveral: methods.count > 1) }
    }
    return cases
  }
}

/// What came of asking about every prompt, once or several times.
struct Picks {
  var skippedCount = 0
  /// Of the pairs in the order of the prompts; so that no compiler may leave the picking out, and two runs can be
  /// compared.
  private(set) var checksum: UInt64 = 0

  /// Asks the method about every prompt, as a caller does who has the numbers in memory: the prompt's random source,
  /// the checks of its columns, the pick.
  ///
  /// - Parameter body: gets the prompt and its pair.
  mutating func pick(
    _ measured: MeasuredMethod, _ columns: Columns, seed: UInt64, body: (_ prompt: Int, Pair) -> Void = { _, _ in }
  ) throws(CandidatesError) {
    let method = measured.method
    let needs = method.needs
    let key = method.randomKey(seed: seed)
    for prompt in 0..<columns.promptCount {
      let candidates = try columns.candidates(prompt, needs)
      switch try method.select(candidates, random: key.prompt(columns.promptID(prompt))) {
      case .pair(let pair):
        checksum = (checksum ^ UInt64(pair.first &* candidates.count &+ pair.second)) &* 0x100_0000_01B3
        body(prompt, pair)
      case .skipped:
        skippedCount += 1
      }
    }
  }
}
