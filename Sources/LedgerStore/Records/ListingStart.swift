import Ledger
import Postgres

/// Where a listing of records begins, and what it filters by, as the tables know it.
struct ListingStart: Sendable {
  /// The place behind the last line of the team: no record's hold stands at or above it.
  var end: Int64
  /// The place where the hold of the record stands that the listing continues behind; nil: no such record.
  var holdIndexOfLast: Int64?
  /// The member who has the user id; nil: no such member.
  var member: MemberID?
}

extension Statement where Row == ListingStart {
  /// The start of a listing: team, the last record of the page before (or null), a user id (or null).
  static let listingStart = Statement(
    "listing start",
    """
    SELECT t.log_base + t.log_size,
           (SELECT hold_index FROM tally.record WHERE team_id = t.team_id AND record_id = $2),
           (SELECT member_id FROM tally.member WHERE team_id = t.team_id AND user_id = $3)
      FROM tally.team AS t
     WHERE t.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    ListingStart(end: try row.next(), holdIndexOfLast: try row.next(), member: try row.optionalID())
  }
}

extension Statement where Row == LogPosition {
  /// Where a line stands, be it in a log that was replaced: team, place, the time that its record tells.
  static let logPosition = Statement(
    "log position",
    """
    SELECT coalesce(o.log_origin, t.log_origin), l.index - coalesce(o.base, t.log_base), l.leaf, $3::timestamptz
      FROM tally.log_line AS l
      JOIN tally.team AS t ON t.team_id = l.team_id
      LEFT JOIN LATERAL (SELECT log_origin, base
                           FROM tally.replaced_log
                          WHERE team_id = l.team_id AND base <= l.index
                          ORDER BY base DESC LIMIT 1) AS o ON l.index < t.log_base
     WHERE l.team_id = $1 AND l.index = $2
    """
  ) { (row) throws(PostgresError) in
    LogPosition(log: try row.next(), index: try row.next(), leaf: try row.digest(), at: try row.time())
  }
}
