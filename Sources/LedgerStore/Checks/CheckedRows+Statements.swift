import Ledger
import Postgres

extension Statement where Row == CheckedLine {
  /// Lines of a team: places from, to (exclusive). The payload's hash is made by the server, since payloads are long and only
  /// their hash is wanted; of those that may name an Idempotency-Key it takes as much as `PayloadClaim` reads.
  static let checkLines = Statement(
    "check lines",
    """
    SELECT l.index, l.line, l.leaf, l.nodes, sha256(p.salt || p.payload),
           CASE WHEN substring(p.payload FROM 1 FOR 12) = '{"bodyHash":'::bytea
                THEN substring(p.payload FROM 1 FOR 1024) END
      FROM tally.log_line AS l
      LEFT JOIN tally.log_private AS p ON p.team_id = l.team_id AND p.index = l.index
     WHERE l.team_id = $1 AND l.index >= $2 AND l.index < $3
     ORDER BY l.index
    """
  ) { (row) throws(PostgresError) in try CheckedLine(&row) }

  /// Single lines of a team: their places.
  static let checkLinesAt = Statement(
    "check lines at",
    """
    SELECT l.index, l.line, l.leaf, l.nodes, NULL::bytea, NULL::bytea
      FROM tally.log_line AS l
     WHERE l.team_id = $1 AND l.index = ANY($2)
     ORDER BY l.index
    """
  ) { (row) throws(PostgresError) in try CheckedLine(&row) }
}

extension Statement where Row == CheckedRecord {
  /// Records of a team whose holds stand in a range of places: from, to (exclusive).
  static let checkRecordsOpened = Statement(
    "check records opened",
    """
    SELECT record_id, member_id, key_id, instance_id, state, assumed, model, quality, size, n, unit_price, price_version,
           held, charged, credited, variance, team_period_start, member_period_start, key_subject_id, key_period_start,
           hold_index, resolve_index, evidence_index, created_at, in_doubt_at, resolved_at, cause
      FROM tally.record
     WHERE team_id = $1 AND hold_index >= $2 AND hold_index < $3
     ORDER BY hold_index
    """
  ) { (row) throws(PostgresError) in try CheckedRecord(&row) }

  /// Records of a team: their ids.
  static let checkRecords = Statement(
    "check records",
    """
    SELECT record_id, member_id, key_id, instance_id, state, assumed, model, quality, size, n, unit_price, price_version,
           held, charged, credited, variance, team_period_start, member_period_start, key_subject_id, key_period_start,
           hold_index, resolve_index, evidence_index, created_at, in_doubt_at, resolved_at, cause
      FROM tally.record
     WHERE team_id = $1 AND record_id = ANY($2)
     ORDER BY record_id
    """
  ) { (row) throws(PostgresError) in try CheckedRecord(&row) }
}

extension Statement where Row == CheckedTeam {
  /// A team's row: its id.
  static let checkTeam = Statement(
    "check team",
    """
    SELECT team_id, status, credit_limit, period, time_zone, in_doubt_charge_seconds, is_halted, legal_hold, log_origin,
           log_size, log_peaks, log_last_at, created_at, greatest(log_last_at, clock_timestamp()), pruned_before,
           log_base, keep_days, removed_before
      FROM tally.team
     WHERE team_id = $1
    """
  ) { (row) throws(PostgresError) in
    CheckedTeam(
      state: TeamState(
        id: try row.id(), status: try row.word(), limit: try row.optionalCredits(), period: try row.word(),
        timeZone: try row.next(), inDoubtChargeAfterSeconds: try row.next(), isHalted: try row.next(),
        isOnLegalHold: try row.next()),
      origin: try row.next(), logSize: try row.next(), peaks: try row.next(PostgresBytes.self).bytes,
      lastAt: try row.time(), createdAt: try row.time(), now: try row.time(), prunedBefore: try row.next(),
      logBase: try row.next(), keepDays: try row.next(), removedBefore: try row.optionalTime())
  }
}

extension Statement where Row == ClosedPeriod {
  /// The closed months of a team, the oldest first.
  static let checkClosedPeriods = Statement(
    "check closed periods",
    """
    SELECT c.month, c.period_start, c.period_end, c.index - t.log_base, c.book
      FROM tally.closed_period AS c
      JOIN tally.team AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1 AND c.index >= t.log_base
     ORDER BY c.period_end
    """, row: closedPeriodColumns)
}

extension Statement where Row == CheckedStrays {
  /// Rows of a team behind the end of its log.
  static let checkStrays = Statement(
    "check strays",
    """
    SELECT (SELECT index - t.log_base FROM tally.log_line
             WHERE team_id = t.team_id AND index >= t.log_base + t.log_size ORDER BY index LIMIT 1),
           (SELECT index - t.log_base FROM tally.log_private
             WHERE team_id = t.team_id AND index >= t.log_base + t.log_size ORDER BY index LIMIT 1),
           (SELECT record_id FROM tally.record
             WHERE team_id = t.team_id AND hold_index >= t.log_base + t.log_size ORDER BY hold_index LIMIT 1),
           (SELECT bucket_start FROM tally.usage_bucket
             WHERE team_id = t.team_id AND bucket_start <= t.removed_before - interval '15 minutes'
               AND NOT EXISTS (SELECT FROM tally.removal WHERE team_id = t.team_id AND index IS NULL)
             ORDER BY bucket_start LIMIT 1)
      FROM tally.team AS t
     WHERE t.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    CheckedStrays(
      line: try row.next(), payload: try row.next(), record: try row.optionalID(),
      usage: try row.optionalTime())
  }
}

extension Statement where Row == MemberState {
  /// The members of a team.
  static let checkMembers = Statement(
    "check members",
    "SELECT member_id, role, status, credit_limit, period FROM tally.member WHERE team_id = $1 ORDER BY member_id"
  ) { (row) throws(PostgresError) in
    MemberState(
      id: try row.id(), role: try row.word(), status: try row.word(), limit: try row.optionalCredits(),
      period: try row.word())
  }
}

extension Statement where Row == CheckedKey {
  /// The keys of a team.
  static let checkKeys = Statement(
    "check keys",
    """
    SELECT k.key_id, k.member_id, k.budget_key_id, k.credit_limit, k.period, k.scopes, k.expires_at, k.revoked_at,
           k.rate_per_minute, d.key_hash IS NOT NULL
      FROM tally.api_key AS k
      LEFT JOIN tally.key_directory AS d
        ON d.key_hash = k.key_hash AND d.team_id = k.team_id AND d.key_id = k.key_id
     WHERE k.team_id = $1
     ORDER BY k.key_id
    """
  ) { (row) throws(PostgresError) in
    CheckedKey(
      state: KeyState(
        id: try row.id(), member: try row.id(), budgetSubject: try row.id(), limit: try row.optionalCredits(),
        period: try row.word(), scopes: try row.scopes(), expiresAt: try row.optionalTime(),
        revokedAt: try row.optionalTime(), ratePerMinute: try row.next(Int32?.self).map { Int($0) }),
      isInDirectory: try row.next())
  }
}

extension Statement where Row == Budget {
  /// The budget rows of a team.
  static let checkBudgets = Statement(
    "check budgets",
    """
    SELECT scope, subject_id, period, period_start, period_end, credit_limit, used, held, is_over_limit
      FROM tally.budget
     WHERE team_id = $1
     ORDER BY scope, subject_id, period_start
    """
  ) { (row) throws(PostgresError) in try row.budget() }
}

extension Statement where Row == CheckedUsage {
  /// Reads team, start, the five dimensions and the six counts.
  static let usageColumns: @Sendable (inout RowReader) throws(PostgresError) -> CheckedUsage = {
    (row) throws(PostgresError) in
    CheckedUsage(
      key: UsageKey(
        team: try row.id(), bucketStart: try row.time(), member: try row.id(), key: try row.id(),
        model: try row.next(), quality: try row.next(), size: try row.next()),
      counts: try row.usageCounts())
  }

  /// Usage of a team: buckets from one start (inclusive) up to another (exclusive).
  static let checkUsage = Statement(
    "check usage",
    """
    SELECT team_id, bucket_start, member_id, key_id, model, quality, size, settled, released, refused, images, charged,
           credited
      FROM tally.usage_bucket
     WHERE team_id = $1 AND bucket_start >= $2 AND bucket_start < $3
     ORDER BY bucket_start
    """, row: usageColumns)
}

extension Statement where Row == KeyDirectoryEntry {
  /// Entries of the key directory that no key has: of one team, or of all (null). The table is kept by hash, so it is
  /// looked through once for all teams.
  static let checkStrayDirectoryEntries = Statement(
    "check stray directory entries",
    """
    SELECT d.team_id, d.key_id
      FROM tally.key_directory AS d
     WHERE ($1::uuid IS NULL OR d.team_id = $1)
       AND NOT EXISTS (SELECT FROM tally.api_key
                        WHERE team_id = d.team_id AND key_id = d.key_id AND key_hash = d.key_hash)
     ORDER BY d.team_id, d.key_id
     LIMIT $2
    """
  ) { (row) throws(PostgresError) in KeyDirectoryEntry(team: try row.id(), key: try row.id()) }
}

extension CheckedLine {
  fileprivate init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      index: try row.next(), line: try row.next(PostgresBytes.self).bytes,
      leaf: try row.next(PostgresBytes.self).bytes, nodes: try row.next(PostgresBytes.self).bytes,
      commitment: try row.next(PostgresBytes?.self)?.bytes,
      keyedPayload: try row.next(PostgresBytes?.self)?.bytes)
  }
}

extension CheckedRecord {
  fileprivate init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      id: try row.id(), member: try row.id(), key: try row.id(), instance: try row.id(), state: try row.next(),
      assumed: try row.next(), model: try row.next(), quality: try row.next(), size: try row.next(),
      n: Int(try row.next(Int16.self)), unitPrice: try row.credits(), priceVersion: try row.next(),
      held: try row.credits(), charged: try row.credits(), credited: try row.credits(), variance: try row.credits(),
      teamPeriodStart: try row.optionalTime(), memberPeriodStart: try row.optionalTime(),
      keySubject: try row.optionalID(), keyPeriodStart: try row.optionalTime(), holdIndex: try row.next(),
      resolveIndex: try row.next(), evidenceIndex: try row.next(), createdAt: try row.time(),
      inDoubtAt: try row.optionalTime(),
      resolvedAt: try row.optionalTime(), cause: try row.next())
  }
}
