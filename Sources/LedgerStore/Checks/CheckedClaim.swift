import Ledger

/// A hold or a refusal whose line says that it came with an Idempotency-Key.
struct ClaimingLine: Sendable {
  var record: RecordID
  var member: MemberID
  /// The line's time.
  var at: Timestamp
  var claim: PayloadClaim
}

/// What became of such an edit and of its key, both at one moment.
struct ClaimOutcome: Sendable {
  /// The record that the line opened.
  var record: RecordID
  /// What the key stands for now; nil: there is no row, it was pruned.
  var standsFor: (record: RecordID, createdAt: Timestamp)?
  /// The state of the line's own record; nil: it has no row.
  var state: String?
  /// Why it was released.
  var cause: String?
  /// The database's clock.
  var now: Timestamp

  /// Whether its credits are still held.
  var isOpen: Bool { state.flatMap { EditState(rawValue: $0) }?.isOpen ?? false }

  /// Whether it was released for a cause that leaves its key to the next edit.
  var hasLetGo: Bool {
    guard state == EditState.released.rawValue else { return false }
    return cause.flatMap { ReleaseCause(rawValue: $0) }?.isSticky == false
  }
}

/// A row of the table of keys with the record that it stands for.
struct CheckedClaim: Sendable {
  var member: MemberID
  var keyDigest: Digest32
  var bodyHash: Digest32
  var record: RecordID
  var createdAt: Timestamp
  /// Who sent the record, and when it was held or refused; nil: there is no such record in the team.
  var opened: (member: MemberID, at: Timestamp)?
  /// The beginning of the payload of its line; nil: it was erased.
  var payload: [UInt8]?

  /// Its name in a violation.
  var subject: String { Self.subject(member, keyDigest) }

  /// The name of the row of a key.
  static func subject(_ member: MemberID, _ keyDigest: Digest32) -> String { "idempotency \(member) \(keyDigest)" }
}
