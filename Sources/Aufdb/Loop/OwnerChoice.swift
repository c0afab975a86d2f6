// Whose data is meant where several may have some: the judge or the encoder that was named, or the only one there is.

/// A kind of data, and who has it.
struct OwnerChoice {
  /// "scores", "embeddings".
  let data: String
  /// "a judge", "an encoder"; without its article also the name of the option that chooses one.
  let owner: String
  /// What to do where nobody has any.
  let hint: String

  static let scores = OwnerChoice(
    data: "scores", owner: "a judge", hint: "`aufdb import STORE FILE` brings in those of a completions file")
  static let embeddings = OwnerChoice(
    data: "embeddings", owner: "an encoder",
    hint: "`aufdb import STORE VECTORS.npy --index FILE --encoder NAME` brings them in")
  static let labels = OwnerChoice(
    data: "labels", owner: "a judge", hint: "`aufdb annotate STORE --judge J` makes some")

  /// The name that was asked for, or the only one there is.
  ///
  /// - Parameters:
  ///   - names: who has such data.
  ///   - user: who needs it, such as "the method drts"; nil where that goes without saying.
  /// - Throws: `.refused` where the name isn't among them, or none was given and there isn't exactly one.
  func resolve(_ wanted: String?, among names: [String], for user: String? = nil) throws(AufdbError) -> String {
    let noun = owner.split(separator: " ").last.map(String.init) ?? owner
    let list = names.prefix(20).joined(separator: ", ")
    if let wanted {
      guard names.contains(wanted) else {
        throw AufdbError(
          .refused, "there are no \(data) of \(owner) '\(wanted)'",
          hint: names.isEmpty ? hint : "\(noun)s here: \(list)")
      }
      return wanted
    }
    guard let only = names.first else {
      throw AufdbError(
        .refused, user.map { "\($0) needs \(data), and there are none" } ?? "there are no \(data)", hint: hint)
    }
    guard names.count == 1 else {
      throw AufdbError(
        .refused, "there are \(data) of \(names.count) \(noun)s: \(list)", hint: "choose one with --\(noun) NAME")
    }
    return only
  }
}

extension Connection {
  /// The encoder that is meant, among those with vectors of responses.
  ///
  /// - Parameter prefix: of the views to read.
  func encoder(_ wanted: String?, prefix: String = "", for user: String? = nil) throws(AufdbError) -> String {
    let names = try all(
      "SELECT DISTINCT encoder FROM \(prefix)embeddings WHERE model IS NOT NULL ORDER BY encoder"
    ) { $0.string(0) }
    return try OwnerChoice.embeddings.resolve(wanted, among: names, for: user)
  }

  /// The judge whose labels are meant; nil where there are no labels, and none were asked for.
  func labelJudge(_ wanted: String?) throws(AufdbError) -> String? {
    let names = try all("SELECT DISTINCT judge FROM labels ORDER BY judge") { $0.string(0) }
    return wanted == nil && names.isEmpty ? nil : try OwnerChoice.labels.resolve(wanted, among: names)
  }
}
