package import Ledger
import Postgres

/// A budget's period that is over.
package struct PastBudget: Sendable, Hashable {
  /// Whose budget.
  package var scope: BudgetScope
  /// The period's first moment.
  package var start: Timestamp
  /// The first moment behind it.
  package var end: Timestamp
  /// The limit that was in force last; nil: none.
  package var limit: Credits?
  /// Credits charged in it, less what was credited back.
  package var used: Credits

  /// A period that is over.
  package init(scope: BudgetScope, start: Timestamp, end: Timestamp, limit: Credits?, used: Credits) {
    self.scope = scope
    self.start = start
    self.end = end
    self.limit = limit
    self.used = used
  }
}

extension LedgerStore {
  /// The most periods of each budget that one call tells: ten years of months.
  package static let pastPeriodsMaximum = 120

  /// Earlier periods of the budgets that an edit of `principal` must fit, the newest first, at most so many of each. A
  /// period in which nothing was held has no row, and is left out.
  /// - Throws: `invalid` for a number of periods that is out of range; `unavailable`.
  package func budgetHistory(
    of principal: Principal, periods: Int
  ) async throws(StoreError) -> [PastBudget] {
    guard (1...Self.pastPeriodsMaximum).contains(periods) else {
      throw StoreError(.invalid(field: "periods", message: "must lie between 1 and \(Self.pastPeriodsMaximum)"))
    }
    let team = principal.team
    return try await rows(
      .budgetHistory, team.uuid, principal.member.uuid, principal.key.uuid, Int64(periods), of: team)
  }
}

extension Statement where Row == PastBudget {
  /// Team, member, key, at most so many of each.
  static let budgetHistory = Statement(
    "budget history",
    """
    SELECT s.scope, b.period_start, b.period_end, b.credit_limit, b.used
      FROM tally.team AS t
     CROSS JOIN LATERAL (VALUES ('team', t.team_id), ('member', $2::uuid),
                                ('key', (SELECT budget_key_id FROM tally.api_key
                                          WHERE team_id = $1 AND key_id = $3 AND credit_limit IS NOT NULL)))
                        AS s (scope, subject_id)
     CROSS JOIN LATERAL (SELECT period_start, period_end, credit_limit, used
                           FROM tally.budget
                          WHERE team_id = $1 AND scope = s.scope AND subject_id = s.subject_id
                            AND period_end <= greatest(t.log_last_at, clock_timestamp())
                          ORDER BY period_start DESC
                          LIMIT $4) AS b
     WHERE t.team_id = $1
     ORDER BY s.scope, b.period_start DESC
    """
  ) { (row) throws(PostgresError) in
    PastBudget(
      scope: try row.word(), start: try row.time(), end: try row.time(), limit: try row.optionalCredits(),
      used: try row.credits())
  }
}
