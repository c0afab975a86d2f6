// What is said about a name that names nothing: all verbs take their words from here.
//
// The hint is the nearest name that there is, or else what there is: the first 20 names and how many more.

import AufdbAcquisition

extension Connection {
  /// The error about a name that is no branch or tag of this store.
  ///
  /// - Parameters:
  ///   - kind: what it should have been; nil where anything that names a commit would have done.
  ///   - text: what the message quotes, where the name is only a part of it.
  func unknown(_ kind: Ref.Kind?, _ name: String, in text: String? = nil) throws -> AufdbError {
    let refs = try all("SELECT name, kind FROM ref ORDER BY name") {
      (name: $0.string(0), kind: Ref.Kind(rawValue: $0.string(1)))
    }
    let names = refs.filter { kind == nil || $0.kind == kind }.map(\.name)
    let message = "there is no \(kind?.rawValue ?? "revision") \((text ?? name).quoted)"
    if let other = refs.first(where: { $0.name == name })?.kind {
      return AufdbError(.refused, message, hint: "\(name.quoted) is a \(other.rawValue)")
    }
    if let nearest = (kind == nil ? names + ["HEAD"] : names).nearest(to: name) {
      return AufdbError(.refused, message, hint: "did you mean \(nearest)?")
    }
    guard kind == nil else {
      return AufdbError(.refused, message, hint: names.isEmpty ? "there are none" : "there are: \(Self.list(names))")
    }
    return AufdbError(
      .refused, message, hint: "branches and tags here: \(Self.list(names)); `aufdb log STORE` lists the commits")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }
}
