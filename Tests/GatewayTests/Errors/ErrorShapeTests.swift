import Foundation
import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Testing

@Suite struct ErrorShapeTests {
  private let error = GatewayError.invalid([FieldFault("n", "n must be \"small\"")])

  @Test func memberShapeIsReadableByFlatAndByNestedClients() throws {
    let body = String(decoding: error.memberBody, as: UTF8.self)
    let details = #"[{\"field\":\"n\",\"message\":\"n must be \\\"small\\\"\"}]"#
    #expect(
      body == #"{"errorCode":"INVALID_FIELDS","message":"Invalid fields: n.","details":"\#(details)","success":false,"#
        + #""error":{"code":"INVALID_FIELDS","message":"Invalid fields: n."}}"#)
  }

  @Test(arguments: [
    GatewayError.internalFault, .unauthenticated("no"), .tooLarge(limit: 5),
    GatewayError(.badRequest, .externalAPIError, "x", details: .upstream("not JSON")),
    GatewayError(.badGateway, .upstreamError, "x", details: .object(#"{"state":"released"}"#)),
  ])
  func detailsAreAlwaysAString(error: GatewayError) throws {
    let root = try JSONReader.parse(error.memberBody)
    #expect(root.at("details")?.text != nil)
    #expect(root.at("errorCode") == root.at("error", "code"))
    #expect(root.at("message") == root.at("error", "message"))
    #expect(root.at("success") == .bool(false))
  }

  @Test func problemHasWhatRFC9457Wants() throws {
    let root = try JSONReader.parse(error.problemBody(requestID: "r-1"))
    #expect(root.at("type") == .string("about:blank"))
    #expect(root.at("title") == .string("Bad Request"))
    #expect(root.at("status")?.integer == 400)
    #expect(root.at("detail") == .string("Invalid fields: n."))
    #expect(root.at("code") == .string("INVALID_FIELDS"))
    #expect(root.at("requestId") == .string("r-1"))
    guard case .array(let faults) = root.at("errors") else {
      Issue.record("no errors")
      return
    }
    #expect(faults.first?.at("field") == .string("n"))
  }

  /// Packages of the API that reports follow show `message` of an error and nothing else.
  @Test func problemSaysInOneTextWhatIsWrong() throws {
    func message(_ error: GatewayError) throws -> JSONValue? {
      try JSONReader.parse(error.problemBody(requestID: "r-1")).at("message")
    }
    #expect(
      try message(.invalid([FieldFault("n", "must be small"), FieldFault(missing: "m")]))
        == .string("n: must be small; m: is required"))
    #expect(try message(.unauthenticated("The API key is not valid.")) == .string("The API key is not valid."))
    let many = GatewayError.invalid((1...7).map { FieldFault("f\($0)", "no") })
    #expect(try message(many) == .string("f1: no; f2: no; f3: no; f4: no; f5: no; and 2 more"))
  }

  @Test(arguments: [
    ("/v1/me", Surface.own), ("/v1/", .own), ("/v1", .own), ("/v10/x", .member), ("/api/features", .member),
    ("/", .member), ("/V1/me", .member), ("/nothing", .member),
  ])
  func surfaceIsThatOfThePath(path: String, surface: Surface) {
    #expect(Surface(path: path) == surface)
  }

  private static let storeErrors: [(StoreError.Reason, HTTPResponse.Status, ErrorCode)] = [
    (.unavailable(mayBeHeld: true), .serviceUnavailable, .serviceUnavailable),
    (.unavailable(mayBeHeld: false), .serviceUnavailable, .serviceUnavailable),
    (.overloaded, .serviceUnavailable, .serviceUnavailable), (.schema("x"), .serviceUnavailable, .serviceUnavailable),
    (.notAllowed(.teamSuspended), .forbidden, .teamSuspended),
    (.notAllowed(.memberSuspended), .forbidden, .memberSuspended),
    (.notAllowed(.keyRevoked), .unauthorized, .invalidAPIKey),
    (.notAllowed(.keyExpired), .unauthorized, .invalidAPIKey),
    (.notAllowed(.keyForeign), .unauthorized, .invalidAPIKey),
    (.notAllowed(.teamHalted), .serviceUnavailable, .serviceUnavailable),
    (.unpriced(model: "m", quality: "q", size: "s"), .badRequest, .unsupportedModel),
    (.notFound("the member"), .notFound, .notFound), (.invalid(field: "f", message: "m"), .badRequest, .invalidFields),
    (.database, .internalServerError, .internalError), (.conflict("SECRET"), .internalServerError, .internalError),
    (.unknownHold(RecordID(bits: 1)), .internalServerError, .internalError),
  ]

  @Test(arguments: storeErrors)
  func everyFailureOfTheStoreHasItsAnswer(reason: StoreError.Reason, status: HTTPResponse.Status, code: ErrorCode) {
    let error = GatewayError(StoreError(reason))
    #expect(error.status == status)
    #expect(error.code == code)
    // A halted team stays so until an operator comes: no other try makes sense.
    let isWorthAnotherTry = status == .serviceUnavailable && reason != .notAllowed(.teamHalted)
    #expect(isWorthAnotherTry == (error.retryAfterSeconds != nil))
    #expect(!error.message.contains("SECRET"))
  }

  /// The messages that known clients parse, and what else a member needs to know.
  @Test func refusalNamesTheBudgetAndItsAmounts() throws {
    for (scope, text) in [
      (BudgetScope.team, "the Acme team only has 35 credits"),
      (.member, "John Doe only has 35 credits left of this month's limit"),
      (.key, "this key only has 35 credits left"),
    ] {
      let error = GatewayError.insufficientCredits(try Fixtures.refused(by: scope), Fixtures.principal())
      #expect(error.status == .notAcceptable)
      #expect(error.code == .insufficientCredits)
      #expect(error.message == "The feature requires 105 credits, but \(text)")
      #expect(error.message.firstMatch(of: /requires (\d+) credits/)?.1 == "105")
      #expect(error.message.firstMatch(of: /(?:only has|has) (\d+) credits/)?.1 == "35")
      guard case .object(let json) = error.details else {
        Issue.record("no details")
        continue
      }
      let details = try JSONReader.parse(Array(json.utf8))
      #expect(details.at("scope") == .string(scope.rawValue))
      for (name, value) in [("limit", 100), ("used", 60), ("held", 5), ("needed", 105), ("available", 35)] {
        #expect(details.at(name)?.integer == Int64(value))
      }
      #expect(details.at("resetsAt") == .string("2026-12-01T00:00:00.000Z"))
    }
  }
}
