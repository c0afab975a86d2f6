// `aufdb methods`: the list, one method's page, and a name that no method has.

import AufdbAcquisition
import Testing

@testable import AufdbCLI

@Suite struct MethodsCommandTests {
  @Test func theListHasEveryMethodInOrder() throws {
    let run = TestSurroundings().run("methods")
    #expect(run.exitCode == 0 && run.error == "")
    let lines = run.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("method ") == true)
    #expect(lines.dropFirst(2).map { String($0.prefix { $0 != " " }) } == SelectionMethods.names)
    for (line, method) in zip(lines.dropFirst(2), SelectionMethods.all) {
      #expect(line.contains(method.needsText) && line.hasSuffix(method.summary))
    }
    let json = TestSurroundings().run("methods", "--format", "jsonl").output.split(separator: "\n")
    #expect(json.count == SelectionMethods.all.count)
    #expect(json.first?.hasPrefix(#"{"method":"\#(SelectionMethods.names[0])","needs":""#) == true)
    #expect(TestSurroundings().run("methods", "--format", "csv").output.hasPrefix("method,needs,summary\n"))
  }

  @Test func aPageSaysAllThatThereIs() {
    #expect(
      TestSurroundings().run("methods", "deltaucb").output == """
        method    deltaucb
        summary   the widest optimistic gap: largest upper bound minus lower bound of another response
        formula   (i, j) = argmax of u_i - l_j
        compares  u_i - l_j
        needs     lower, upper
        source    arXiv 2603.09692, as DeltaUCB

        It has no parameters.

        """)
    let lines = TestSurroundings().run("methods", "drts").output.split(separator: "\n").map(String.init)
    #expect(
      lines.contains(
        "--beta            how much uncertainty counts; 0 is greedy (a finite number of at least 0.0; default: 1.0)"))
    #expect(
      TestSurroundings().run("methods", "random", "--format", "csv").output.split(separator: "\r\n").isEmpty == false)
  }

  @Test(arguments: SelectionMethods.names) func everyPageIsComplete(name: String) throws {
    let method = try #require(SelectionMethods.all.first { $0.name == name })
    let page = TestSurroundings().run("methods", name).output
    for text in [method.summary, method.formula, method.source, method.needsText] { #expect(page.contains(text)) }
    for parameter in method.parameterDefinitions {
      #expect(page.contains("\n--\(parameter.name) "))
      #expect(page.contains(parameter.summary) && page.contains(parameter.allowed))
      #expect(page.contains(parameter.defaultText.map { "default: \($0))" } ?? "it must be given"))
    }
    #expect(page.contains("It has no parameters.") == method.parameterDefinitions.isEmpty)
    let rows = TestSurroundings().run("methods", name, "--format", "jsonl").output.split(separator: "\n")
    #expect(rows.first == #"{"item":"method","value":"\#(name)"}"#)
    #expect(rows.count >= 5 + method.parameterDefinitions.count)
  }

  @Test func anUnknownMethodIsWrongUsage() {
    let run = TestSurroundings().run("methods", "detaucb")
    #expect(run.exitCode == 64 && run.output == "")
    #expect(run.error.hasPrefix("error: there is no selection method 'detaucb'\nhint: known methods: deltaucb, "))
  }
}
