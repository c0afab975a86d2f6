// The page: well-formed, self-contained, and complete.

import Foundation
import Testing

@testable import Aufdb

@Suite("Evaluation pages") struct EvaluationPageTests {
  private static let report = Result {
    var options = MadePool.options
    options.methods = ["random", "drts", "ultrafeedback"]
    let store = try MadePool.store(MadePool.groups(seed: 1, promptCount: 20), judge: "a <b> & \"c\"")
    return try Store(store.path, for: .reading).evaluate(options)
  }

  @Test("every element is closed, in order, and text is escaped") func wellFormed() throws {
    let page = try Self.report.get().page
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    var open: [Substring] = []
    var rest = page.dropFirst("<!DOCTYPE html>".count)
    while let start = rest.firstIndex(of: "<") {
      #expect(!rest[..<start].contains(">") || open.last == "style")
      let end = try #require(rest[start...].firstIndex(of: ">"))
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      let name = tag.prefix { $0 != " " && $0 != "/" }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
      #expect(tag.count { $0 == "\"" }.isMultiple(of: 2))
    }
    #expect(open.isEmpty)
    #expect(page.contains("a &lt;b&gt; &amp; &quot;c&quot;") && !page.contains("<b>"))
    #expect(!page.contains("nan") && !page.contains("Optional("))
  }

  @Test("nothing is fetched from anywhere, and no script runs") func selfContained() throws {
    let page = try Self.report.get().page.lowercased()
    for piece in ["http", "src=", "href", "url(", "@import", "<script", "<link", "<img", "<iframe", "onload"] {
      #expect(!page.contains(piece), "\(piece)")
    }
  }

  @Test("it shows every policy, chart, finding and setting") func complete() throws {
    let report = try Self.report.get()
    let page = report.page
    for policy in report.policies { #expect(page.contains("<dt>\(policy.name)</dt>")) }
    for setting in report.settings { #expect(page.contains("<dt>\(setting.name)</dt>")) }
    #expect(page.components(separatedBy: "<li>").count - 1 == report.findings.count + report.notes.count)
    // Three headlines; five measures of four policies each; two at equal cost; one learner.
    #expect(page.components(separatedBy: "<svg ").count - 1 == 3 + 5 * 4 + 2 + 1)
    #expect(
      page.components(separatedBy: "role=\"img\" aria-label=").count == page.components(separatedBy: "<svg ").count)
  }

  @Test("axes: round marks around the values") func axes() {
    let axis = ChartAxis(around: [0.703, 0.789], from: 100, to: 0)
    #expect(axis.ticks.map { $0.fixed(2) } == ["0.70", "0.72", "0.74", "0.76", "0.78", "0.80"])
    #expect(axis.places == 2 && axis[0.7] == 100 && axis[0.8] == 0 && axis[2] == 0)
    let one = ChartAxis(around: [0.5], from: 0, to: 10)
    #expect(one.low <= 0.5 && one.high > one.low)
    let logarithmic = ChartAxis(logarithmicOver: [100, 400, 200, 100], from: 0, to: 10)
    #expect(logarithmic.ticks == [100, 200, 400] && abs(logarithmic[200] - 5) < 1e-12)
  }

  @Test("a piece of markup escapes text, and nothing twice") func markup() {
    let name = "<a & \"b\">\u{1}"
    let inner: Markup = "<i>\(name)</i>"
    #expect(inner.source == "<i>&lt;a &amp; &quot;b&quot;&gt;\u{FFFD}</i>")
    #expect(("<p>\(inner) \(3) \(1.25)</p>" as Markup).source == "<p>\(inner.source) 3 1.3</p>")
  }
}
