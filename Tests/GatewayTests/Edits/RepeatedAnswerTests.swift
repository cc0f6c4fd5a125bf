import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Testing
import Upstream

/// What a retry under an Idempotency-Key is answered (docs/http.md, retries).
@Suite struct RepeatedAnswerTests {
  private static let teamUser = TeamUser(Fixtures.principal(), budget: Fixtures.budget())

  private static func answer(
    _ record: StoredRecord, now: Timestamp = Fixtures.now
  ) -> Result<RecordAnswer, GatewayError> {
    RepeatedAnswer.answer(record, teamUser: teamUser, receipt: Receipt(Fixtures.position()), now: now)
  }

  private static func error(of record: StoredRecord) -> GatewayError? {
    if case .failure(let error) = answer(record) { error } else { nil }
  }

  @Test func aChargedEditIsAnsweredAgainWithItsReceipt() throws {
    let answer = try Self.answer(Fixtures.stored(.settled)).get()
    #expect(answer.record?.uuid == Fixtures.record && answer.record?.status == .success)
    #expect(answer.record?.resultKeys == Fixtures.result.resultKeys)
    #expect(answer.record?.temporaryURL == Fixtures.result.temporaryURL)
    #expect(answer.receipt == Receipt(Fixtures.position()))
  }

  @Test func anExpiredPresignedAddressIsNull() throws {
    let late = Fixtures.now.adding(seconds: AIRecord.temporaryURLSeconds)
    #expect(try Self.answer(Fixtures.stored(.settled), now: late).get().record?.temporaryURL == nil)
  }

  @Test func anAssumedChargeIsASuccessWithoutResultsThatSaysSo() throws {
    var stored = Fixtures.stored(.settled)
    stored.assumed = true
    stored.resultKeys = nil
    stored.temporaryURL = nil
    let record = try #require(try Self.answer(stored).get().record)
    #expect(record.status == .success && record.resultKeys == [])
    #expect(record.metadata == #"{"credit":33000,"assumed":true}"#)
  }

  @Test func anErasedEditIsASuccessWithoutPromptAndResultsThatSaysSo() throws {
    var stored = Fixtures.stored(.settled)
    stored.erasedAt = Fixtures.now
    stored.promptObject = "{}"
    stored.metadata = nil
    stored.resultKeys = nil
    stored.temporaryURL = nil
    let record = try #require(try Self.answer(stored).get().record)
    #expect(record.status == .success && record.resultKeys == [] && record.promptObject == "{}")
    #expect(record.metadata == #"{"credit":33000,"erased":true}"#)
  }

  @Test(arguments: [EditState.held, .inDoubt])
  func anOpenEditIsInProgress(state: EditState) throws {
    let edit = RepeatedEdit(record: Fixtures.record, state: state)
    let early = RepeatedAnswer.withoutRecord(edit, Fixtures.principal(), isAsync: false)
    for error in [early, Self.error(of: Fixtures.stored(state))] {
      #expect(error?.status == .conflict && error?.code == .idempotencyInProgress)
      #expect(error?.retryAfterSeconds == GatewayError.idempotencyRetrySeconds)
      #expect(error?.details == .object(#"{"state":"\#(state.rawValue)","uuid":"\#(Fixtures.record)"}"#))
    }
  }

  @Test(arguments: EditState.allCases)
  func whoAskedForAnAnswerAtOnceIsToldWhereItStands(state: EditState) throws {
    let edit = RepeatedEdit(record: Fixtures.record, state: state)
    #expect(RepeatedAnswer.withoutRecord(edit, Fixtures.principal(), isAsync: true) == nil)
    var stored = Fixtures.stored(state)
    stored.isAsync = true
    #expect(try Self.answer(stored).get().record?.status == AIRecord.Status(state))
  }

  @Test func aProvidersRefusalIsPassedOnAsItWasFirst() {
    var stored = Fixtures.stored(.released)
    stored.cause = ReleaseCause.upstreamRefused.rawValue
    (stored.errorStatus, stored.errorCode, stored.errorMessage) = (422, "BAD_IMAGE", "The image is bad")
    stored.errorDetails = #"{"why":"bad"}"#
    #expect(
      Self.error(of: stored)
        == GatewayError(
          .unprocessableContent, ErrorCode("BAD_IMAGE"), "The image is bad", details: .upstream(#"{"why":"bad"}"#)))
    stored.errorDetails = nil
    #expect(
      Self.error(of: stored)?.details == .object(#"{"state":"released","uuid":"\#(Fixtures.record)"}"#))
  }

  @Test(arguments: [ReleaseCause.notSent, .administrator])
  func whatNobodyWasToldIs502AndReleased(cause: ReleaseCause) {
    var stored = Fixtures.stored(.released)
    stored.cause = cause.rawValue
    let error = Self.error(of: stored)
    #expect(error?.status == .badGateway && error?.code == .upstreamError)
    #expect(error?.details == .object(#"{"state":"released","uuid":"\#(Fixtures.record)"}"#))
  }

  @Test func aRefusalIsTheSame406() throws {
    let refused = try Fixtures.refused()
    let edit = RepeatedEdit(record: refused.record, state: .refused, refused: refused)
    let principal = Fixtures.principal()
    for isAsync in [false, true] {
      #expect(
        RepeatedAnswer.withoutRecord(edit, principal, isAsync: isAsync)
          == GatewayError.insufficientCredits(refused, principal))
    }
  }
}
