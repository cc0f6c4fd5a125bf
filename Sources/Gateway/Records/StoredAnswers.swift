import Ledger
import LedgerStore

/// Answers made of what is stored: those of `GET /api/results/{uuid}` and those of retries.
struct StoredAnswers: Sendable {
  let ledger: any LedgerAccess
  let clock: GatewayClock
  let receipts: Receipts

  /// A record with its member as it is now, and its receipt.
  func answer(_ record: StoredRecord) async throws(StoreError) -> RecordAnswer {
    let member = try await ledger.member(of: record.team, userID: record.userID)
    return RecordAnswer(
      record: AIRecord(record, teamUser: TeamUser(member), now: clock.now()), receipt: try await receipt(of: record))
  }

  /// What a retry under an Idempotency-Key is answered.
  func answer(
    _ edit: RepeatedEdit, _ principal: Principal, isAsync: Bool
  ) async -> Result<RecordAnswer, GatewayError> {
    if let error = RepeatedAnswer.withoutRecord(edit, principal, isAsync: isAsync) { return .failure(error) }
    do throws(StoreError) {
      guard let record = try await ledger.record(edit.record, of: principal.team) else {
        return .failure(.internalFault)
      }
      let member = try await ledger.member(of: record.team, userID: record.userID)
      return RepeatedAnswer.answer(
        record, teamUser: TeamUser(member), receipt: try await receipt(of: record), now: clock.now())
    } catch {
      return .failure(GatewayError(error))
    }
  }

  /// The receipt of the line that resolved a record; nil while it is open.
  func receipt(of record: StoredRecord) async throws(StoreError) -> Receipt? {
    guard record.resolveIndex != nil else { return nil }
    guard let position = try await ledger.recordPosition(of: record) else { return nil }
    return await receipts.announcedReceipt(of: position, of: record.team)
  }
}
