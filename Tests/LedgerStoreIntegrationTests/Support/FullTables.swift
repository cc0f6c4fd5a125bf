import Ledger
import LedgerStore
import Postgres
import TallyTesting

/// The tables that grow, filled with rows of many teams, so that plans are those of a ledger that has been used for a while.
///
/// The rows obey the tables' constraints and nothing else: what stands in them is never read as what it says.
enum FullTables {
  /// What grows with every edit or every day, with the columns that find a row among its team's: a plan that has one of these
  /// as a filter walks through all that the team ever did.
  static let large: [String: [String]] = [
    "record": ["record_id", "hold_index"], "log_line": ["index"], "log_private": ["index"],
    "budget": ["scope", "subject_id"], "usage_bucket": ["bucket_start"], "usage_span": ["span_start"],
    "usage_sum": ["span_start"], "usage_sum_key": ["span_start"], "usage_sum_product": ["span_start"],
    "asset": ["storage_key"], "administrative_line": ["action"], "alert": ["alert_id"], "alert_message": ["alert_id"],
    "noted": ["note_id"], "idempotency": ["member_id", "key_digest"],
  ]

  /// Teams that the rows are of.
  private static let teams = 100

  /// A migrated database whose tables are full, made once and copied for each test.
  private static let template = DatabaseTemplate(name: "full-tables") { settings in
    try await LedgerDatabase.template.prepare(settings)
    var settings = settings
    settings.statementTimeout = .seconds(60)
    let connection = try await Connection.open(settings, logger: LedgerDatabase.logger)
    try await connection.execute(script: filling, timeout: .seconds(60))
    await connection.close()
  }

  /// Runs a test with a database whose tables are full.
  static func with(_ body: (LedgerDatabase) async throws -> Void) async throws {
    try await withTestDatabase(template: template) { try await body(LedgerDatabase(database: $0)) }
  }

  private static let filling = """
    CREATE TEMP TABLE filler (team_id uuid PRIMARY KEY);
    INSERT INTO filler SELECT md5('team ' || n)::uuid FROM generate_series(1, \(teams)) AS n;
    INSERT INTO tally.team (team_id, name, status, time_zone, period, log_origin, log_size, created_at)
    SELECT team_id, 'filler ' || team_id, 'ACTIVE', 'UTC', 'month', 'tally.local/' || team_id, 400, '2024-01-01'
      FROM filler;
    INSERT INTO tally.member (team_id, member_id, user_id, user_name, role, status, period, created_at, created_by,
                              updated_at, updated_by)
    SELECT team_id, md5('member ' || n)::uuid, 'user-' || n, 'User', 'MEMBER', 'ACTIVE', 'month', '2024-01-01', 'x',
           '2024-01-01', 'x'
      FROM filler, generate_series(1, 10) AS n;
    INSERT INTO tally.api_key (team_id, key_id, member_id, budget_key_id, key_hash, hint, scopes, period, created_at)
    SELECT team_id, md5('key ' || n)::uuid, md5('member ' || n)::uuid, md5('key ' || n)::uuid,
           sha256(convert_to(team_id || 'key ' || n, 'UTF8')), 'aaaa', '{edit}', 'total', '2024-01-01'
      FROM filler, generate_series(1, 10) AS n;
    INSERT INTO tally.log_line (team_id, index, line, leaf)
    SELECT team_id, n, convert_to(repeat('x', 200), 'UTF8'), sha256(convert_to(n::text, 'UTF8'))
      FROM filler, generate_series(0, 399) AS n;
    INSERT INTO tally.log_private (team_id, index, salt, payload)
    SELECT team_id, index, leaf, '{}' FROM tally.log_line JOIN filler USING (team_id);
    INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n,
                              unit_price, price_version, held, charged, hold_index, resolve_index, created_at,
                              resolved_at, prompt_object)
    SELECT team_id, md5('record ' || n)::uuid, md5('member ' || n % 10 + 1)::uuid, md5('key ' || n % 10 + 1)::uuid,
           md5('instance')::uuid, 'settled', 'gpt-image-1-mini', 'medium', '1024x1024', 1, 33000, 1, 33000, 33000,
           n * 2, n * 2 + 1, '2024-01-01'::timestamptz + n * interval '1 hour',
           '2024-01-01'::timestamptz + n * interval '1 hour', '{}'
      FROM filler, generate_series(0, 199) AS n;
    INSERT INTO tally.idempotency (team_id, member_id, key_digest, body_hash, record_id, created_at)
    SELECT team_id, member_id, sha256(convert_to(record_id::text, 'UTF8')),
           sha256(convert_to(record_id::text, 'UTF8')), record_id, created_at
      FROM tally.record JOIN filler USING (team_id);
    INSERT INTO tally.budget (team_id, scope, subject_id, period_start, period, period_end, used, held)
    SELECT team_id, 'member', md5('member ' || n % 10 + 1)::uuid, '2015-01-01'::timestamptz + n / 10 * interval '1 month',
           'month', '2015-01-01'::timestamptz + (n / 10 + 1) * interval '1 month', 0, 0
      FROM filler, generate_series(0, 199) AS n;
    INSERT INTO tally.asset (team_id, storage_key, member_id, origin, record_id, created_at)
    SELECT team_id, 'images/' || record_id || '.png', member_id, 'result', record_id, created_at
      FROM tally.record JOIN filler USING (team_id);
    INSERT INTO tally.administrative_line (team_id, action, index, at, actor, resources)
    SELECT team_id, (ARRAY['export.created', 'key.issued', 'limit.changed', 'member.added', 'report.read'])[n % 5 + 1],
           n, '2024-01-01'::timestamptz + n * interval '1 hour', 'operator', ARRAY[team_id]
      FROM filler, generate_series(0, 199) AS n;
    INSERT INTO tally.noted (team_id, note_id, index, at)
    SELECT team_id, md5('note ' || n)::uuid, n, '2024-01-01'
      FROM filler, generate_series(0, 199) AS n;
    INSERT INTO tally.alert (team_id, alert_id, scope, subject_id, thresholds, url, secret, created_at, changed_at)
    SELECT team_id, md5('alert ' || n)::uuid, 'member', md5('member ' || n % 10 + 1)::uuid, '{50,80}',
           'https://example.com/' || n, sha256('x'), '2024-01-01', '2024-01-01'
      FROM filler, generate_series(1, 20) AS n;
    INSERT INTO tally.alert_message (team_id, alert_id, period_start, threshold, message_id, period, credit_limit, used,
                                     held, reached_at, state, due_at, ended_at)
    SELECT team_id, alert_id, '2020-01-01'::timestamptz + n * interval '1 month', 50, md5(alert_id || 'at ' || n)::uuid,
           'month', 100, 50, 0, '2024-01-01', CASE n WHEN 10 THEN 'waiting' ELSE 'delivered' END, '2024-01-01',
           CASE n WHEN 10 THEN NULL ELSE '2024-01-01'::timestamptz END
      FROM tally.alert JOIN filler USING (team_id), generate_series(1, 10) AS n;
    \(usage(of: "filler", members: "md5('member ' || p % 10 + 1)::uuid", keys: "md5('key ' || p % 10 + 1)::uuid"))
    \(analyzing)
    """

  /// The planner's statistics of these tables: not of the catalogs, which other tests' databases share.
  private static let analyzing =
    "ANALYZE \((["team", "member", "api_key"] + large.keys.sorted()).map { "tally.\($0)" }.joined(separator: ", "));"

  /// Usage of one more team, by its real members and keys: two hundred days up to the last of 2024's summer.
  static func fillUsage(of ledger: SmallLedger, _ database: LedgerDatabase) async throws {
    try await database.execute(
      """
      CREATE TEMP TABLE one (team_id uuid);
      INSERT INTO one VALUES ('\(ledger.team)');
      \(usage(of: "one", members: "'\(ledger.first)'::uuid", keys: "'\(ledger.firstKey)'::uuid"))
      \(analyzing)
      """)
  }

  /// The first moment of that usage, and the end of its last day.
  static let usageStart = Timestamp(rfc3339: "2024-01-01T00:00:00Z") ?? .epoch
  static let usageEnd = Timestamp(rfc3339: "2024-07-19T00:00:00Z") ?? .epoch

  private static func usage(of teams: String, members: String, keys: String) -> String {
    """
    INSERT INTO tally.usage_bucket (team_id, bucket_start, member_id, key_id, model, quality, size, settled, images, charged)
    SELECT team_id, '2024-01-01'::timestamptz + p * interval '12 hours', \(members), \(keys), 'gpt-image-1-mini', 'medium',
           '1024x1024', 1, 1, 33000
      FROM \(teams), generate_series(0, 399) AS p;
    INSERT INTO tally.usage_span (team_id, span_start, span_end, kind)
    SELECT team_id, '2024-01-01'::timestamptz + p * interval '1 day', '2024-01-02'::timestamptz + p * interval '1 day', 'day'
      FROM \(teams), generate_series(0, 199) AS p;
    INSERT INTO tally.usage_sum (team_id, span_start, span_end, member_id, key_id, model, quality, size, settled,
                                 released, refused, images, charged, credited)
    SELECT team_id, s.span_start, s.span_end, b.member_id, b.key_id, b.model, b.quality, b.size, sum(b.settled), 0, 0,
           sum(b.images), sum(b.charged), 0
      FROM \(teams) JOIN tally.usage_span AS s USING (team_id)
      JOIN tally.usage_bucket AS b USING (team_id)
     WHERE b.bucket_start >= s.span_start AND b.bucket_start < s.span_end
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    INSERT INTO tally.usage_sum_key (team_id, span_start, span_end, member_id, key_id, settled, released, refused, images,
                                     charged, credited)
    SELECT team_id, span_start, span_end, member_id, key_id, sum(settled), 0, 0, sum(images), sum(charged), 0
      FROM \(teams) JOIN tally.usage_sum USING (team_id) GROUP BY 1, 2, 3, 4, 5;
    INSERT INTO tally.usage_sum_product (team_id, span_start, span_end, model, quality, size, settled, released, refused,
                                         images, charged, credited)
    SELECT team_id, span_start, span_end, model, quality, size, sum(settled), 0, 0, sum(images), sum(charged), 0
      FROM \(teams) JOIN tally.usage_sum USING (team_id) GROUP BY 1, 2, 3, 4, 5, 6;
    """
  }
}
