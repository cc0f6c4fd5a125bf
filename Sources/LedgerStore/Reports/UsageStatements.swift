import Ledger
import Postgres

/// The bounds of a span: a row of `tally.usage_span`.
extension Statement where Row == UsageSpan {
  /// Spans of a team that lie within a stretch of time.
  static let usageSpans = Statement(
    "usage spans",
    """
    SELECT span_start, span_end FROM tally.usage_span
     WHERE team_id = $1 AND span_start >= $2 AND span_start < $3 AND span_end <= $3
    """
  ) { (row) throws(PostgresError) in UsageSpan(start: try row.time(), end: try row.time()) }
}

/// What the record of an edit says of it.
struct LabelledRecord: Sendable {
  var record: RecordID
  var labels: EditLabels
}

extension Statement where Row == LabelledRecord {
  /// What the columns of a usage bucket need to know of edits of a team.
  static let editLabels = Statement(
    "edit labels",
    """
    SELECT record_id, member_id, key_id, model, quality, size
      FROM tally.record WHERE team_id = $1 AND record_id = ANY ($2)
    """
  ) { (row) throws(PostgresError) in
    LabelledRecord(
      record: try row.id(),
      labels: EditLabels(
        member: try row.id(), key: try row.id(),
        options: EditOptions(model: try row.next(), quality: try row.next(), size: try row.next())))
  }
}

/// A team's log as a report needs it.
struct UsageLog: Sendable {
  var state: LogState
  /// The place of its first line: above 0 where it took another's place.
  var base: Int64
  /// Lines below this index were pruned.
  var prunedBefore: Int64
  /// Usage from before it was removed, or is being; nil: none was.
  var removedBefore: Timestamp?
}

extension Statement where Row == UsageLog {
  /// Where a team's log stands: the team.
  static let usageLog = Statement(
    "usage log",
    """
    SELECT log_origin, log_size, log_peaks, log_last_at, log_base, pruned_before, removed_before
      FROM tally.team WHERE team_id = $1
    """
  ) { (row) throws(PostgresError) in
    UsageLog(
      state: try LogState(&row), base: try row.next(), prunedBefore: try row.next(),
      removedBefore: try row.optionalTime())
  }
}
