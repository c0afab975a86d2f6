// What a user says about a field: read, or refused with the place.

import Testing

@testable import Aufdb

@Suite("Field maps") struct FieldMapTests {
  private static func key(_ name: String) -> FieldPath.Step { .key(Array(name.utf8)) }

  @Test("paths are read")
  func paths() throws {
    let cases: [(String, [FieldPath.Step])] = [
      ("a", [Self.key("a")]), ("a.b", [Self.key("a"), Self.key("b")]),
      ("a[0].b[12]", [Self.key("a"), .index(0), Self.key("b"), .index(12)]),
      ("a[1][2]", [Self.key("a"), .index(1), .index(2)]),
      (#""a.b".c"#, [Self.key("a.b"), Self.key("c")]), (#"a."b [c]""#, [Self.key("a"), Self.key("b [c]")]),
      (#""q\"\\""#, [Self.key(#"q"\"#)]), (#""""#, [Self.key("")]),
      ("größe=1.ß", [Self.key("größe=1"), Self.key("ß")]),
    ]
    for (text, steps) in cases {
      let map = try FieldMap("model=" + text)
      #expect(map.path.steps == steps && map.pathText == text && map.field == "model" && map.list == nil)
    }
    let element = try FieldMap("completions[].response_text=output")
    #expect(element.list == "completions" && element.name == "response_text")
    #expect(KnownFields.all.allSatisfy { (try? FieldMap("\($0)=x"))?.field == $0 }, "every known field can be mapped")
  }

  static let refused: [(text: String, error: String)] = [
    ("", "'' is not FIELD=PATH"), ("model", "'model' is not FIELD=PATH"),
    ("=a", "'=a', character 1: a field is missing before '='"),
    ("model=", "'model=', character 7: a path is missing after '='"),
    ("model=a..b", "'model=a..b', character 9: a key is missing"),
    ("model=.a", "'model=.a', character 7: a key is missing"),
    ("model=a.", "'model=a.', character 9: a key is missing"),
    ("model=[0]", "'model=[0]', character 7: a key is missing"),
    ("model=a[0", "'model=a[0', character 8: the bracket isn't closed"),
    ("model=a]", "'model=a]', character 8: a closing bracket without an opening one"),
    ("model=a[]", "'model=a[]', character 9: an index is a number, counted from 0"),
    ("model=a[x]", "'model=a[x]', character 9: an index is a number, counted from 0"),
    ("model=a[-1]", "'model=a[-1]', character 9: an index is a number, counted from 0"),
    ("model=a[\u{663}]", "'model=a[\u{663}]', character 9: an index is a number, counted from 0"),
    (
      "model=a[99999999999999999999]",
      "'model=a[99999999999999999999]', character 9: an index is a number, counted from 0"
    ),
    ("model=a[0]b", "'model=a[0]b', character 11: a point or a bracket is missing"),
    ("model=\"a", "'model=\"a', character 7: the quotes aren't closed"),
    ("model=a\"b\"", "'model=a\"b\"', character 8: a point or a bracket is missing"),
    (#"model="a\n""#, #"'model="a\n"', character 10: after a backslash stands a quote or another backslash"#),
    ("model=a b", "'model=a b', character 8: a key with blanks stands in double quotes"),
    ("model=a\nb", "'model=a\nb', character 8: a control character"),
    ("mo\u{7f}del=a", "'mo\u{7f}del=a', character 3: a control character"),
    ("modle=a", "'modle' is no field that records are read by"),
    ("completions[].source=a", "'completions[].source' is no field that records are read by"),
    ("model[0]=a", "'model[0]' is no field that records are read by"),
  ]

  @Test("anything else is refused, with the place", arguments: refused)
  func refusals(_ text: String, _ error: String) {
    #expect { try FieldMap(text) } throws: { thrown in
      let thrown = thrown as? AufdbError
      #expect(thrown?.message == error)
      return thrown?.kind == .usage && thrown?.hint != nil
    }
  }

  @Test("the nearest known field is proposed")
  func nearest() {
    for (text, field) in [("modle=a", "model"), ("completions[].respnse_text=a", "completions[].response_text")] {
      #expect { try FieldMap(text) } throws: { ($0 as? AufdbError)?.hint == "did you mean \(field)?" }
    }
  }

  @Test("no field is mapped twice")
  func twice() throws {
    let maps = try ["model=a", "source=a", "completions[].model=a", "model=b.c"].map(FieldMap.init)
    try FieldMap.check(Array(maps.prefix(3)))
    #expect { try FieldMap.check(maps) } throws: {
      ($0 as? AufdbError)?.message == "model is mapped twice: to a, and to b.c"
    }
  }
}
