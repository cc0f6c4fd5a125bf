import Ledger

/// Compares the table of Idempotency-Keys with the records and with what the log says of them (docs/ledger.md, G5).
struct ClaimCheck: Sendable {
  /// How much less than keys are kept two edits under one key may lie apart, in seconds: so that a clock that was set back
  /// breaks no rule.
  private static let marginSeconds: Int64 = 86_400

  /// How long keys are kept at least, in seconds.
  let keptSeconds: Int64

  /// A row of the table against its record and the record's line; nil: it fits.
  func compare(_ row: CheckedClaim) -> String? {
    guard let opened = row.opened else { return "the team has no record \(row.record)" }
    var fields = FieldComparison()
    fields.compare("member_id", row.member, opened.member)
    fields.compare("created_at", row.createdAt, opened.at)
    if let payload = row.payload {
      let claim = PayloadClaim(payload: payload)
      fields.compare("key_digest", row.keyDigest, claim?.keyDigest)
      fields.compare("body_hash", row.bodyHash, claim?.bodyHash)
    }
    return fields.message
  }

  /// A line that came with a key against what the key stands for now.
  /// - Parameter removedBefore: records from before it may have been removed; nil: none.
  func compare(
    _ line: ClaimingLine, _ outcome: ClaimOutcome, removedBefore: Timestamp?, _ violations: inout ViolationList
  ) {
    let row = CheckedClaim.subject(line.member, line.claim.keyDigest)
    guard let standsFor = outcome.standsFor else {
      if outcome.isOpen || outcome.now < line.at.adding(seconds: keptSeconds) {
        violations.add(.idempotencyKeyMatchesRecord, row, "the row is missing that record \(line.record) brought")
      }
      return
    }
    guard standsFor.record != line.record else { return }
    guard standsFor.createdAt >= line.at else {
      return violations.add(
        .idempotencyKeyMatchesRecord, row,
        "it stands for record \(standsFor.record), which is older than \(line.record)"
      )
    }
    let last = line.at.adding(seconds: keptSeconds - Self.marginSeconds)
    if outcome.hasLetGo || last < standsFor.createdAt { return }
    // Whether it let go, nobody can tell any more.
    if outcome.state == nil, let removedBefore, line.at < removedBefore { return }
    violations.add(
      .idempotencyKeyStandsForOneEdit, "record \(line.record)",
      "record \(standsFor.record) was made under the same Idempotency-Key, and this one is \(outcome.state ?? "gone")")
  }
}
