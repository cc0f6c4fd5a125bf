package import Ledger

/// An edit that asks for its hold.
package struct HoldRequest: Sendable {
  package var team: TeamID
  /// The aiRecord's uuid, made by the caller; the same id again reports the first outcome.
  package var record: RecordID
  package var member: MemberID
  package var key: KeyID
  package var model: String
  package var quality: String
  package var size: String
  package var n: Int
  /// The promptObject as it will be forwarded, JSON text.
  package var promptObject: String
  /// The caller's own metadata object, JSON text.
  package var metadata: String?
  /// The member asked for an answer at once.
  package var isAsync: Bool
  /// Address of the client, for the private payload.
  package var clientAddress: String?
  /// The member's own id, for the private payload.
  package var userID: String
  /// The Idempotency-Key that it came with.
  package var idempotency: IdempotencyClaim?

  /// A request for a hold.
  package init(
    team: TeamID, record: RecordID, member: MemberID, key: KeyID, model: String, quality: String, size: String, n: Int,
    promptObject: String, metadata: String? = nil, isAsync: Bool = false, clientAddress: String? = nil, userID: String,
    idempotency: IdempotencyClaim? = nil
  ) {
    self.team = team
    self.record = record
    self.member = member
    self.key = key
    self.model = model
    self.quality = quality
    self.size = size
    self.n = n
    self.promptObject = promptObject
    self.metadata = metadata
    self.isAsync = isAsync
    self.clientAddress = clientAddress
    self.userID = userID
    self.idempotency = idempotency
  }
}

/// What the ledger said to a hold.
package enum HoldAnswer: Sendable {
  /// Held and committed: the upstream may be called.
  case held(HeldEdit)
  /// Refused and committed as a record: the upstream must not be called.
  case refused(RefusedEdit)
  /// The Idempotency-Key stands for another record: nothing was held, and the upstream must not be called.
  case repeated(RepeatedEdit)
}

/// A committed hold.
package struct HeldEdit: Sendable {
  package var record: RecordID
  /// Credits held.
  package var amount: Credits
  /// Time of the hold's line: the record's `createdAt`.
  package var at: Timestamp
  /// Index of the hold's line.
  package var index: Int64

  /// A hold with these fields.
  package init(
    record: RecordID, amount: Credits, at: Timestamp, index: Int64
  ) {
    self.record = record
    self.amount = amount
    self.at = at
    self.index = index
  }
}

/// A committed refusal.
package struct RefusedEdit: Sendable {
  package var record: RecordID
  /// The first budget that did not fit, and by how much.
  package var refusal: Refusal
  package var at: Timestamp
  package var index: Int64

  /// A refusal with these fields.
  package init(
    record: RecordID, refusal: Refusal, at: Timestamp, index: Int64
  ) {
    self.record = record
    self.refusal = refusal
    self.at = at
    self.index = index
  }
}
