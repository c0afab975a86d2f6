// What a server refuses: one row, or the whole run; and what can't be reached at all.

import Aufdb
import AufdbTestSupport
import Testing

@testable import AufdbModels

@Suite struct RefusalTests {
  @Test(arguments: [
    ("status.401.wrong key", "status 401: wrong key"), ("status.402", "status 402"), ("status.403", "status 403"),
    ("status.404.no model of that name", "status 404: no model of that name"), ("status.405", "status 405"),
    ("status.501.embeddings are switched off", "status 501: embeddings are switched off"),
    ("code.429.insufficient_quota", "status 429: something about it"), ("code.400.model_not_found", "status 400"),
    ("page.200", "a web page: Welcome"), ("page.404", "status 404: Welcome"),
    ("redirect", "redirects to /"), ("pause.429.86400", "asks for a pause of 86400 s"),
  ])
  func aRunThatMakesNoSenseEnds(_ fault: String, _ words: String) throws {
    let trial = try Trial(fault.replacing(" ", with: "%20"))
    let report = try trial.ask(count: 5)
    let error = try #require(report.end.error)
    #expect(error.message.contains(words), "\(error.message)")
    #expect(error.message.hasPrefix("http://127.0.0.1:"))
    #expect(trial.kept.isEmpty)
    #expect(try trial.book.requests == 1)
  }

  @Test func whatWasAnsweredBeforeIsKept() throws {
    let trial = try Trial("right,right,status.401")
    let report = try trial.ask(count: 5)
    #expect(report.end.error?.kind == .refused)
    #expect(trial.kept.map(\.0) == [Trial.id(0), Trial.id(1)])
    #expect(try trial.book.requests == 3)
  }

  @Test(arguments: [
    "code.400.context_length_exceeded", "status.400.This model's maximum context length is 5 tokens",
    "status.500.input is too large to process", "status.413.the prompt is too long",
    "code.422.exceed_context_size_error",
  ])
  func aContextThatIsTooLongIsMarkedAndTheRunGoesOn(_ fault: String) throws {
    let trial = try Trial("\(fault.replacing(" ", with: "%20")),right")
    let report = try trial.ask(count: 3)
    #expect(report.end == .done)
    #expect(report.failedCounts == [.contextTooLong: 1])
    #expect(report.answeredCount == 2)
    #expect(try trial.failure(0).message.hasPrefix("the context is too long (status"))
    #expect(trial.kept.first?.0 == Trial.id(0), "it is kept at once")
    #expect(try trial.book.requests == 3)
  }

  @Test(arguments: ["status.400.bad words", "status.422", "status.413"])
  func oneRefusedRowIsAFailureAndTheRunGoesOn(_ fault: String) throws {
    let trial = try Trial("\(fault.replacing(" ", with: "%20")),right")
    let report = try trial.ask(count: 3)
    #expect(report.end == .done)
    #expect(report.failedCounts == [.refused: 1])
    #expect(report.answeredCount == 2)
    _ = try trial.failure(0)
    #expect(try trial.book.requests == 3)
  }

  @Test func aServerThatRefusesAllEndsTheRunAndMarksNothing() throws {
    let trial = try Trial("status.400.unknown%20parameter")
    let report = try trial.ask(count: 100)
    #expect(report.end.error?.message.contains("refuses all requests") ?? false)
    #expect(report.end.error?.message.contains("unknown parameter") ?? false)
    #expect(trial.kept.isEmpty)
    #expect(try trial.book.requests == AskTally.patience)
  }

  @Test func aFewRefusalsAreKeptWhereThereIsNothingElse() throws {
    let trial = try Trial("status.400")
    let report = try trial.ask(count: 3)
    #expect(report.end == .done)
    #expect(trial.kept.map(\.0) == (0..<3).map(Trial.id))
  }

  @Test func nobodyThereIsSaidAtOnce() throws {
    let trial = try Trial("right", concurrency: 4)
    // Nobody listens there.
    trial.access.baseURL = "http://127.0.0.1:1/v1"
    let report = try trial.ask(count: 100)
    let error = try #require(report.end.error)
    #expect(error.kind == .inputOutput)
    #expect(error.message == "no connection to http://127.0.0.1:1/v1/chat/completions: connection refused")
    #expect(error.hint != nil)
    #expect(report.requestCount <= 4 && report.retryCount == 0)
  }

  @Test func aHostThatDoesNotExistIsSaidAtOnce() throws {
    let trial = try Trial("right")
    trial.access.baseURL = "http://no-such..host/v1"
    let report = try trial.ask(count: 3)
    let error = try #require(report.end.error)
    #expect(error.message.contains("there is no host 'no-such..host'"), "\(error.message)")
    #expect(report.requestCount == 1)
  }

  @Test func aCertificateThatIsNotTrustedIsRefused() throws {
    let trial = try Trial("right")
    trial.access.baseURL = "https://localhost:\(trial.server.securePort)/\(trial.name)/right/v1"
    let report = try trial.ask(count: 3)
    #expect(report.end.error?.message.contains("its certificate isn't trusted") ?? false, "\(report.end)")
    #expect(try trial.book.requests == 0)
  }

  @Test func aCertificateOfAnotherNameIsRefused() throws {
    let trial = try Trial("right")
    trial.access.baseURL = "https://127.0.0.1:\(trial.server.securePort)/\(trial.name)/right/v1"
    trial.options.certificateFile = FaultServer.certificateFile
    let report = try trial.ask(count: 3)
    #expect(report.end.error?.message.contains("no safe connection") ?? false, "\(report.end)")
    #expect(try trial.book.requests == 0)
  }

  @Test func aCertificateThatIsTrustedIsGoodEnough() throws {
    let trial = try Trial("right")
    trial.access.baseURL = "https://localhost:\(trial.server.securePort)/\(trial.name)/right/v1"
    trial.options.certificateFile = FaultServer.certificateFile
    trial.key = try ModelKey("sk-very-secret-1234", from: "a test")
    let report = try trial.ask(count: 3)
    #expect(report.end == .done && report.answeredCount == 3)
    #expect(try trial.book.headers["authorization"] == "Bearer sk-very-secret-1234")
  }

  @Test func whoeverSpeaksNoTLSIsSaid() throws {
    let trial = try Trial("right")
    trial.access.baseURL = trial.access.baseURL.replacing("http:", with: "https:")
    let report = try trial.ask(count: 1)
    #expect(report.end.error?.message.contains("no safe connection") ?? false, "\(report.end)")
  }

  @Test func aFileOfCertificatesThatIsntThereIsSaid() throws {
    let trial = try Trial("right")
    trial.options.certificateFile = "/nowhere/at all.pem"
    #expect(throws: AufdbError.self) { try trial.ask(count: 1) }
  }
}
