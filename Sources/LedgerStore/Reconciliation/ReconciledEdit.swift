package import Ledger
import Postgres

/// As much of an edit as is compared with the upstream's own figures.
package struct ReconciledEdit: Sendable, Hashable {
  package var team: TeamID
  package var record: RecordID
  /// The upstream's id of the work, where it was ever told.
  package var upstreamUUID: String?
  package var state: EditState
  /// Why it was charged or released.
  package var cause: String?
  /// Charged while nobody knew whether the work was done.
  package var assumed: Bool
  package var charged: Credits
  package var credited: Credits
  package var variance: Credits
  package var createdAt: Timestamp
  /// What late evidence gave back of the charge, because the work had cost less; nil: there was none, or its line is
  /// pruned.
  package var creditedByEvidence: Credits?
  /// Whether evidence came late.
  package var hasEvidence: Bool

  /// An edit with these fields.
  package init(
    team: TeamID, record: RecordID, upstreamUUID: String? = nil, state: EditState, cause: String? = nil,
    assumed: Bool = false, charged: Credits = .zero, credited: Credits = .zero, variance: Credits = .zero,
    createdAt: Timestamp, creditedByEvidence: Credits? = nil, hasEvidence: Bool = false
  ) {
    self.team = team
    self.record = record
    self.upstreamUUID = upstreamUUID
    self.state = state
    self.cause = cause
    self.assumed = assumed
    self.charged = charged
    self.credited = credited
    self.variance = variance
    self.createdAt = createdAt
    self.creditedByEvidence = creditedByEvidence
    self.hasEvidence = hasEvidence
  }

  /// What the upstream's work cost by the ledger: a charge, with what was above the hold, less what evidence gave back.
  /// What an administrator gave back was billed all the same.
  var cost: Credits {
    Credits(charged.value + variance.value - (creditedByEvidence ?? .zero).value)
  }

  /// Whether the upstream may have billed `credits` by what the ledger knows. Where the line of late evidence is pruned,
  /// nobody can tell who gave something back: then either is taken.
  func fits(_ credits: Credits) -> Bool {
    if credits == cost { return true }
    return hasEvidence && creditedByEvidence == nil && credits.value == cost.value - credited.value
  }
}

extension Statement where Row == ReconciledEdit {
  /// Edits of all teams between two moments, behind one of them in the order of time, team and record, at most so many:
  /// from, to (exclusive), the last one's time, team and record, how many.
  static let editsBetween = Statement(
    "edits between",
    """
    SELECT r.team_id, r.record_id, r.upstream_uuid, r.state, r.cause, r.assumed, r.charged, r.credited, r.variance,
           r.created_at, r.evidence_index IS NOT NULL, l.line
      FROM (SELECT *
              FROM tally.record
             WHERE created_at >= $1 AND created_at < $2 AND (created_at, team_id, record_id) > ($3, $4, $5)
             ORDER BY created_at, team_id, record_id
             LIMIT $6) AS r
      LEFT JOIN LATERAL (SELECT line
                           FROM tally.log_line
                          WHERE team_id = r.team_id AND index = r.evidence_index
                         OFFSET 0) AS l ON true
     ORDER BY r.created_at, r.team_id, r.record_id
    """
  ) { (row) throws(PostgresError) in
    var edit = ReconciledEdit(
      team: try row.id(), record: try row.id(), upstreamUUID: try row.next(), state: try row.word(),
      cause: try row.next(), assumed: try row.next(), charged: try row.credits(), credited: try row.credits(),
      variance: try row.credits(), createdAt: try row.time(), hasEvidence: try row.next())
    if let line = try row.next(PostgresBytes?.self)?.bytes, case .evidence(let evidence)? = (try? Line.parse(line))?.1 {
      edit.creditedByEvidence = evidence.credited
    }
    return edit
  }
}
