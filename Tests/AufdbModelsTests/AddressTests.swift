// Addresses of servers and proxies, and what servers say in headers and complaints.

import Aufdb
import Testing

@testable import AufdbModels

@Suite struct AddressTests {
  @Test(arguments: [
    "", "localhost:8000", "ftp://model.example/v1", "http://", "http:///v1", "model", "http://a b/v1", "unix:/x",
    "http+unix://%2Ftmp%2Fx/v1",
  ])
  func whatIsNoURLIsRefused(_ text: String) throws {
    let error = try #require(throws: AufdbError.self) { try ServerAddress(text) }
    #expect(error.kind == .usage)
    #expect(error.message == "\(text.quoted) isn't the URL of a server")
  }

  @Test(arguments: [
    "http://ada:secret@model.example/v1", "http://secret@model.example/v1", "https://:secret@model.example/v1",
  ])
  func whatCouldHoldASecretIsRefusedUnseen(_ text: String) throws {
    let error = try #require(throws: AufdbError.self) { try ServerAddress(text) }
    #expect(error.kind == .usage)
    #expect(!"\(error) \(error.hint ?? "")".contains("secret"))
  }

  private func proxy(_ url: String, _ environment: [String: String]) throws -> ModelProxy? {
    try ModelProxy.chosen(for: url) { environment[$0] }
  }

  @Test func proxiesAreThoseOfTheEnvironment() throws {
    let plain = try ModelProxy("http://one.example:1", from: "a test")
    let secure = try ModelProxy("two.example", from: "a test")
    #expect(secure.port == 3128 && secure.host == "two.example")
    let environment = ["http_proxy": "http://one.example:1", "HTTPS_PROXY": "two.example"]
    #expect(try proxy("http://model.example/v1", environment) == plain)
    #expect(try proxy("https://model.example/v1", environment) == secure)
    #expect(try proxy("http://localhost/v1", environment) == nil)
    #expect(try proxy("https://model.example/v1", [:]) == nil)
    #expect(try proxy("https://model.example/v1", ["https_proxy": ""]) == nil)
    #expect(try proxy("http://model.example/v1", ["HTTP_PROXY": "http://one.example:1"]) == nil)
    #expect(try proxy("http://model.example/v1", ["ALL_PROXY": "http://one.example:1"]) == plain)
    let socks = try #require(try proxy("http://model.example/v1", ["all_proxy": "socks5h://[::1]"]))
    #expect(socks.kind == .socks && socks.host == "::1" && socks.port == 1080)
  }

  @Test(arguments: [
    ("*", true), ("model.example", true), (".model.example", true), ("example", true), ("a, MODEL.EXAMPLE:8000", true),
    ("del.example", false), ("", false), ("other.example,b.model.example", false), (".", false),
  ])
  func someHostsAreAskedDirectly(_ exceptions: String, _ isDirect: Bool) throws {
    let environment = ["https_proxy": "http://one.example:1", "no_proxy": exceptions]
    #expect(try (proxy("https://model.example/v1", environment) == nil) == isDirect)
  }

  @Test(arguments: ["https://ada:secret@proxy.example", "ftp://secret", "http://", "socks5://ada:secret@proxy.example"])
  func whatIsNoProxyIsRefusedUnseen(_ text: String) throws {
    let error = try #require(throws: AufdbError.self) { try ModelProxy(text, from: "https_proxy") }
    #expect(error.kind == .usage && error.message.contains("https_proxy"))
    #expect(!"\(error) \(error.hint ?? "")".contains("secret"))
  }

  @Test func retryAfterIsSecondsOrADate() {
    func seconds(_ value: String?, milliseconds: String? = nil, date: String? = nil) -> Double? {
      RetryAfter.seconds(milliseconds: milliseconds, value: value, serverDate: date, now: 784_111_777)
    }
    #expect(seconds("120") == 120)
    #expect(seconds("1.5") == 1.5)
    #expect(seconds("9", milliseconds: "250") == 0.25)
    #expect(seconds("9", milliseconds: "soon") == 9)
    #expect(seconds("Sun, 06 Nov 1994 08:49:47 GMT") == 10)
    #expect(seconds("Sun, 06 Nov 1994 08:49:07 GMT") == 0)
    #expect(seconds("Sun, 06 Nov 1994 08:49:47 GMT", date: "Sun, 06 Nov 1994 08:49:40 GMT") == 7)
    for text in [nil, "", "soon", "-1", "nan", "inf", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:47 GMT"] {
      #expect(seconds(text) == nil)
    }
    #expect(RetryAfter.unixSeconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    #expect(RetryAfter.unixSeconds("Thu, 29 Feb 2024 23:59:59 GMT") == 1_709_251_199)
    #expect(RetryAfter.unixSeconds("Sat, 01 Mar 2025 00:00:00 GMT") == 1_740_787_200)
  }

  @Test func badOptionsAreRefused() throws {
    var access = ModelAccess(baseURL: "http://localhost/v1")
    var options = AskOptions()
    options.maximumCost = 5
    let unpriced = try #require(throws: AufdbError.self) { try ModelAsker(access, key: nil, options) }
    #expect(unpriced.kind == .usage && unpriced.message.contains("prices"))
    access.inputPrice = 1
    _ = try ModelAsker(access, key: nil, options)
    for cost in [-1, .nan] as [Double] {
      options.maximumCost = cost
      #expect(throws: AufdbError.self) { try ModelAsker(access, key: nil, options) }
    }
    options.maximumCost = nil
    for seconds in [0, -1, .nan] as [Double] {
      access.timeoutSeconds = seconds
      #expect(throws: AufdbError.self) { try ModelAsker(access, key: nil, options) }
    }
  }
}
