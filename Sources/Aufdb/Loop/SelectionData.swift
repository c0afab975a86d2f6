// Which stored data a selection method gets to see: its snapshot, its judge, and what to do where there is none.

import AufdbAcquisition

/// The data of one revision, asked on a method's behalf.
struct SelectionData {
  let connection: Connection
  /// Of the views to read.
  let prefix: String

  var hasEstimates: Bool {
    get throws { try connection.integer("SELECT count(*) FROM \(prefix)snapshots") > 0 }
  }

  /// Where the columns that `method` needs come from.
  func source(for method: any SelectionMethod, _ options: SelectOptions) throws -> CandidateSource {
    if !method.needs.isDisjoint(with: .estimates) {
      try refuse(options.judge, "--judge", method)
      return .estimates(snapshot: try snapshot(options.snapshot, method))
    }
    try refuse(options.snapshot, "--snapshot", method)
    if method.needs.contains(.scores) { return .scores(judge: try judge(options.judge, method)) }
    try refuse(options.judge, "--judge", method)
    return .responses
  }

  private func refuse(_ value: String?, _ option: String, _ method: any SelectionMethod) throws {
    guard value != nil else { return }
    throw AufdbError(
      .usage, "\(option) means nothing to the method \(method.name), which needs \(method.needs)", hint: "leave it out")
  }

  private func snapshot(_ wanted: String?, _ method: any SelectionMethod) throws -> String {
    let names = try connection.all("SELECT snapshot FROM \(prefix)snapshots ORDER BY id") { $0.string(0) }
    if let wanted {
      guard names.contains(wanted) else {
        throw AufdbError(.refused, "there is no snapshot '\(wanted)'", hint: list("snapshots", names))
      }
      return wanted
    }
    // Ids are in the order of birth, so the last is the newest.
    guard let newest = names.last else {
      throw AufdbError(
        .refused, "the method \(method.name) needs estimates, and there are none",
        hint: "`aufdb import STORE FILE --as estimates --snapshot NAME` brings them in")
    }
    return newest
  }

  private func judge(_ wanted: String?, _ method: any SelectionMethod) throws -> String {
    let names = try connection.all("SELECT DISTINCT judge FROM \(prefix)scores ORDER BY judge") { $0.string(0) }
    if let wanted {
      guard names.contains(wanted) else {
        throw AufdbError(.refused, "there are no scores of a judge '\(wanted)'", hint: list("judges", names))
      }
      return wanted
    }
    guard let only = names.first else {
      throw AufdbError(
        .refused, "the method \(method.name) needs scores, and there are none",
        hint: "`aufdb import STORE FILE` brings in those of a completions file")
    }
    guard names.count == 1 else {
      throw AufdbError(
        .refused, "there are scores of \(names.count) judges: \(names.joined(separator: ", "))",
        hint: "choose one with --judge NAME")
    }
    return only
  }

  private func list(_ what: String, _ names: [String]) -> String {
    names.isEmpty ? "there are no \(what) here" : "\(what) here: \(names.prefix(20).joined(separator: ", "))"
  }
}

extension ParameterValue {
  /// As a commit's operation and a selection's parameters record it.
  var recorded: Operation.Value {
    switch self {
    case .real(let value): .real(value)
    case .integer(let value): .integer(Int64(value))
    case .word(let word): .text(word)
    }
  }
}
