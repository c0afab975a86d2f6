// What servers complain of, in their own forms, and what is made of it.

import Aufdb
import Testing

@testable import AufdbModels

@Suite struct ComplaintTests {
  private func complaint(_ body: String, key: ModelKey? = nil) -> ServerComplaint {
    ServerComplaint(body: Array(body.utf8), key: key)
  }

  @Test(arguments: [
    (#"{"error": {"message": "No such\nmodel", "type": "x", "code": null}}"#, "No such model"),
    (#"{"error": "model 'x' not found"}"#, "model 'x' not found"), (#"{"detail": "Not Found"}"#, "Not Found"),
    ("<!doctype html>\n<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"),
    ("  plain \n words ", "plain words"), ("", ""),
  ])
  func aComplaintIsOneLine(_ body: String, _ text: String) {
    #expect(complaint(body).text == text)
  }

  @Test func aComplaintIsBounded() {
    let text = complaint(String(repeating: "long ", count: 10_000)).text
    #expect(text.unicodeScalars.count == ServerComplaint.lengthLimit + 3)
  }

  /// However it is written, and wherever a bound falls.
  @Test func noComplaintHasTheKey() throws {
    let secret = #"sk-a/b"c\d0123456789"#
    let key = try ModelKey(secret, from: "a test")
    let escaped = #"sk-a\/b\"c\\d0123456789"#
    #expect(complaint(secret, key: key).text == "[key]")
    #expect(complaint(#"{"error": "no key \#(escaped)!"}"#, key: key).text == "no key [key]!")
    for length in 380...410 {
      let text = complaint(String(repeating: "x", count: length) + secret, key: key).text
      #expect(!text.contains("sk-a"), "\(length)")
    }
    #expect(complaint(String(repeating: "\(secret) ", count: 400), key: key).text.hasPrefix("[key] [key] "))
  }

  @Test func aShortKeyIsNoSecret() throws {
    let key = try ModelKey("none", from: "a test")
    #expect(complaint("there is none", key: key).text == "there is none")
  }

  @Test func wordsAboutTheContextCountByStatus() {
    let long = complaint(#"{"error": {"message": "longer than the maximum model length of 9"}}"#)
    #expect([400, 413, 422].allSatisfy(long.isAboutContext))
    #expect([500, 429, 401].allSatisfy { !long.isAboutContext(status: $0) })
    let batch = complaint(#"{"error": {"message": "input (600 tokens) is too large to process"}}"#)
    #expect([400, 500].allSatisfy(batch.isAboutContext))
    #expect(!complaint("no").isAboutContext(status: 400))
  }
}
