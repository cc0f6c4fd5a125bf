import Testing
import Upstream

/// Every answer that decides what an edit costs, sent by a real server (docs/ledger.md).
@Suite struct AnswerTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: String
    var outcome: EditOutcome

    var testDescription: String { name }
  }

  static let flat = #"{"errorCode":"BAD","message":"No.","details":"[{\"field\":\"n\"}]"}"#
  static let nested = #"{"success":false,"error":{"code":"BAD","message":"No."}}"#
  static let html = "<html><body>error</body></html>"

  static func refused(_ status: Int, details: String? = nil) -> EditOutcome {
    .notDone(Refusal(cause: .refused, httpStatus: status, errorCode: "BAD", message: "No.", details: details))
  }
  static func account(_ status: Int) -> EditOutcome {
    .notDone(Refusal(cause: .account, httpStatus: status, errorCode: "BAD"))
  }
  static func unknown(_ cause: Uncertainty.Cause, _ status: Int? = nil) -> EditOutcome {
    .unknown(Uncertainty(cause: cause, httpStatus: status))
  }
  static func limited(_ seconds: Int?) -> EditOutcome {
    .notDone(
      Refusal(
        cause: .rateLimited, httpStatus: 429, errorCode: "BAD", message: "No.", retryAfterSeconds: seconds,
        details: #"[{"field":"n"}]"#))
  }

  static let done = EditOutcome.done(
    EditResult(
      uuid: "rec-1", resultKeys: ["images/a.png"], temporaryURL: "https://storage.example/a.png?X-Amz-Signature=s",
      createdAt: "2025-01-15T16:00:00.000Z"))

  static let successes: [Row] = [
    Row(name: "200 results", answer: http("200 OK", record()), outcome: done),
    Row(
      name: "200 after 103", answer: "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + http("200 OK", record()),
      outcome: done),
    Row(
      name: "200 until close", answer: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + record(), outcome: done),
    Row(
      name: "200 PROCESSING", answer: http("200 OK", record(status: "PROCESSING", results: "[]")),
      outcome: .accepted(uuid: "rec-1")),
    Row(
      name: "200 FAILURE", answer: http("200 OK", record(status: "FAILURE", results: "[]")),
      outcome: .notDone(Refusal(cause: .refused, httpStatus: 200))),
    Row(
      name: "200 FAILURE with a reason",
      answer: http("200 OK", #"{"aiRecord":{"uuid":"r","status":"FAILURE"},"errorCode":"BAD","message":"No."}"#),
      outcome: refused(200)),
  ]

  static let undecided: [Row] = [
    Row(
      name: "200 FAILURE with results", answer: http("200 OK", record(status: "FAILURE")),
      outcome: unknown(.unparseable, 200)),
    Row(
      name: "200 SUCCESS without results", answer: http("200 OK", record(results: "[]")),
      outcome: unknown(.unparseable, 200)),
    Row(
      name: "200 an empty key", answer: http("200 OK", record(results: #"[""]"#)),
      outcome: unknown(.unparseable, 200)),
    Row(
      name: "200 keys that are numbers", answer: http("200 OK", record(results: "[1]")),
      outcome: unknown(.unparseable, 200)),
    Row(
      name: "200 another status", answer: http("200 OK", record(status: "success")),
      outcome: unknown(.unparseable, 200)),
    Row(
      name: "200 PROCESSING under an id that is a path",
      answer: http("200 OK", #"{"aiRecord":{"uuid":"../x","status":"PROCESSING"}}"#),
      outcome: unknown(.unparseable, 200)),
    Row(name: "200 null record", answer: http("200 OK", #"{"aiRecord":null}"#), outcome: unknown(.unparseable, 200)),
    Row(name: "200 another shape", answer: http("200 OK", #"{"ok":true}"#), outcome: unknown(.unparseable, 200)),
    Row(name: "200 a list", answer: http("200 OK", "[]"), outcome: unknown(.unparseable, 200)),
    Row(name: "200 garbage", answer: http("200 OK", "\0\u{1}garbage"), outcome: unknown(.unparseable, 200)),
    Row(name: "200 HTML", answer: http("200 OK", html), outcome: unknown(.unparseable, 200)),
    Row(name: "200 empty", answer: http("200 OK", ""), outcome: unknown(.unparseable, 200)),
    Row(
      name: "200 cut until close",
      answer: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(record().dropLast(30)),
      outcome: unknown(.unparseable, 200)),
    Row(name: "201", answer: http("201 Created", record()), outcome: unknown(.unexpectedStatus, 201)),
    Row(name: "202", answer: http("202 Accepted", record()), outcome: unknown(.unexpectedStatus, 202)),
    Row(name: "204", answer: "HTTP/1.1 204 No Content\r\n\r\n", outcome: unknown(.unexpectedStatus, 204)),
    Row(name: "206", answer: http("206 Partial Content", record()), outcome: unknown(.unexpectedStatus, 206)),
    Row(
      name: "301", answer: http("301 Moved", headers: ["Location: /api/features"], ""),
      outcome: unknown(.unexpectedStatus, 301)),
    Row(
      name: "302", answer: http("302 Found", headers: ["Location: /x"], ""), outcome: unknown(.unexpectedStatus, 302)),
    Row(
      name: "307", answer: http("307 Temporary", headers: ["Location: /x"], ""),
      outcome: unknown(.unexpectedStatus, 307)),
    Row(
      name: "308", answer: http("308 Permanent", headers: ["Location: /x"], ""),
      outcome: unknown(.unexpectedStatus, 308)),
    Row(name: "304", answer: "HTTP/1.1 304 Not Modified\r\n\r\n", outcome: unknown(.unexpectedStatus, 304)),
    Row(name: "402", answer: http("402 Payment Required", flat), outcome: unknown(.unexpectedStatus, 402)),
    Row(name: "409", answer: http("409 Conflict", flat), outcome: unknown(.unexpectedStatus, 409)),
    Row(name: "418", answer: http("418 Teapot", flat), outcome: unknown(.unexpectedStatus, 418)),
    Row(name: "600", answer: http("600 Odd", flat), outcome: unknown(.unexpectedStatus, 600)),
    Row(name: "408", answer: http("408 Request Timeout", flat), outcome: unknown(.timedOut, 408)),
    Row(name: "504", answer: http("504 Gateway Timeout", flat), outcome: unknown(.timedOut, 504)),
    Row(name: "522", answer: http("522 Origin Timeout", html), outcome: unknown(.timedOut, 522)),
    Row(name: "524", answer: http("524 A Timeout Occurred", html), outcome: unknown(.timedOut, 524)),
    Row(name: "500", answer: http("500 Error", flat), outcome: unknown(.serverError, 500)),
    Row(name: "502", answer: http("502 Bad Gateway", html), outcome: unknown(.serverError, 502)),
    Row(
      name: "503", answer: http("503 Unavailable", headers: ["Retry-After: 1"], flat),
      outcome: unknown(.serverError, 503)),
    Row(name: "no HTTP", answer: "SSH-2.0-OpenSSH_9\r\n\r\n", outcome: unknown(.unparseable)),
    Row(
      name: "two lengths", answer: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      outcome: unknown(.unparseable)),
  ]

  static let refusals: [Row] =
    [400, 404, 413, 415, 422].flatMap { status in
      [
        Row(
          name: "\(status) flat", answer: http("\(status) X", flat),
          outcome: refused(status, details: #"[{"field":"n"}]"#)),
        Row(name: "\(status) documented", answer: http("\(status) X", nested), outcome: refused(status)),
        Row(name: "\(status) HTML", answer: http("\(status) X", html), outcome: unknown(.unparseable, status)),
        Row(name: "\(status) empty", answer: http("\(status) X", ""), outcome: unknown(.unparseable, status)),
        Row(
          name: "\(status) no error", answer: http("\(status) X", #"{"a":1}"#), outcome: unknown(.unparseable, status)),
        Row(
          name: "\(status) with a record", answer: http("\(status) X", #"{"aiRecord":{},"message":"No."}"#),
          outcome: unknown(.unparseable, status)),
      ]
    }
    + [401, 403, 406].flatMap { status in
      [
        Row(name: "\(status)", answer: http("\(status) X", flat), outcome: account(status)),
        Row(
          name: "\(status) HTML", answer: http("\(status) X", html),
          outcome: .notDone(Refusal(cause: .account, httpStatus: status))),
      ]
    }

  static let limits: [Row] = [
    Row(name: "429", answer: http("429 X", flat), outcome: limited(nil)),
    Row(name: "429 seconds", answer: http("429 X", headers: ["Retry-After: 17"], flat), outcome: limited(17)),
    Row(
      name: "429 far", answer: http("429 X", headers: ["Retry-After: 99999999999999999999"], flat),
      outcome: limited(86_400)),
    Row(
      name: "429 date",
      answer: http(
        "429 X", headers: ["Date: Sat, 28 Feb 2026 23:59:50 GMT", "Retry-After: Sun, 01 Mar 2026 00:00:20 GMT"], flat),
      outcome: limited(30)),
    Row(
      name: "429 date gone by",
      answer: http(
        "429 X", headers: ["Date: Sun, 01 Mar 2026 00:00:20 GMT", "Retry-After: Sat, 28 Feb 2026 23:59:50 GMT"], flat),
      outcome: limited(0)),
    Row(name: "429 nonsense", answer: http("429 X", headers: ["Retry-After: soon"], flat), outcome: limited(nil)),
    Row(
      name: "429 HTML", answer: http("429 X", html),
      outcome: .notDone(Refusal(cause: .rateLimited, httpStatus: 429))),
  ]

  @Test(arguments: successes + undecided + refusals + limits)
  func everyAnswerHasItsOutcome(row: Row) async throws {
    let server = RawServer { $0.answerAndClose(row.answer) }
    try await server.run { port in
      let outcome = try await withProvider(port: port) { await $0.submit(.sample, permit: { true }) }
      #expect(outcome == row.outcome)
    }
    #expect(server.requests.count == 1, "an edit is sent once, whatever is answered")
  }

  @Test(arguments: [
    ("12361", Int64?.some(12361)), ("0", 0), ("9223372036854775807", .max), ("-1", nil), ("1.5", nil), ("1e30", nil),
    ("\"5\"", nil), ("null", nil),
  ])
  func creditCountsOnlyAsAWholeNumber(text: String, credit: Int64?) async throws {
    let server = RawServer { $0.answer(http("200 OK", record(metadata: "{\"credit\":\(text)}"))) }
    let outcome = try await server.run { port in
      try await withProvider(port: port) { await $0.submit(.sample, permit: { true }) }
    }
    guard case .done(let result) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(result.credit == credit)
  }

  @Test(arguments: [
    (#"{ "a" : [1, "}\"", {"b":null}], "n": 1e400 }"#, #"{ "a" : [1, "}\"", {"b":null}], "n": 1e400 }"#),
    ("null", "null"), ("\"text\"", "\"text\""), ("[]", "[]"),
    ("\"" + String(repeating: "x", count: EditResult.responseObjectBytes) + "\"", "{}"),
  ])
  func responseObjectIsKeptAsReceived(received: String, kept: String) async throws {
    let server = RawServer { $0.answer(http("200 OK", record(responseObject: received))) }
    let outcome = try await server.run { port in
      try await withProvider(port: port) { await $0.submit(.sample, permit: { true }) }
    }
    guard case .done(let result) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(result.responseObject == kept)
  }

  @Test func passedOnTextIsBoundedAndWithoutControls() async throws {
    let message = "a\\u0000\\n\\u202e" + String(repeating: "b", count: 2_000)
    let server = RawServer { $0.answer(http("400 X", #"{"errorCode":"BAD\u0007","message":""# + message + "\"}")) }
    let outcome = try await server.run { port in
      try await withProvider(port: port) { await $0.submit(.sample, permit: { true }) }
    }
    #expect(
      outcome
        == .notDone(
          Refusal(
            cause: .refused, httpStatus: 400, errorCode: "BAD", message: "a" + String(repeating: "b", count: 999))))
  }
}
