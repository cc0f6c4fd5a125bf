package import Ledger
import Postgres

/// What tells which days and months of a team can be summed up next. They are over once the log has a line that is not
/// older than their end: times never decrease within a log, so no bucket in them changes any more, whatever the clock does.
package struct SpanningTeam: Sendable, Hashable {
  /// Days that are summed up at once: bounds the rows of a transaction.
  package static let daysAtOnce = 8

  package var team: TeamID
  /// IANA name of its zone.
  package var timeZone: String
  /// Time of the log's last line.
  package var lastAt: Timestamp
  /// Where the newest day ends that was summed up; nil: none was.
  package var dayEnd: Timestamp?
  /// The first bucket with usage behind that day; nil: there is none.
  package var bucketBehindDays: Timestamp?
  /// Where the newest month ends that was summed up; nil: none was.
  package var monthEnd: Timestamp?
  /// The first bucket with usage behind that month; nil: there is none.
  package var bucketBehindMonths: Timestamp?
  /// Usage from before it was removed; nil: none was.
  package var removedBefore: Timestamp?

  /// A team with these fields.
  package init(
    team: TeamID, timeZone: String, lastAt: Timestamp, dayEnd: Timestamp? = nil, bucketBehindDays: Timestamp? = nil,
    monthEnd: Timestamp? = nil, bucketBehindMonths: Timestamp? = nil, removedBefore: Timestamp? = nil
  ) {
    self.team = team
    self.timeZone = timeZone
    self.lastAt = lastAt
    self.dayEnd = dayEnd
    self.bucketBehindDays = bucketBehindDays
    self.monthEnd = monthEnd
    self.bucketBehindMonths = bucketBehindMonths
    self.removedBefore = removedBefore
  }

  /// The next days that can be summed up, from the first one with usage on. They do not overlap with earlier ones: where
  /// the zone was changed, the first one is shorter.
  /// - Parameter limit: at most so many.
  package func days(limit: Int = daysAtOnce) -> [UsageSpan] {
    guard var moment = bucketBehindDays else { return [] }
    var days: [UsageSpan] = []
    while days.count < limit, let day = ZoneCalendar.day(containing: moment, timeZone: timeZone), day.end <= lastAt {
      days.append(UsageSpan(start: max(day.start, dayEnd ?? .epoch, removedBefore ?? .epoch), end: day.end))
      moment = day.end
    }
    return days
  }

  /// The next month that can be summed up; nil: there is none. Its days come first.
  package func month(zones: ZoneCalendar) -> UsageSpan? {
    guard let moment = bucketBehindMonths, days(limit: 1).isEmpty,
      let month = zones.monthBounds(at: moment, timeZone: timeZone), let end = month.end, end <= lastAt
    else { return nil }
    return UsageSpan(start: max(month.start, monthEnd ?? .epoch, removedBefore ?? .epoch), end: end)
  }
}

extension ZoneCalendar {
  /// The day of `timeZone` in which a moment lies.
  /// - Returns: nil where there is no such zone.
  static func day(containing moment: Timestamp, timeZone: String) -> UsageSpan? {
    // The day in UTC is at most one off, and a zone may have left out a day.
    let today = moment.utcDay.daysSinceEpoch
    let starts = (today - 2...today + 3).compactMap {
      start(of: CivilDate(daysSinceEpoch: $0), timeZone: timeZone)
    }
    guard let first = starts.last(where: { $0 <= moment }), let next = starts.first(where: { $0 > moment }) else {
      return nil
    }
    return UsageSpan(start: first, end: next)
  }
}

extension Statement where Row == SpanningTeam {
  /// Teams from an id up to another, at most so many.
  static let spanningTeams = Statement(
    "spanning teams",
    """
    SELECT t.team_id, t.time_zone, t.log_last_at, d.span_end, d.bucket_start, m.span_end, m.bucket_start,
           nullif(t.removed_before, '-infinity')
      FROM (SELECT team_id, time_zone, log_last_at, coalesce(removed_before, '-infinity') AS removed_before
              FROM tally.team WHERE team_id BETWEEN $1 AND $2 ORDER BY team_id LIMIT $3) AS t
     CROSS JOIN LATERAL (SELECT s.span_end, (SELECT bucket_start FROM tally.usage_bucket
                                              WHERE team_id = t.team_id
                                                AND bucket_start >= greatest(s.span_end, t.removed_before)
                                              ORDER BY bucket_start LIMIT 1) AS bucket_start
                           FROM (SELECT (SELECT span_end FROM tally.usage_span
                                          WHERE team_id = t.team_id AND kind = 'day'
                                          ORDER BY span_end DESC LIMIT 1) AS span_end) AS s) AS d
     CROSS JOIN LATERAL (SELECT s.span_end, (SELECT bucket_start FROM tally.usage_bucket
                                              WHERE team_id = t.team_id
                                                AND bucket_start >= greatest(s.span_end, t.removed_before)
                                              ORDER BY bucket_start LIMIT 1) AS bucket_start
                           FROM (SELECT (SELECT span_end FROM tally.usage_span
                                          WHERE team_id = t.team_id AND kind = 'month'
                                          ORDER BY span_end DESC LIMIT 1) AS span_end) AS s) AS m
     ORDER BY t.team_id
    """
  ) { (row) throws(PostgresError) in
    SpanningTeam(
      team: try row.id(), timeZone: try row.next(), lastAt: try row.time(), dayEnd: try row.optionalTime(),
      bucketBehindDays: try row.optionalTime(), monthEnd: try row.optionalTime(),
      bucketBehindMonths: try row.optionalTime(), removedBefore: try row.optionalTime())
  }
}
