/// What a log line tells of, as its `action` says it. Texts are permanent: a line once written is never written anew.
package enum Action: String, Hashable, Sendable, CaseIterable {
  /// Credits were held for an edit.
  case editHeld = "edit.held"
  /// An edit did not fit a budget.
  case editRefused = "edit.refused"
  /// An edit was charged.
  case editSettled = "edit.settled"
  /// An edit's credits were given back uncharged.
  case editReleased = "edit.released"
  /// Nobody can tell what became of an edit.
  case editInDoubt = "edit.in_doubt"
  /// Some of an edit's charge was given back.
  case editCredited = "edit.credited"
  /// What the upstream really did was learned after an edit had been charged or given back otherwise.
  case editEvidence = "edit.evidence"
  /// The team was created: the first line of each log but one that takes another's place.
  case teamCreated = "team.created"
  /// Status, zone, period or policy of the team changed.
  case teamChanged = "team.changed"
  /// The limit of the team or of a member changed.
  case limitChanged = "limit.changed"
  /// A member was added.
  case memberAdded = "member.added"
  /// Role or period of a member changed, or its suspension ended.
  case memberChanged = "member.changed"
  /// A member was suspended.
  case memberSuspended = "member.suspended"
  /// A key was issued.
  case keyIssued = "key.issued"
  /// A key was replaced by a new one.
  case keyRotated = "key.rotated"
  /// A key was revoked.
  case keyRevoked = "key.revoked"
  /// A calendar month was closed.
  case periodClosed = "period.closed"
  /// Personal text was taken away.
  case privateErased = "private.erased"
  /// Nothing of the team may be erased or pruned any more.
  case legalHoldPlaced = "legal_hold.placed"
  /// The team's data may be erased and pruned again.
  case legalHoldLifted = "legal_hold.lifted"
  /// Lines were exported.
  case exportCreated = "export.created"
  /// A report was read.
  case reportRead = "report.read"
  /// Who is told of a budget's thresholds changed.
  case alertChanged = "alert.changed"
  /// Somebody was told that a budget reached a threshold, or could not be.
  case alertDelivered = "alert.delivered"
  /// How long records and usage are kept changed.
  case retentionChanged = "retention.changed"
  /// Records and usage older than that were removed.
  case usageRemoved = "usage.removed"
  /// Usage was computed anew from the log.
  case usageRebuilt = "usage.rebuilt"
  /// A key that signs for the log was announced.
  case logKeyAnnounced = "log.key_announced"
  /// A key that signs for the log took another's place.
  case logKeyRotated = "log.key_rotated"
  /// The log takes the place of a damaged one: its first line.
  case logRecovered = "log.recovered"
  /// A price changed: only in the operator's log.
  case priceChanged = "price.changed"
  /// A key that signed beside the one that took its place signs no more: only in the operator's log.
  case logKeyRetired = "log.key_retired"
  /// The signer's lost memory of what was signed was made anew: only in the operator's log.
  case signerRecovered = "signer.recovered"
  /// The newest heads of all teams' logs were covered by one root: only in the operator's log.
  case headsCovered = "heads.covered"
}
