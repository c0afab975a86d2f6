// The list of methods and what is made from names and texts.

import AufdbAcquisition
import Testing

@Suite struct SelectionMethodsTests {
  @Test func namesAreUniqueAndSummariesFitOneLine() {
    #expect(Set(SelectionMethods.names).count == SelectionMethods.all.count)
    for type in SelectionMethods.all {
      #expect(!type.summary.isEmpty && type.summary.count <= 90 && !type.summary.contains("\n"), "\(type.name)")
      #expect(type.name == type.name.lowercased())
    }
  }

  @Test(arguments: SelectionMethods.names)
  func aMethodMakesItselfAgainFromItsRecord(name: String) throws {
    let method = try SelectionMethods.makeForTests(name)
    #expect(method.name == name)
    let type = Swift.type(of: method)
    #expect(method.parameters.map(\.name) == type.parameterDefinitions.map(\.name))
    #expect(type.alternativeNeeds.contains(method.needs))
    let texts = Dictionary(uniqueKeysWithValues: method.parameters.map { ($0.name, $0.value.text) })
    #expect(try SelectionMethods.make(name, parameters: texts).parameters == method.parameters)
  }

  @Test func drtsShowsTheDefaultsThatItHas() throws {
    let definitions = DRTSMethod.parameterDefinitions
    #expect(try DRTSMethod().parameters.map(\.value.text) == definitions.map(\.defaultText))
    #expect(try SelectionMethods.make("drts").parameters == DRTSMethod().parameters)
  }

  @Test func recordedNumbersReadBackExactly() throws {
    let method = try DRTSMethod(beta: 0.1, maxIterations: 7)
    #expect(method.parameters == [Parameter("beta", .real(0.1)), Parameter("max-iterations", .integer(7))])
    #expect(method.parameters.map(\.value.text) == ["0.1", "7"])
    #expect(try DRTSMethod(beta: -0.0).parameters.first?.value.text == "0.0")
  }

  @Test(arguments: [
    ("drst", "drts"), ("DRTS", "drts"), ("delta-ucb", "deltaucb"), ("max_min", "maxmin"), ("rand", "random"),
  ])
  func anUnknownMethodListsTheNearestFirst(given: String, meant: String) {
    let error = #expect(throws: MethodError.self) { try SelectionMethods.make(given) }
    guard case .unknownMethod(let name, let known) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(name == given)
    #expect(known.first == meant)
    #expect(known.sorted() == SelectionMethods.names.sorted())
  }

  /// A parameter that means nothing to a method isn't passed over.
  @Test(arguments: [
    ("infomax", "beta"), ("deltaquantile", "beta"), ("greedy", "beta"), ("far", "by"), ("length", "by"),
    ("fixed-pair", "by"), ("infogain", "max-iterations"), ("dts", "quantile"),
  ])
  func aParameterOfAnotherMethodIsRefused(method: String, parameter: String) {
    let error = #expect(throws: MethodError.self) { try SelectionMethods.make(method, parameters: [parameter: "1"]) }
    guard case .unknownParameter(parameter, method, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func anUnknownParameterListsThoseTheMethodHas() {
    let none = #expect(throws: MethodError.self) {
      try SelectionMethods.make("deltaucb", parameters: ["beta": "1"])
    }
    #expect(none == .unknownParameter("beta", method: "deltaucb", known: []))
    #expect(none?.hint == "it has no parameters: leave this one out")
    let near = #expect(throws: MethodError.self) {
      try SelectionMethods.make("drts", parameters: ["max-iteration": "3", "beta": "1"])
    }
    #expect(near == .unknownParameter("max-iteration", method: "drts", known: ["max-iterations", "beta"]))
  }

  @Test(arguments: [
    ("drts", "beta", "-0.1"), ("drts", "beta", "nan"), ("drts", "beta", "inf"), ("drts", "beta", "1e999"),
    ("drts", "beta", "much"), ("drts", "beta", ""), ("drts", "max-iterations", "-1"),
    ("drts", "max-iterations", "1000001"), ("drts", "max-iterations", "2.5"), ("ultrafeedback", "by", "length"),
    ("ultrafeedback", "by", "Rewards"), ("greedy", "by", ""), ("dts", "beta", "-1"), ("dts", "max-iterations", "1e3"),
    ("infogain", "beta", "-inf"), ("deltaquantile", "quantile", "-0.01"), ("deltaquantile", "quantile", "1.01"),
    ("deltaquantile", "quantile", "nan"), ("deltaquantile", "epsilon", "1.5"), ("deltaquantile", "epsilon", "few"),
  ])
  func refusedValuesNameParameterValueAndRange(method: String, parameter: String, text: String) throws {
    let error = #expect(throws: MethodError.self) {
      try SelectionMethods.make(method, parameters: [parameter: text])
    }
    guard case .refusedValue(let refusal, method) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.parameter == parameter)
    #expect(refusal.value?.isEmpty == text.isEmpty)
    let definitions = Swift.type(of: try SelectionMethods.make(method)).parameterDefinitions
    #expect(definitions.first { $0.name == parameter }?.allowed == refusal.allowed)
  }

  @Test func rangesReadAsWords() throws {
    let beta = #expect(throws: ParameterError.self) { try DRTSMethod(beta: -1) }
    #expect(beta.map { "\($0)" } == "beta can't be '-1.0': it must be a finite number of at least 0.0")
    let iterations = #expect(throws: ParameterError.self) { try DRTSMethod(maxIterations: -1) }
    #expect(iterations?.allowed == "a whole number from 0 to 1000000")
  }

  @Test func needsReadAsWords() {
    #expect(RandomMethod.needsText == "nothing")
    #expect(UltraFeedbackMethod.needsText == "rewards or scores")
    #expect(DRTSMethod.needsText == "rewards, lower, upper")
  }

  /// `ultrafeedback` ranks by what there is, unless told.
  @Test func rankingFollowsWhatIsAvailable() throws {
    let cases: [(CandidateColumns, [String: String], CandidateColumns)] = [
      (.estimates, [:], .rewards), (.scores, [:], .scores), ([.rewards, .scores], [:], .rewards), ([], [:], .rewards),
      (.estimates, ["by": "scores"], .scores), (.scores, ["by": "rewards"], .rewards),
    ]
    for (available, texts, needs) in cases {
      let method = try SelectionMethods.make("ultrafeedback", parameters: texts, available: available)
      #expect(method.needs == needs, "\(available) \(texts)")
    }
  }
}
