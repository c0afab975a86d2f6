// The rubrics that come with aufdb. Their files lie beside this one, and are embedded as they are: each can be copied
// as the beginning of one's own.

import AufdbAcquisition

extension Rubric {
  /// ultrafeedback (pointwise; instruction following, honesty, truthfulness, helpfulness) and preference (pairwise).
  public static let shipped: [Rubric] = shippedFiles.compactMap { try? Rubric(yaml: $0.yaml, file: $0.file) }

  /// The files of `shipped`, as text.
  public static let shippedFiles: [(file: String, yaml: String)] = [
    ("ultrafeedback.yaml", String(decoding: PackageResources.ultrafeedback_yaml, as: UTF8.self)),
    ("preference.yaml", String(decoding: PackageResources.preference_yaml, as: UTF8.self)),
  ]

  /// The shipped rubric of a name.
  ///
  /// - Throws: `.usage` where there is none.
  public static func named(_ name: String) throws(AufdbError) -> Rubric {
    if let rubric = shipped.first(where: { $0.name == name }) { return rubric }
    let names = shipped.map(\.name)
    throw AufdbError(
      .usage, "there is no rubric \(name.quoted)",
      hint: names.nearest(to: name).map { "did you mean \($0)?" }
        ?? "rubrics: \(names.joined(separator: ", ")), or the path of a file")
  }
}
