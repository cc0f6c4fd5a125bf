/// One thing that happened to a team's books: what `decide` returns, `apply` takes, and a log line holds
/// (docs/audit.md, one log per team).
package enum Event: Hashable, Sendable {
  /// Credits were held for an edit.
  case held(EditHeld)
  /// An edit did not fit a budget.
  case refused(EditRefused)
  /// An edit was charged.
  case settled(EditSettled)
  /// An edit's credits were given back uncharged.
  case released(EditReleased)
  /// Nobody can tell what became of an edit.
  case inDoubt(EditInDoubt)
  /// Some of an edit's charge was given back.
  case credited(EditCredited)
  /// What the upstream really did was learned late.
  case evidence(EditEvidence)
  /// The team was created.
  case teamCreated(TeamCreated)
  /// Status, zone, period or policy of the team changed.
  case teamChanged(TeamChanged)
  /// The limit of the team or of a member changed.
  case limitChanged(LimitChanged)
  /// A member was added.
  case memberAdded(MemberAdded)
  /// Role or period of a member changed, or its suspension ended.
  case memberChanged(MemberChanged)
  /// A member was suspended.
  case memberSuspended(MemberSuspended)
  /// A key was issued.
  case keyIssued(KeyIssued)
  /// A key was replaced by a new one.
  case keyRotated(KeyRotated)
  /// A key was revoked.
  case keyRevoked(KeyRevoked)
  /// A calendar month was closed.
  case periodClosed(PeriodClosed)
  /// Personal text was taken away.
  case privateErased(PrivateErased)
  /// A legal hold was placed.
  case legalHoldPlaced(LegalHoldPlaced)
  /// A legal hold was lifted.
  case legalHoldLifted(LegalHoldLifted)
  /// Lines were exported.
  case exportCreated(ExportCreated)
  /// A report was read.
  case reportRead(ReportRead)
  /// Who is told of a budget's thresholds changed.
  case alertChanged(AlertChanged)
  /// Somebody was told that a budget reached a threshold, or could not be.
  case alertDelivered(AlertDelivered)
  /// How long records and usage are kept changed.
  case retentionChanged(RetentionChanged)
  /// Records and usage older than that were removed.
  case usageRemoved(UsageRemoved)
  /// Usage was computed anew from the log.
  case usageRebuilt(UsageRebuilt)
  /// A key that signs for the log was announced.
  case logKeyAnnounced(LogKeyAnnounced)
  /// A key that signs for the log took another's place.
  case logKeyRotated(LogKeyRotated)
  /// The log takes the place of a damaged one.
  case logRecovered(LogRecovered)
  /// A price changed.
  case priceChanged(PriceChanged)
  /// A key that signed beside the one that took its place signs no more.
  case logKeyRetired(LogKeyRetired)
  /// The signer's lost memory of what was signed was made anew.
  case signerRecovered(SignerRecovered)
  /// The newest heads of all teams' logs were covered by one root.
  case headsCovered(HeadsCovered)

  /// What its line's `action` says.
  package var action: Action {
    switch self {
    case .held: .editHeld
    case .refused: .editRefused
    case .settled: .editSettled
    case .released: .editReleased
    case .inDoubt: .editInDoubt
    case .credited: .editCredited
    case .evidence: .editEvidence
    case .teamCreated: .teamCreated
    case .teamChanged: .teamChanged
    case .limitChanged: .limitChanged
    case .memberAdded: .memberAdded
    case .memberChanged: .memberChanged
    case .memberSuspended: .memberSuspended
    case .keyIssued: .keyIssued
    case .keyRotated: .keyRotated
    case .keyRevoked: .keyRevoked
    case .periodClosed: .periodClosed
    case .privateErased: .privateErased
    case .legalHoldPlaced: .legalHoldPlaced
    case .legalHoldLifted: .legalHoldLifted
    case .exportCreated: .exportCreated
    case .reportRead: .reportRead
    case .alertChanged: .alertChanged
    case .alertDelivered: .alertDelivered
    case .retentionChanged: .retentionChanged
    case .usageRemoved: .usageRemoved
    case .usageRebuilt: .usageRebuilt
    case .logKeyAnnounced: .logKeyAnnounced
    case .logKeyRotated: .logKeyRotated
    case .logRecovered: .logRecovered
    case .priceChanged: .priceChanged
    case .logKeyRetired: .logKeyRetired
    case .signerRecovered: .signerRecovered
    case .headsCovered: .headsCovered
    }
  }

  /// The edit that it is about; nil for events of the team, its members and keys.
  package var record: RecordID? {
    switch self {
    case .held(let event): event.record
    case .refused(let event): event.record
    case .settled(let event): event.record
    case .released(let event): event.record
    case .inDoubt(let event): event.record
    case .credited(let event): event.record
    case .evidence(let event): event.record
    default: nil
    }
  }

  /// The budget rows that `apply` opens or changes, for a store that writes only those.
  package var changedBudgets: [BudgetID] {
    switch self {
    case .held(let event): event.budgets.map(\.id)
    case .settled(let event): event.budgets.map(\.id)
    case .released(let event): event.budgets.map(\.id)
    case .credited(let event): event.budgets.map(\.id)
    case .evidence(let event): event.credited > .zero ? event.budgets.map(\.id) : []
    case .limitChanged(let event): event.budget.map { [$0.id] } ?? []
    case .teamChanged(let event): event.budget.map { [$0.id] } ?? []
    case .memberChanged(let event): event.budget.map { [$0.id] } ?? []
    default: []
    }
  }
}
