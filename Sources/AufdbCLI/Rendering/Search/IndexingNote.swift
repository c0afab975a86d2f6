// What is said of a search index that was made.

import Aufdb

enum IndexingNote {
  /// "search index made: 240000 texts (351.7 MB) in 6.1 s; prefs.aufdb-search has 241.0 MB".
  static func of(_ report: SearchIndexReport) -> String {
    let texts = report.textCount == 1 ? "text" : "texts"
    let work = "\(report.textCount) \(texts) (\(megabytes(report.textBytes))) in \(seconds(report.seconds))"
    let size = report.sizeBytes.map { "\(VisibleText.of(report.path)) has \(megabytes($0))" } ?? ""
    switch report.action {
    case .nothing: return "the search index is up to date: \(size)\n"
    case .added: return "search index updated: \(work); \(size)\n"
    case .made: return "search index made: \(work); \(size)\n"
    case .madeForOnce(let reason):
      return "search index made for this search only: \(work) (it can't be kept: \(VisibleText.of(reason)))\n"
    }
  }

  private static func megabytes(_ bytes: Int) -> String {
    bytes < 100_000 ? "\((bytes + 999) / 1000) kB" : "\(Double((bytes + 50_000) / 100_000) / 10) MB"
  }

  private static func seconds(_ seconds: Double) -> String { "\((seconds * 100).rounded() / 100) s" }
}
