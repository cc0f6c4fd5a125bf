import HTTPTypes
package import Ledger

extension GatewayError {
  /// Seconds that a client is asked to wait for the answer of an edit that runs: most take less than a minute.
  package static let idempotencyRetrySeconds = 5

  /// 409: the edit that the key stands for has no answer yet. The details name it, so that it can be polled.
  package static func idempotencyInProgress(_ record: RecordID, _ state: EditState) -> GatewayError {
    let details = JSONWriter.text { writer in
      writer.field("state", state.rawValue)
      writer.field("uuid", record.description)
    }
    return GatewayError(
      .conflict, .idempotencyInProgress, "The edit of this Idempotency-Key has no answer yet. Try again later.",
      details: .object(details), retryAfterSeconds: idempotencyRetrySeconds)
  }

  /// 422: the same key with another body is another edit.
  package static let idempotencyKeyReused = GatewayError(
    .unprocessableContent, .idempotencyKeyReused, "This Idempotency-Key was sent with another body before.")
}
