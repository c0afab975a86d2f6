// Principles by what a command line or a configuration calls them.

import FoundationEssentials

extension Principles {
  /// The name of those that aufdb has.
  public static let shippedName = "ultrafeedback"

  /// Those of a name or, where nothing is shipped under it, of a file.
  ///
  /// - Throws: `.cannotOpenInput` where there is no such file; `.badData` for one that is wrong.
  public init(named name: String) throws(AufdbError) {
    if name == Self.shippedName {
      self = try Self.shipped()
      return
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw AufdbError(
        .cannotOpenInput, "the file of principles can't be read: \(name)",
        hint: "aufdb's own principles are called \(Self.shippedName)")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw AufdbError(.badData, "a file of principles is UTF-8", at: .init(file: name))
    }
    try self.init(yaml: text, file: name)
  }
}
