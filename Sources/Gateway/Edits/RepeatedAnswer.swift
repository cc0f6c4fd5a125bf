import HTTPTypes
package import Ledger
package import LedgerStore
import Upstream

/// What a retry under an Idempotency-Key is answered: what its first edit was answered (docs/http.md, retries). Pure.
package enum RepeatedAnswer {
  /// The answer where the first edit was refused, which its log line still tells, or has no answer yet; nil: its record
  /// must be read.
  package static func withoutRecord(_ edit: RepeatedEdit, _ principal: Principal, isAsync: Bool) -> GatewayError? {
    if let refused = edit.refused { return .insufficientCredits(refused, principal) }
    // Who asked for an answer at once gets one at once again.
    guard edit.state.isOpen, !isAsync else { return nil }
    return .idempotencyInProgress(edit.record, edit.state)
  }

  /// The answer of an edit as it is stored.
  ///
  /// - Parameters:
  ///   - record: the edit.
  ///   - teamUser: its member as it is now.
  ///   - receipt: of the line that resolved it; nil while it is open.
  ///   - now: decides whether the presigned address is still good.
  package static func answer(
    _ record: StoredRecord, teamUser: TeamUser, receipt: Receipt?, now: Timestamp
  ) -> Result<RecordAnswer, GatewayError> {
    switch record.state {
    case .held, .inDoubt:
      guard record.isAsync else { return .failure(.idempotencyInProgress(record.record, record.state)) }
    case .released:
      guard record.isAsync else { return .failure(failure(of: record)) }
    case .settled, .refused:
      break
    }
    return .success(RecordAnswer(record: AIRecord(record, teamUser: teamUser, now: now), receipt: receipt))
  }

  /// The failure as it was told first. What recovery or an administrator released told nobody anything.
  private static func failure(of record: StoredRecord) -> GatewayError {
    guard let status = record.errorStatus, let code = record.errorCode, let message = record.errorMessage else {
      let untold =
        record.cause == ReleaseCause.administrator.rawValue
        ? EditFailure.givenBack : EditFailure(.init(cause: .notSent(.connect)))
      return untold.error(record: record.record, state: record.state)
    }
    let failure = EditFailure(
      HTTPResponse.Status(code: status), ErrorCode(code), message, upstreamDetails: record.errorDetails)
    return failure.error(record: record.record, state: record.state)
  }
}
