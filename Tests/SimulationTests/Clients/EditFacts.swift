import Ledger
import LedgerStore

/// What an edit asks for.
struct EditFacts {
  var team: TeamID
  var record: RecordID
  var member: MemberID
  var key: KeyID
  var quality: String
  var n: Int
  /// Credits of one result.
  var price: Int64
  /// Its client wants an answer at once.
  var isAsync: Bool
  /// The Idempotency-Key that it came with.
  var claim: IdempotencyClaim?

  /// The request for its hold.
  var holdRequest: HoldRequest {
    HoldRequest(
      team: team, record: record, member: member, key: key, model: Population.model, quality: quality,
      size: Population.size, n: n, promptObject: "{}", isAsync: isAsync, userID: "user", idempotency: claim)
  }
}
