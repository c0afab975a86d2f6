// Whose embeddings are meant: the encoder that was named, or the only one there is.

enum EncoderChoice {
  /// - Throws: `.refused` where the encoder has no embeddings, or none is named and there isn't just one.
  static func resolve(_ wanted: String?, prefix: String = "", in connection: Connection) throws -> String {
    let names = try connection.all(
      "SELECT DISTINCT encoder FROM \(prefix)embeddings WHERE model IS NOT NULL ORDER BY encoder"
    ) { $0.string(0) }
    if let wanted {
      guard names.contains(wanted) else {
        throw AufdbError(
          .refused, "there are no embeddings of an encoder '\(wanted)'",
          hint: names.isEmpty ? hint : "encoders here: \(names.prefix(20).joined(separator: ", "))")
      }
      return wanted
    }
    guard let only = names.first else { throw AufdbError(.refused, "there are no embeddings", hint: hint) }
    guard names.count == 1 else {
      throw AufdbError(
        .refused, "there are embeddings of \(names.count) encoders: \(names.joined(separator: ", "))",
        hint: "choose one with --encoder NAME")
    }
    return only
  }

  private static let hint = "`aufdb import STORE VECTORS.npy --index FILE --encoder NAME` brings them in"
}
