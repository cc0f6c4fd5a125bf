package import Ledger

/// One thing in which the ledger and the upstream's own figures are not plainly the same.
package struct ReconciliationFinding: Sendable, Hashable {
  /// What it is. The names are permanent: scripts look for them.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The upstream did work of which no log knows: an event that was never logged.
    case neverLogged = "never_logged"
    /// An edit was charged, and the upstream tells of no work for it.
    case notUpstream = "not_upstream"
    /// Both tell of it, and of other amounts.
    case amountDiffers = "amount_differs"
    /// An edit was given back or refused, and the upstream did the work.
    case releasedButWorked = "released_but_worked"
    /// It was given back by an administrator's decision, which the log tells, and the upstream did the work: variance.
    case releasedByAdministrator = "released_by_administrator"
    /// It is in doubt or still held, and the upstream did the work: `tally records resolve` can charge it.
    case openButWorked = "open_but_worked"
    /// It is in doubt, and the upstream tells of no work: `tally records resolve` can release it.
    case inDoubtNotWorked = "in_doubt_not_worked"
    /// It was charged by assumption, and the upstream tells of no work: it can be credited back.
    case assumedNotWorked = "assumed_not_worked"
    /// It was charged by assumption, and the upstream did the work for as much.
    case assumedAndWorked = "assumed_and_worked"

    /// Whether the ledger says the same all the same: it knows of the work, or of none, and has booked it so.
    package var agrees: Bool {
      switch self {
      case .neverLogged, .notUpstream, .amountDiffers, .releasedButWorked, .openButWorked, .assumedNotWorked: false
      case .releasedByAdministrator, .inDoubtNotWorked, .assumedAndWorked: true
      }
    }
  }

  package var kind: Kind
  /// Whose edit it is; nil: no log knows it.
  package var team: TeamID?
  /// The edit; of work that was never logged the id that it was sent with.
  package var record: RecordID?
  /// The upstream's id.
  package var upstreamUUID: String?
  /// When it was held, or when the upstream was called.
  package var at: Timestamp
  /// What it cost by the ledger; nil: it is not known there.
  package var ledgerCredits: Credits?
  /// What it cost by the upstream; nil: it does not say.
  package var upstreamCredits: Credits?

  /// A finding.
  package init(
    _ kind: Kind, team: TeamID? = nil, record: RecordID? = nil, upstreamUUID: String? = nil, at: Timestamp,
    ledgerCredits: Credits? = nil, upstreamCredits: Credits? = nil
  ) {
    self.kind = kind
    self.team = team
    self.record = record
    self.upstreamUUID = upstreamUUID
    self.at = at
    self.ledgerCredits = ledgerCredits
    self.upstreamCredits = upstreamCredits
  }
}

/// What a comparison with the upstream's own figures came to.
package struct ReconciliationReport: Sendable, Hashable {
  /// Sums of the stretch of time that was compared.
  package struct Totals: Sendable, Hashable {
    /// Edits of which the upstream tells, of all teams.
    package var upstreamEdits: Int64 = 0
    /// Credits of them, as far as it says.
    package var upstreamCredits: Int64 = 0
    /// Edits in the ledger.
    package var edits: Int64 = 0
    /// Those of them that the upstream tells of, too.
    package var matched: Int64 = 0
    package var charged: Int64 = 0
    package var credited: Int64 = 0
    package var variance: Int64 = 0

    /// Nothing.
    package init() {}
  }

  /// At most `Reconciliation.findingsMaximum`, those that do not agree first.
  package var findings: [ReconciliationFinding] = []
  /// How many of each kind there are.
  package var counts: [ReconciliationFinding.Kind: Int64] = [:]
  package var totals = Totals()

  /// Whether the ledger and the upstream say the same.
  package var agrees: Bool { counts.allSatisfy { $0.key.agrees || $0.value == 0 } }

  /// A report without findings.
  package init() {}
}
