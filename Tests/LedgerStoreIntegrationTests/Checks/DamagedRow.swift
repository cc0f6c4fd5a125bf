import LedgerStore

/// One row that somebody changed behind the ledger's back, and what the check must say of it.
struct DamagedRow: Sendable, CustomStringConvertible {
  var invariant: Invariant
  /// The damage, as a superuser does it to `SmallLedger`.
  var sql: String
  /// What the violation's subject must contain: the row.
  var subject: String

  init(_ invariant: Invariant, _ sql: String, _ subject: String) {
    self.invariant = invariant
    self.sql = sql
    self.subject = subject
  }

  var description: String { "\(invariant.rawValue): \(sql)" }

  static func id(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  static let (settled, released, doubted) = (id(0xD1), id(0xD2), id(0xD3))
  static let (held, credited, refused) = (id(0xD4), id(0xD5), id(0xD6))
  static let (team, first, second) = (id(0xA0), id(0xB1), id(0xB2))
  static let (firstKey, secondKey) = (id(0xC1), id(0xC2))

  static let ofTheLog = [
    DamagedRow(.logHasNoGap, "DELETE FROM tally.log_line WHERE index = 7", "log_line 7"),
    DamagedRow(.logHasNoGap, "DELETE FROM tally.log_line WHERE index = 17", "log_line 17"),
    DamagedRow(
      .logHasNoGap, "INSERT INTO tally.log_line SELECT team_id, 18, line, leaf FROM tally.log_line WHERE index = 17",
      "log_line 18"),
    DamagedRow(
      .lineIsCanonical, "UPDATE tally.log_line SET line = line || ' '::bytea WHERE index = 9", "log_line 9"),
    DamagedRow(
      .leafIsHashOfLine, "UPDATE tally.log_line SET leaf = sha256(leaf) WHERE index = 9", "log_line 9"),
    DamagedRow(
      .leafIsHashOfLine,
      """
      UPDATE tally.log_line SET line = convert_to(replace(convert_from(line, 'UTF8'), '"at":"2', '"at":"3'), 'UTF8')
       WHERE index = 17
      """, "log_line 17"),
    DamagedRow(
      .timeNeverGoesBack,
      """
      UPDATE tally.log_line
         SET line = convert_to(regexp_replace(convert_from(line, 'UTF8'), '"at":"[0-9]{4}', '"at":"1999'), 'UTF8')
       WHERE index = 9
      """, "log_line 9"),
    DamagedRow(
      .lineBelongsToItsLog,
      """
      UPDATE tally.log_line SET line = convert_to(replace(convert_from(line, 'UTF8'), '"log":"t', '"log":"u'), 'UTF8')
       WHERE index = 9
      """, "log_line 9"),
    DamagedRow(
      .logHasNoGap,
      """
      UPDATE tally.log_line SET line = convert_to(replace(convert_from(line, 'UTF8'), '"index":9', '"index":8'), 'UTF8')
       WHERE index = 9
      """, "log_line 9"),
    DamagedRow(
      .holdFitsItsBudgets,
      """
      UPDATE tally.log_line
         SET line = convert_to(replace(convert_from(line, 'UTF8'), '"limit":200000', '"limit":40000'), 'UTF8')
      """, "log_line 7"),
    DamagedRow(
      .editIsResolvedOnce,
      """
      UPDATE tally.log_line AS last
         SET line = convert_to(
               regexp_replace(
                 regexp_replace(convert_from(settled.line, 'UTF8'), '"index":6,', '"index":17,'),
                 '"at":"[^"]*"', substring(convert_from(last.line, 'UTF8') FROM '"at":"[^"]*"')), 'UTF8')
        FROM tally.log_line AS settled
       WHERE last.index = 17 AND settled.index = 6
      """, "log_line 17"),
    DamagedRow(
      .lineFollowsFromTheBook,
      """
      UPDATE tally.log_line SET line = convert_to(replace(convert_from(line, 'UTF8'), '"n":1,', '"n":2,'), 'UTF8')
       WHERE index = 5
      """, "log_line 5"),
    DamagedRow(
      .nodesFollowFromLeaves, "UPDATE tally.log_line SET nodes = nodes || nodes WHERE index = 9", "log_line 9"),
    DamagedRow(.headMatchesLog, "UPDATE tally.team SET log_peaks = sha256('') || sha256('')", "team \(team)"),
    DamagedRow(.headMatchesLog, "UPDATE tally.team SET log_origin = 'other'", "team \(team)"),
    DamagedRow(
      .headMatchesLog, "UPDATE tally.team SET log_last_at = log_last_at + interval '1 second'", "team \(team)"),
    DamagedRow(.logHasNoGap, "UPDATE tally.team SET log_size = log_size - 1", "log_line 17"),
    DamagedRow(
      .privatePayloadMatchesLine, "UPDATE tally.log_private SET payload = '{}' WHERE index = 5", "log_private 5"),
    DamagedRow(.privatePayloadMatchesLine, "DELETE FROM tally.log_private WHERE index = 5", "log_private 5"),
    DamagedRow(
      .privatePayloadMatchesLine,
      "INSERT INTO tally.log_private SELECT team_id, 99, salt, payload FROM tally.log_private WHERE index = 5",
      "log_private 99"),
  ]

  static let ofTheTables = [
    DamagedRow(.teamMatchesLog, "UPDATE tally.team SET credit_limit = credit_limit + 1", "team \(team)"),
    DamagedRow(.teamMatchesLog, "UPDATE tally.team SET time_zone = 'Europe/Berlin'", "team \(team)"),
    DamagedRow(.teamMatchesLog, "UPDATE tally.team SET legal_hold = true", "team \(team)"),
    DamagedRow(
      .teamMatchesLog,
      """
      INSERT INTO tally.closed_period
      SELECT team_id, '2025-01-01Z', '2025-02-01Z', '2025-01', 3, sha256('') FROM tally.team
      """, "closed_period 2025-01"),
    DamagedRow(
      .teamMatchesLog,
      """
      INSERT INTO tally.erasure (team_id, erasure_id, log_origin, lines_before, until_index, next_index, index)
      SELECT team_id, '\(id(0xE1))', log_origin, 3, 3, 3, 5 FROM tally.team
      """, "erasure \(id(0xE1))"),
    DamagedRow(
      .memberMatchesLog, "UPDATE tally.member SET role = 'ADMIN' WHERE user_id = 'user-2'", "member \(second)"),
    DamagedRow(
      .memberMatchesLog,
      """
      INSERT INTO tally.member SELECT team_id, '\(id(0xB9))', 'user-9', user_name, NULL, role, status, credit_limit, period,
                                      created_at, created_by, updated_at, updated_by
        FROM tally.member WHERE user_id = 'user-1'
      """, "member \(id(0xB9))"),
    DamagedRow(
      .keyMatchesLog, "UPDATE tally.api_key SET expires_at = NULL WHERE key_id = '\(secondKey)'", "api_key \(secondKey)"
    ),
    DamagedRow(
      .keyMatchesLog, "UPDATE tally.api_key SET scopes = ARRAY['admin'] WHERE key_id = '\(firstKey)'",
      "api_key \(firstKey)"),
    DamagedRow(
      .keyDirectoryMatchesKeys, "DELETE FROM tally.key_directory WHERE key_id = '\(firstKey)'", "api_key \(firstKey)"),
    DamagedRow(
      .keyDirectoryMatchesKeys,
      "INSERT INTO tally.key_directory VALUES (sha256('stolen'), '\(team)', '\(firstKey)')",
      "key_directory of \(firstKey)"),
    DamagedRow(
      .budgetMatchesLog, "UPDATE tally.budget SET credit_limit = credit_limit + 1 WHERE subject_id = '\(first)'",
      "budget member \(first) month"),
    DamagedRow(
      .budgetMatchesLog,
      """
      INSERT INTO tally.budget SELECT team_id, scope, subject_id, period_start - interval '1 day', period, period_start,
                                      credit_limit, 0, 0
        FROM tally.budget WHERE subject_id = '\(first)'
      """, "budget member \(first) month"),
    DamagedRow(.budgetMatchesLog, "DELETE FROM tally.budget WHERE scope = 'key'", "budget key \(firstKey) total"),
    DamagedRow(
      .heldIsSumOfOpenHolds, "UPDATE tally.budget SET held = held + 1 WHERE subject_id = '\(first)'",
      "budget member \(first) month"),
    DamagedRow(
      .usedIsSettledLessCredited, "UPDATE tally.budget SET used = used - 1 WHERE subject_id = '\(second)'",
      "budget member \(second) month"),
    DamagedRow(
      .memberSumsAreTheTeams, "UPDATE tally.budget SET used = used - 1 WHERE subject_id = '\(second)'", "team \(team)"),
    DamagedRow(
      .budgetIsWithinItsLimit,
      """
      ALTER TABLE tally.budget DROP CONSTRAINT budget_within_limit;
      UPDATE tally.budget SET credit_limit = 1 WHERE subject_id = '\(first)'
      """, "budget member \(first) month"),
    DamagedRow(
      .usageMatchesLog, "UPDATE tally.usage_bucket SET charged = charged - 1 WHERE member_id = '\(second)'",
      "\(second) \(secondKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .usageMatchesLog, "DELETE FROM tally.usage_bucket WHERE member_id = '\(first)'",
      "\(first) \(firstKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .usageMatchesLog,
      """
      INSERT INTO tally.usage_bucket SELECT team_id, bucket_start - interval '1 year', member_id, key_id, model, quality,
                                            size, 1, 0, 0, 1, 1, 0
        FROM tally.usage_bucket WHERE member_id = '\(second)'
      """, "\(second) \(secondKey) gpt-image-1-mini medium 1024x1024"),
  ]

  /// A line lies far behind everything: all buckets are closed.
  /// Sums up the days of all usage, as they should be.
  private static let summing = """
    INSERT INTO tally.usage_sum
    SELECT team_id, date_trunc('day', bucket_start, 'UTC') AS day, date_trunc('day', bucket_start, 'UTC') + interval '1 day',
           member_id, key_id, model, quality, size, sum(settled), sum(released), sum(refused), sum(images), sum(charged),
           sum(credited)
      FROM tally.usage_bucket GROUP BY team_id, day, member_id, key_id, model, quality, size;
    INSERT INTO tally.usage_sum_key
    SELECT team_id, span_start, span_end, member_id, key_id, sum(settled), sum(released), sum(refused), sum(images),
           sum(charged), sum(credited)
      FROM tally.usage_sum GROUP BY team_id, span_start, span_end, member_id, key_id;
    INSERT INTO tally.usage_sum_product
    SELECT team_id, span_start, span_end, model, quality, size, sum(settled), sum(released), sum(refused), sum(images),
           sum(charged), sum(credited)
      FROM tally.usage_sum GROUP BY team_id, span_start, span_end, model, quality, size;
    INSERT INTO tally.usage_span (team_id, span_start, span_end, kind)
    SELECT DISTINCT team_id, span_start, span_end, 'day' FROM tally.usage_sum;
    """
  private static let closing = "UPDATE tally.team SET log_last_at = log_last_at + interval '2 days';"

  static let ofRollups = [
    DamagedRow(
      .usageMatchesRecords, "\(closing) UPDATE tally.record SET charged = charged - 1 WHERE record_id = '\(settled)'",
      "\(first) \(firstKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .usageMatchesRecords,
      "\(closing) UPDATE tally.usage_bucket SET released = released + 1 WHERE member_id = '\(second)'",
      "\(second) \(secondKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .usageMatchesRecords, "\(closing) DELETE FROM tally.usage_bucket WHERE member_id = '\(second)'",
      "\(second) \(secondKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .usageMatchesRecords,
      "\(closing) UPDATE tally.record SET resolved_at = resolved_at - interval '1 year' WHERE record_id = '\(released)'",
      "\(first) \(firstKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .usageMatchesRecords, "\(closing) UPDATE tally.record SET credited = 0 WHERE record_id = '\(credited)'",
      "usage_bucket of all time \(second) \(secondKey)"),
    DamagedRow(
      .usageMatchesRecords, "UPDATE tally.record SET credited = 6001 WHERE record_id = '\(credited)'",
      "usage_bucket of all time \(second) \(secondKey)"),
    DamagedRow(
      .spanMatchesUsage,
      """
      \(closing)
      INSERT INTO tally.usage_span (team_id, span_start, span_end, kind)
      SELECT DISTINCT team_id, date_trunc('day', bucket_start, 'UTC'),
                      date_trunc('day', bucket_start, 'UTC') + interval '1 day', 'day'
        FROM tally.usage_bucket
      """, "\(first) \(firstKey) gpt-image-1-mini medium 1024x1024"),
    DamagedRow(
      .spanMatchesUsage,
      """
      INSERT INTO tally.usage_span (team_id, span_start, span_end, kind)
      SELECT team_id, '9000-01-01Z', '9000-01-02Z', 'day' FROM tally.team
      """, "usage_span 9000-01-01"),
    DamagedRow(
      .spanMatchesUsage,
      """
      INSERT INTO tally.usage_sum
      SELECT team_id, '2020-01-01Z', '2020-01-02Z', member_id, key_id, model, quality, size, 0, 0, 0, 0, 0, 0
        FROM tally.usage_bucket
      """, "usage_sum 2020-01-01"),
    DamagedRow(
      .spanMatchesUsage,
      "\(closing) \(summing) UPDATE tally.usage_sum_key SET refused = refused + 1 WHERE member_id = '\(first)'",
      "usage_sum_key"),
    DamagedRow(
      .spanMatchesUsage, "\(closing) \(summing) UPDATE tally.usage_span SET by_key = ''", "usage_span"),
    DamagedRow(
      .spanMatchesUsage, "\(closing) \(summing) DELETE FROM tally.usage_sum_product",
      "usage_sum_product"),
    DamagedRow(
      .spanMatchesUsage,
      """
      INSERT INTO tally.usage_sum_key
      SELECT DISTINCT team_id, '2020-01-01Z'::timestamptz, '2020-01-02Z'::timestamptz, member_id, key_id, 0, 0, 0, 0, 0, 0
        FROM tally.usage_bucket
      """, "usage_sum_key 2020-01-01"),
    DamagedRow(
      .spanMatchesUsage,
      """
      INSERT INTO tally.usage_sum_product
      SELECT DISTINCT team_id, '2020-01-01Z'::timestamptz, '2020-01-02Z'::timestamptz, model, quality, size, 0, 0, 0, 0, 0, 0
        FROM tally.usage_bucket
      """, "usage_sum_product 2020-01-01"),
  ]

  static let ofKeys = [
    DamagedRow(
      .idempotencyKeyMatchesRecord, "DELETE FROM tally.idempotency WHERE record_id = '\(settled)'",
      "idempotency \(first)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord, "DELETE FROM tally.idempotency WHERE record_id = '\(refused)'",
      "idempotency \(first)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      "UPDATE tally.idempotency SET record_id = '\(id(0xD9))' WHERE record_id = '\(settled)'", "idempotency \(first)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      "UPDATE tally.idempotency SET record_id = '\(held)' WHERE record_id = '\(settled)'", "idempotency \(first)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      "UPDATE tally.idempotency SET member_id = '\(second)' WHERE record_id = '\(settled)'", "idempotency \(second)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      "UPDATE tally.idempotency SET key_digest = sha256('other') WHERE record_id = '\(refused)'",
      "idempotency \(first)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      "UPDATE tally.idempotency SET body_hash = sha256('other') WHERE record_id = '\(refused)'", "idempotency \(first)"
    ),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      "UPDATE tally.idempotency SET created_at = created_at + interval '1 day' WHERE record_id = '\(settled)'",
      "idempotency \(first)"),
    DamagedRow(
      .idempotencyKeyMatchesRecord,
      """
      INSERT INTO tally.idempotency SELECT team_id, member_id, sha256('invented'), body_hash, record_id, created_at
        FROM tally.idempotency WHERE record_id = '\(settled)'
      """, "idempotency \(first)"),
  ]
}
