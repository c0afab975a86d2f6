// What `aufdb schema` explains, found by its name.

import AufdbAcquisition

/// The page of a table or of a function.
public enum SchemaPage: Sendable {
  case relation(RelationPage)
  case function(FunctionPage)

  /// What has a name, in any case.
  ///
  /// - Throws: `.refused` for a name that nothing has.
  public static func named(_ name: String) throws(AufdbError) -> SchemaPage {
    if let page = find(name) { return page }
    let tables = RelationPage.all.map(\.name)
    throw AufdbError(
      .refused, "there is no table or function \(name.quoted)",
      hint: nearest(to: name).map { "did you mean \($0)?" } ?? "the tables are \(tables.joined(separator: ", "))")
  }

  /// What has a name, in any case; nil if nothing has.
  public static func find(_ name: String) -> SchemaPage? {
    if let page = RelationPage.named(name) { return .relation(page) }
    return FunctionPage.all.first { $0.name == name.lowercased() }.map { .function($0) }
  }

  /// The name that was probably meant, if any.
  public static func nearest(to name: String) -> String? {
    ((RelationPage.all + RelationPage.versions).map(\.name) + FunctionPage.all.map(\.name)).nearest(to: name)
  }
}
