// What is close enough to be what was meant.

import Testing

@testable import AufdbAcquisition

@Suite struct NearestNamesTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("drst", "drts", 1), ("Main", "mAIN", 0),
    ("mian", "main", 1), ("ab", "ba", 1), ("abc", "cba", 2), ("ca", "abc", 3), ("labels", "lables", 1),
    ("café", "cafe", 1), ("aaaa", "bbbb", 4),
  ])
  func distances(one: String, other: String, distance: Int) {
    #expect(one.editDistance(to: other) == distance)
    #expect(other.editDistance(to: one) == distance)
  }

  @Test(
    arguments: [
      ("drst", "drts"), ("DRTS", "drts"), ("drt", "drts"), ("drtss", "drts"), ("maxnim", "maxmin"), ("v2", nil),
      ("V1", "v1"), ("xyz", nil), ("", nil), ("mxmn", nil), ("deltauc", nil),
    ] as [(String, String?)])
  func meant(name: String, nearest: String?) {
    #expect(["v1", "drts", "maxmin", "main"].nearest(to: name) == nearest)
  }

  @Test func theFirstOfEquallyNearNames() {
    #expect(["run-1", "run-2"].nearest(to: "run-3") == "run-1")
    #expect(["run-1", "run-3"].nearest(to: "run-3") == "run-3")
    #expect([].nearest(to: "run") == nil)
  }

  @Test func longNamesAreNotCompared() {
    let long = String(repeating: "x", count: 201)
    #expect([long].nearest(to: long) == nil)
    #expect([String(long.dropLast())].nearest(to: String(long.dropLast(2))) != nil)
  }
}
