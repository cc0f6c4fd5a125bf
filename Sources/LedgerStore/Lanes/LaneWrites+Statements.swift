import Postgres

/// None of the updates names the teams a second time as `team_id = ANY(…)`: each look-up would go through all of them
/// once more (measured: 115 us a row instead of 10 with 1,024 rows), and on tables without statistics the planner takes
/// it for the better half of the key and reads all rows of the teams.
extension LaneWrites {
  static let insertTeam = Statement<Void>(
    "lane_insert_team",
    """
    INSERT INTO tally.team (team_id, name, status, time_zone, period, credit_limit, in_doubt_charge_seconds, log_origin,
                            created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)

  static let changeTeam = Statement<Void>(
    "lane_change_team",
    """
    UPDATE tally.team
       SET status = $2, time_zone = $3, period = $4, credit_limit = $5, in_doubt_charge_seconds = $6
     WHERE team_id = $1
    """)

  static let haltTeams = Statement<Void>(
    "lane_halt_teams",
    "UPDATE tally.team SET is_halted = true, halt_cause = 'lost_hold' WHERE team_id = ANY($1::uuid[])")

  /// Also for teams without a new line: a COMMIT of a transaction that wrote waits for a synchronous standby.
  static let updateTeams = Statement<Void>(
    "lane_update_teams",
    """
    UPDATE tally.team AS x
       SET log_size = v.log_size, log_peaks = v.log_peaks, log_last_at = v.log_last_at
      FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::timestamptz[])
           AS v (team_id, log_size, log_peaks, log_last_at)
     WHERE x.team_id = v.team_id
    """)

  static let insertMember = Statement<Void>(
    "lane_insert_member",
    """
    INSERT INTO tally.member (team_id, member_id, user_id, user_name, user_avatar, role, status, credit_limit, period,
                              created_at, created_by, updated_at, updated_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $11)
    """)

  static let changeMember = Statement<Void>(
    "lane_change_member",
    """
    UPDATE tally.member
       SET role = $3, status = $4, credit_limit = $5, period = $6, updated_at = $7, updated_by = $8
     WHERE team_id = $1 AND member_id = $2
    """)

  static let insertKey = Statement<Void>(
    "lane_insert_key",
    """
    INSERT INTO tally.api_key (team_id, key_id, member_id, budget_key_id, key_hash, hint, scopes, credit_limit, period,
                               rate_per_minute, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """)

  static let insertKeyHash = Statement<Void>(
    "lane_insert_key_hash",
    "INSERT INTO tally.key_directory (key_hash, team_id, key_id) VALUES ($1, $2, $3)")

  static let changeKey = Statement<Void>(
    "lane_change_key",
    """
    UPDATE tally.api_key
       SET expires_at = $3, revoked_at = $4
     WHERE team_id = $1 AND key_id = $2
    """)

  static let insertBudgets = Statement<Void>(
    "lane_insert_budgets",
    """
    INSERT INTO tally.budget (team_id, scope, subject_id, period_start, period, period_end, credit_limit, used, held,
                              is_over_limit)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::timestamptz[],
                         $7::bigint[], $8::bigint[], $9::bigint[], $10::boolean[])
    """)

  static let updateBudgets = Statement<Void>(
    "lane_update_budgets",
    """
    UPDATE tally.budget AS x
       SET period_end = v.period_end, credit_limit = v.credit_limit, used = v.used, held = v.held,
           is_over_limit = v.is_over_limit
      FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::bigint[],
                  $8::bigint[], $9::bigint[], $10::boolean[])
           AS v (team_id, scope, subject_id, period_start, period, period_end, credit_limit, used, held, is_over_limit)
     WHERE x.team_id = v.team_id AND x.scope = v.scope AND x.subject_id = v.subject_id
       AND x.period_start = v.period_start
    """)

  static let insertRecords = Statement<Void>(
    "lane_insert_records",
    """
    INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, is_async, model, quality, size,
                              n, unit_price, price_version, held, team_period_start, member_period_start,
                              key_subject_id, key_period_start, hold_index, created_at, cause, prompt_object, metadata)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::boolean[],
                         $8::text[], $9::text[], $10::text[], $11::smallint[], $12::bigint[], $13::bigint[],
                         $14::bigint[], $15::timestamptz[], $16::timestamptz[], $17::uuid[], $18::timestamptz[],
                         $19::bigint[], $20::timestamptz[], $21::text[], $22::text[], $23::text[])
    """)

  /// A key whose record's answer is not sticky is taken over.
  static let writeClaims = Statement<Void>(
    "lane_write_claims",
    """
    INSERT INTO tally.idempotency (team_id, member_id, key_digest, body_hash, record_id, created_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::uuid[], $6::timestamptz[])
        ON CONFLICT ON CONSTRAINT idempotency_pkey DO UPDATE
       SET body_hash = excluded.body_hash, record_id = excluded.record_id, created_at = excluded.created_at
    """)

  static let updateRecords = Statement<Void>(
    "lane_update_records",
    """
    UPDATE tally.record AS x
       SET state = v.state, assumed = v.assumed, charged = v.charged, credited = v.credited,
           variance = greatest(x.variance, v.variance), resolve_index = coalesce(x.resolve_index, v.resolve_index),
           evidence_index = coalesce(x.evidence_index, v.evidence_index),
           in_doubt_at = coalesce(x.in_doubt_at, v.in_doubt_at),
           resolved_at = CASE WHEN v.state <> 'in_doubt' THEN coalesce(x.resolved_at, v.at) END,
           cause = coalesce(v.cause, x.cause), upstream_uuid = coalesce(v.upstream_uuid, x.upstream_uuid),
           error_code = coalesce(v.error_code, x.error_code),
           error_message = coalesce(v.error_message, x.error_message),
           error_status = coalesce(v.error_status, x.error_status),
           error_details = coalesce(v.error_details, x.error_details),
           result_object = coalesce(v.result_object, x.result_object),
           response_object = coalesce(v.response_object, x.response_object),
           temporary_url = coalesce(v.temporary_url, x.temporary_url)
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::bigint[], $6::bigint[], $7::bigint[],
                  $8::bigint[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
                  $15::text[], $16::text[], $17::timestamptz[], $18::bigint[], $19::smallint[], $20::text[])
           AS v (team_id, record_id, state, assumed, charged, credited, variance, resolve_index, at, cause,
                 upstream_uuid, error_code, error_message, result_object, response_object, temporary_url, in_doubt_at,
                 evidence_index, error_status, error_details)
     WHERE x.team_id = v.team_id AND x.record_id = v.record_id
    """)

  static let insertLines = Statement<Void>(
    "lane_insert_lines",
    """
    INSERT INTO tally.log_line (team_id, index, line, leaf, nodes)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])
    """)

  static let insertPrivate = Statement<Void>(
    "lane_insert_private",
    """
    INSERT INTO tally.log_private (team_id, index, salt, payload)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[])
    """)

  static let addUsage = Statement<Void>(
    "lane_add_usage",
    """
    INSERT INTO tally.usage_bucket AS x (team_id, bucket_start, member_id, key_id, model, quality, size, settled,
                                         released, refused, images, charged, credited)
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                         $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
        ON CONFLICT ON CONSTRAINT usage_bucket_pkey DO UPDATE
       SET settled = x.settled + excluded.settled, released = x.released + excluded.released,
           refused = x.refused + excluded.refused, images = x.images + excluded.images,
           charged = x.charged + excluded.charged, credited = x.credited + excluded.credited
    """)

  /// An upstream that names the same key twice is heard once.
  static let insertAssets = Statement<Void>(
    "lane_insert_assets",
    """
    INSERT INTO tally.asset (team_id, storage_key, member_id, origin, record_id, created_at)
    SELECT v.team_id, v.storage_key, v.member_id, 'result', v.record_id, v.created_at
      FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[])
           AS v (team_id, storage_key, member_id, record_id, created_at)
        ON CONFLICT DO NOTHING
    """)
}
