// What is told of a run that asks a server.

import Aufdb
import AufdbModels

enum AskingText {
  /// "1200 answers, 35 a second, 1.2 M tokens, cost 0.43, 2 failed, 16 under way"
  static func progress(_ progress: AskProgress) -> String {
    let report = progress.report
    let rate = Double(report.answeredCount) / max(0.001, progress.elapsedSeconds)
    var parts = [count(report.answeredCount, "answer"), "\(figures(rate)) a second"]
    parts += costs(report)
    if report.failedCount > 0 { parts.append("\(report.failedCount) failed") }
    if report.retryCount > 0 { parts.append("\(report.retryCount) repeated") }
    parts.append(progress.isEnding ? "waiting for \(progress.underWayCount)" : "\(progress.underWayCount) under way")
    return parts.joined(separator: ", ")
  }

  /// What came of it, one line each.
  static func lines(_ report: AskReport, _ name: String, keptBeforeCount: Int) -> [String] {
    var lines: [String] = []
    if keptBeforeCount > 0 {
      let answers = count(keptBeforeCount, "answer")
      lines.append("\(VisibleText.of(name)): \(answers) \(keptBeforeCount == 1 ? "was" : "were") kept before\n")
    }
    if report.requestCount > 0 {
      var parts = ["\(count(report.answeredCount, "answer")) to \(count(report.requestCount, "request"))"]
      if report.retryCount > 0 { parts.append("\(report.retryCount) of them repeated") }
      parts += costs(report)
      lines.append("\(VisibleText.of(name)): \(parts.joined(separator: ", "))\n")
    }
    for failure in AskFailure.allCases {
      lines.append(CommitLine.note(report.failedCounts[failure, default: 0], text(failure)))
    }
    if let end = text(report.end) { lines.append("  \(end)\n") }
    return lines.filter { !$0.isEmpty }
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func costs(_ report: AskReport) -> [String] {
    let tokens = report.promptTokens + report.completionTokens
    return (tokens > 0 ? ["\(amount(tokens)) tokens"] : []) + (report.cost.map { ["cost \(figures($0))"] } ?? [])
  }

  private static func text(_ failure: AskFailure) -> String {
    switch failure {
    case .refused: "were refused by the server, and are marked"
    case .contextTooLong: "are too long for the model, and are marked"
    case .unreadable: "got an answer that makes no sense, and are marked"
    case .tooLarge: "got an answer that is too large, and are marked"
    case .gaveUp: "got no answer; run it again to ask them again"
    }
  }

  private static func text(_ end: AskEnd) -> String? {
    switch end {
    case .done, .refused: nil
    case .interrupted: "interrupted; run it again to go on"
    case .cost: "stopped by --max-cost; run it again to go on"
    case .requests: "stopped by --max-requests; run it again to go on"
    case .time: "stopped by --max-time; run it again to go on"
    }
  }

  /// "950", "12.3 k", "1.2 M"
  static func amount(_ count: Int) -> String {
    if count < 10_000 { return "\(count)" }
    return count < 1_000_000 ? "\(figures(Double(count) / 1e3)) k" : "\(figures(Double(count) / 1e6)) M"
  }

  /// Three figures: "0.0123", "12.3", "1234".
  static func figures(_ value: Double) -> String {
    value >= 1000 ? "\(Int(value.rounded()))" : value.rounded(digits: 3).description.replacing(/\.0$/, with: "")
  }
}
