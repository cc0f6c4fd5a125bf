import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Testing
import Upstream

/// Every outcome of docs/ledger.md's table with what the ledger is told and what the member is answered.
@Suite struct EditVerdictTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var outcome: EditOutcome
    var step: EditVerdict.Step
    var status: HTTPResponse.Status
    var code: ErrorCode
    var state: String?
    var retryAfter: Int?

    var testDescription: String { name }
  }

  private static func refused(_ status: Int, _ code: String? = "BAD", details: String? = nil) -> EditOutcome {
    .notDone(
      Upstream.Refusal(cause: .refused, httpStatus: status, errorCode: code, message: "no", details: details))
  }

  private static func unknown(_ cause: Uncertainty.Cause, _ status: Int? = nil) -> EditOutcome {
    .unknown(Uncertainty(cause: cause, httpStatus: status))
  }

  private static let released: [Row] = [
    Row(
      name: "DNS", outcome: .notDone(.init(cause: .notSent(.dns))), step: .release(.notSent), status: .badGateway,
      code: .upstreamError, state: "released"),
    Row(
      name: "connect", outcome: .notDone(.init(cause: .notSent(.connect))), step: .release(.notSent),
      status: .badGateway, code: .upstreamError, state: "released"),
    Row(
      name: "TLS", outcome: .notDone(.init(cause: .notSent(.tls))), step: .release(.notSent), status: .badGateway,
      code: .upstreamError, state: "released"),
    Row(
      name: "no permit", outcome: .notDone(.init(cause: .notPermitted)), step: .release(.withdrawn),
      status: .serviceUnavailable, code: .serviceUnavailable, state: "released",
      retryAfter: GatewayError.busyRetrySeconds),
    Row(
      name: "400", outcome: refused(400), step: .release(.upstreamRefused), status: .badRequest,
      code: ErrorCode("BAD"), state: "released"),
    Row(
      name: "404", outcome: refused(404), step: .release(.upstreamRefused), status: .notFound,
      code: ErrorCode("BAD"), state: "released"),
    Row(
      name: "413", outcome: refused(413), step: .release(.upstreamRefused), status: .contentTooLarge,
      code: ErrorCode("BAD"), state: "released"),
    Row(
      name: "415", outcome: refused(415), step: .release(.upstreamRefused), status: .unsupportedMediaType,
      code: ErrorCode("BAD"), state: "released"),
    Row(
      name: "422", outcome: refused(422), step: .release(.upstreamRefused), status: .unprocessableContent,
      code: ErrorCode("BAD"), state: "released"),
    Row(
      name: "200 FAILURE", outcome: refused(200, nil), step: .release(.upstreamRefused), status: .badRequest,
      code: .externalAPIError, state: "released"),
    Row(
      name: "its own details", outcome: refused(400, details: "[1]"), step: .release(.upstreamRefused),
      status: .badRequest, code: ErrorCode("BAD"), state: nil),
    Row(
      name: "a code that is none", outcome: refused(400, "a\nb"), step: .release(.upstreamRefused),
      status: .badRequest, code: .externalAPIError, state: "released"),
    Row(
      name: "401/403/406", outcome: .notDone(.init(cause: .account, httpStatus: 406, errorCode: "SECRET")),
      step: .release(.upstreamAccount), status: .badGateway, code: .upstreamAccount, state: "released"),
    Row(
      name: "429", outcome: .notDone(.init(cause: .rateLimited, httpStatus: 429, retryAfterSeconds: 7)),
      step: .release(.rateLimited), status: .tooManyRequests, code: .rateLimited, state: "released", retryAfter: 7),
    Row(
      name: "429 without a time", outcome: .notDone(.init(cause: .rateLimited, httpStatus: 429)),
      step: .release(.rateLimited), status: .tooManyRequests, code: .rateLimited, state: "released",
      retryAfter: EditFailure.rateLimitRetrySeconds),
  ]

  private static let doubted: [Row] = [
    Row(
      name: "time-out", outcome: unknown(.timedOut), step: .doubt(.timedOut, upstreamUUID: nil),
      status: .gatewayTimeout, code: .upstreamTimeout, state: "in_doubt"),
    Row(
      name: "522", outcome: unknown(.timedOut, 522), step: .doubt(.timedOut, upstreamUUID: nil),
      status: .gatewayTimeout, code: .upstreamTimeout, state: "in_doubt"),
    Row(
      name: "reset", outcome: unknown(.reset), step: .doubt(.upstreamUnknown, upstreamUUID: nil),
      status: .gatewayTimeout, code: .upstreamTimeout, state: "in_doubt"),
    Row(
      name: "500", outcome: unknown(.serverError, 500), step: .doubt(.upstreamUnknown, upstreamUUID: nil),
      status: .badGateway, code: .upstreamError, state: "in_doubt"),
    Row(
      name: "garbage", outcome: unknown(.unparseable, 200), step: .doubt(.upstreamUnknown, upstreamUUID: nil),
      status: .badGateway, code: .upstreamError, state: "in_doubt"),
    Row(
      name: "10 GB", outcome: unknown(.tooLarge, 200), step: .doubt(.upstreamUnknown, upstreamUUID: nil),
      status: .badGateway, code: .upstreamError, state: "in_doubt"),
    Row(
      name: "302", outcome: unknown(.unexpectedStatus, 302), step: .doubt(.upstreamUnknown, upstreamUUID: nil),
      status: .badGateway, code: .upstreamError, state: "in_doubt"),
    Row(
      name: "PROCESSING", outcome: .accepted(uuid: "u"), step: .doubt(.timedOut, upstreamUUID: "u"),
      status: .gatewayTimeout, code: .upstreamTimeout, state: "in_doubt"),
  ]

  @Test(arguments: released + doubted)
  func everyOutcomeHasItsStepAndItsAnswer(row: Row) throws {
    let verdict = EditVerdict(row.outcome)
    #expect(verdict.step == row.step)
    let state: EditState = if case .doubt = row.step { .inDoubt } else { .released }
    let answer = verdict.answer(Fixtures.held, after: .success(Fixtures.resolved(state)))
    guard case .failed(let error) = answer else {
      Issue.record("charged")
      return
    }
    #expect(error.status == row.status)
    #expect(error.code == row.code)
    #expect(error.retryAfterSeconds == row.retryAfter)
    try expectState(error, row.state)
  }

  @Test func resultsAreSettledAndAnswered() {
    let verdict = EditVerdict(.done(Fixtures.result))
    #expect(verdict.step == .settle(Fixtures.result))
    guard
      case .charged(_, let result, let resolved) = verdict.answer(
        Fixtures.held, after: .success(Fixtures.resolved()))
    else {
      Issue.record("not charged")
      return
    }
    #expect(result == Fixtures.result)
    #expect(resolved.charged == Credits(33_000))
  }

  @Test func successIsNeverToldBeforeItsCommit() throws {
    let verdict = EditVerdict(.done(Fixtures.result))
    let rows: [(Result<ResolvedEdit, StoreError>, HTTPResponse.Status, String)] = [
      (.failure(StoreError(.unavailable(mayBeHeld: false))), .gatewayTimeout, "in_doubt"),
      (.failure(StoreError(.unknownHold(Fixtures.record))), .internalServerError, "in_doubt"),
      (.success(Fixtures.resolved(.released, wasResolvedBefore: true)), .badGateway, "released"),
      (.success(Fixtures.resolved(.inDoubt)), .badGateway, "in_doubt"),
    ]
    for (booking, status, state) in rows {
      guard case .failed(let error) = verdict.answer(Fixtures.held, after: booking) else {
        Issue.record("charged")
        continue
      }
      #expect(error.status == status)
      try expectState(error, state)
    }
  }

  @Test func resolutionThatIsNotCommittedIsToldAsInDoubt() throws {
    for row in EditVerdictTests.released + EditVerdictTests.doubted where row.state != nil {
      let booking = Result<ResolvedEdit, StoreError>.failure(StoreError(.unavailable(mayBeHeld: false)))
      guard case .failed(let error) = EditVerdict(row.outcome).answer(Fixtures.held, after: booking) else {
        Issue.record("charged")
        continue
      }
      try expectState(error, "in_doubt")
    }
  }

  @Test func nothingOfTheOperatorsAccountReachesTheMember() {
    let refusal = Upstream.Refusal(cause: .account, httpStatus: 401, errorCode: "SECRET", message: "SECRET")
    let failure = EditFailure(refusal)
    #expect(!"\(failure)".contains("SECRET"))
  }

  private func expectState(_ error: GatewayError, _ state: String?) throws {
    guard let state else {
      #expect(error.details == .upstream("[1]"))
      return
    }
    #expect(error.details == .object(#"{"state":"\#(state)","uuid":"\#(Fixtures.record)"}"#))
  }
}
