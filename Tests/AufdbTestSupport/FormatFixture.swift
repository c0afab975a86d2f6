// The stores and bundles of earlier formats (Tests/Fixtures), and what the programs that made them said is in them.

import Foundation

/// The fixture of one storage format.
public struct FormatFixture: Decodable, Sendable {
  public struct Table: Decodable, Sendable {
    public var sql: String
    /// JSON Lines.
    public var rows: [String]
  }

  /// The storage format.
  public var format: Int
  /// The bundle format of that time; nil where there was none.
  public var bundle: Int?
  /// The newest first, by branch.
  public var branches: [String: [String]]
  /// By branch and relation.
  public var tables: [String: [String: Table]]

  public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
    path: "Fixtures")

  /// - Throws: where the format has no fixture.
  public init(format: Int) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: Self.file("content-\(format).json")))
  }

  /// The fixture's store, compressed with gzip.
  public var store: URL { Self.file("store-\(format).aufdb.gz") }

  /// The path of a bundle of a format.
  public static func bundle(_ version: Int) -> String { file("bundle-\(version).bundle").path(percentEncoded: false) }

  private static func file(_ name: String) -> URL { folder.appending(path: name) }
}
