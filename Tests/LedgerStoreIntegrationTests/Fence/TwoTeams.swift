import Ledger
import Postgres

/// Two teams with one row in each tenant's table, written by hand: what must stay apart.
enum TwoTeams {
  static let first = TeamID(bits: 0xA)
  static let second = TeamID(bits: 0xB)
  /// Tables that have a team's rows and that answer its requests.
  static let tables = [
    "team", "member", "api_key", "budget", "record", "idempotency", "asset", "log_line", "log_private", "usage_bucket",
    "checkpoint", "head_request", "closed_period", "replaced_log", "administrative_line",
    "usage_span", "usage_sum", "usage_sum_key", "usage_sum_product",
  ]
  /// Tables that have a team's rows and that only lanes look at.
  static let laneTables = [
    "doubt", "noted", "erasure", "covered_head", "covering", "removal", "alert", "alert_message",
    "usage_upkeep",
  ]
  /// Tables of these whose rows lanes also remove.
  static let prunedTables = [
    "idempotency", "head_request", "log_private", "asset", "record", "usage_bucket", "usage_span", "usage_sum",
    "usage_sum_key", "usage_sum_product",
  ]

  static func fill(_ database: LedgerDatabase) async throws {
    for (team, hash) in [(first, "aa"), (second, "bb")] {
      try await database.execute(rows(of: team, hash: hash))
    }
  }

  private static func rows(of team: TeamID, hash: String) -> String {
    let other = "'00000000-0000-0000-0000-000000000001'"
    let hash = "decode(repeat('\(hash)', 32), 'hex')"
    return """
      INSERT INTO tally.team (team_id, name, status, time_zone, period, log_origin, created_at)
      VALUES ('\(team)', 'team', 'ACTIVE', 'UTC', 'month', 'log/\(team)', now());
      INSERT INTO tally.member (team_id, member_id, user_id, user_name, role, status, period, created_at, created_by,
                                updated_at, updated_by)
      VALUES ('\(team)', \(other), 'user-1', 'User', 'MEMBER', 'ACTIVE', 'month', now(), 'SYSTEM', now(), 'SYSTEM');
      INSERT INTO tally.api_key (team_id, key_id, member_id, budget_key_id, key_hash, hint, scopes, period, created_at)
      VALUES ('\(team)', \(other), \(other), \(other), \(hash), 'hint', ARRAY['edit'], 'total', now());
      INSERT INTO tally.key_directory (key_hash, team_id, key_id) VALUES (\(hash), '\(team)', \(other));
      INSERT INTO tally.budget (team_id, scope, subject_id, period_start, period, used, held)
      VALUES ('\(team)', 'team', '\(team)', now(), 'total', 0, 0);
      INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n,
                                unit_price, price_version, held, hold_index, created_at, prompt_object)
      VALUES ('\(team)', \(other), \(other), \(other), \(other), 'held', 'm', 'low', '1x1', 1, 1, 1, 1, 0, now(), '{}');
      INSERT INTO tally.idempotency (team_id, member_id, key_digest, body_hash, record_id, created_at)
      VALUES ('\(team)', \(other), \(hash), \(hash), \(other), now());
      INSERT INTO tally.asset (team_id, storage_key, member_id, origin, created_at)
      VALUES ('\(team)', 'picture', \(other), 'upload', now());
      INSERT INTO tally.log_line (team_id, index, line, leaf) VALUES ('\(team)', 0, '', \(hash));
      INSERT INTO tally.log_private (team_id, index, salt, payload) VALUES ('\(team)', 0, \(hash), '');
      INSERT INTO tally.usage_bucket (team_id, bucket_start, member_id, key_id, model, quality, size)
      VALUES ('\(team)', '2026-01-01', \(other), \(other), 'm', 'low', '1x1');
      INSERT INTO tally.doubt (team_id, record_id, in_doubt_at, ask_at) VALUES ('\(team)', \(other), now(), now());
      INSERT INTO tally.checkpoint (team_id, log_origin, size, root, note, signed_at)
      VALUES ('\(team)', 'log/\(team)', 1, \(hash), 'note', now());
      INSERT INTO tally.head_request (team_id, wanted_size, asked_at) VALUES ('\(team)', 1, now());
      INSERT INTO tally.closed_period (team_id, period_start, period_end, month, index, book)
      VALUES ('\(team)', '2026-01-01', '2026-02-01', '2026-01', 0, \(hash));
      INSERT INTO tally.noted (team_id, note_id, index, at) VALUES ('\(team)', \(other), 0, now());
      INSERT INTO tally.erasure (team_id, erasure_id, log_origin, member_id, until_index, next_index)
      VALUES ('\(team)', \(other), 'log/\(team)', \(other), 0, 0);
      INSERT INTO tally.replaced_log (team_id, base, log_origin, size, peaks, last_at, replaced_at, book)
      VALUES ('\(team)', 0, 'log/\(team)', 0, '', now(), now(), 'book');
      INSERT INTO tally.removal (team_id, removal_id, before, until_index, begun_at)
      VALUES ('\(team)', \(other), now(), 0, now());
      INSERT INTO tally.administrative_line (team_id, action, index, at, actor, resources)
      VALUES ('\(team)', 'team.created', 0, now(), 'system', ARRAY['\(team)'::uuid]);
      INSERT INTO tally.usage_span (team_id, span_start, span_end, kind)
      VALUES ('\(team)', '2026-01-01', '2026-01-02', 'day');
      INSERT INTO tally.usage_sum (team_id, span_start, span_end, member_id, key_id, model, quality, size, settled,
                                   released, refused, images, charged, credited)
      VALUES ('\(team)', '2026-01-01', '2026-01-02', \(other), \(other), 'm', 'low', '1x1', 1, 0, 0, 1, 1, 0);
      INSERT INTO tally.usage_sum_key (team_id, span_start, span_end, member_id, key_id, settled, released, refused,
                                       images, charged, credited)
      VALUES ('\(team)', '2026-01-01', '2026-01-02', \(other), \(other), 1, 0, 0, 1, 1, 0);
      INSERT INTO tally.usage_sum_product (team_id, span_start, span_end, model, quality, size, settled, released, refused,
                                           images, charged, credited)
      VALUES ('\(team)', '2026-01-01', '2026-01-02', 'm', 'low', '1x1', 1, 0, 0, 1, 1, 0);
      INSERT INTO tally.usage_upkeep (team_id, touched_at) VALUES ('\(team)', now());
      INSERT INTO tally.covered_head (team_id, log_origin, size, root) VALUES ('\(team)', 'log/\(team)', 1, \(hash));
      INSERT INTO tally.alert (team_id, alert_id, scope, subject_id, thresholds, url, secret, created_at,
                               changed_at)
      VALUES ('\(team)', \(other), 'team', '\(team)', ARRAY[50], 'https://example.com/', \(hash), now(), now());
      INSERT INTO tally.alert_message (team_id, alert_id, period_start, threshold, message_id, period, credit_limit, used,
                                       held, reached_at, due_at)
      VALUES ('\(team)', \(other), '2026-01-01', 50, \(other), 'month', 2, 1, 0, now(), now());
      INSERT INTO tally.covering (team_id, index, count, root, at) VALUES ('\(team)', 0, 1, \(hash), now());
      """
  }

  /// The teams whose rows a statement sees in a table.
  static func teamsSeen(in table: String) -> Statement<String> {
    Statement(
      "teams in \(table)", "SELECT team_id::text FROM tally.\(table) ORDER BY team_id",
      row: { row throws(PostgresError) in try row.next() })
  }

  /// The setting that names the request's team, for one transaction.
  static func confine(to team: String) -> Statement<Void> {
    Statement("confine", "SET LOCAL tally.team_id = '\(team)'", prepared: false)
  }
}
