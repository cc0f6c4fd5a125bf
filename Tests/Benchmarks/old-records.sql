-- Old settled edits of 1,000 teams of their own: psql -v records=10000000 -f old-records.sql

CREATE SCHEMA old;
-- The id of a kind of thing from its number: spread over the index like a random one.
CREATE FUNCTION old.id(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(kind || number)::uuid
$$;

INSERT INTO tally.team (team_id, name, status, time_zone, period, log_origin, log_size, created_at)
SELECT old.id('team', t), 'old-' || t, 'ACTIVE', 'UTC', 'month', 'old/' || old.id('team', t), 0, now()
  FROM generate_series(0, 999) AS t;

-- Edit r is edit r / 1000 of team r % 1000: as if all teams had worked at the same time.
INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n, unit_price,
                          price_version, held, charged, team_period_start, member_period_start, hold_index, resolve_index,
                          created_at, resolved_at, cause, upstream_uuid, prompt_object, result_object, response_object)
SELECT old.id('team', r % 1000), old.id('record', r), old.id('member', r % 1000), old.id('key', r % 1000),
       old.id('instance', 1), 'settled', 'gpt-image-1-mini', 'medium', '1024x1024', 1, 33000, 1, 33000, 33000,
       '2026-01-01', '2026-01-01', 2 * (r / 1000), 2 * (r / 1000) + 1, timestamptz '2026-01-01' + r * interval '1 ms',
       timestamptz '2026-01-01' + r * interval '1 ms', 'delivered', old.id('record', r), '{"prompt":"old"}',
       '["images/old.png"]', '{}'
  FROM generate_series(0, :records - 1) AS r;
INSERT INTO tally.log_line (team_id, index, line, leaf, nodes)
SELECT old.id('team', l % 1000), l / 1000, convert_to(repeat('old line ', 7), 'UTF8'), sha256(int8send(l)), ''
  FROM generate_series(0, 2 * :records - 1) AS l;
INSERT INTO tally.log_private (team_id, index, salt, payload)
SELECT old.id('team', l % 1000), l / 1000, sha256(int8send(l)), '{"promptObject":{}}'
  FROM generate_series(0, 2 * :records - 1) AS l;
INSERT INTO tally.asset (team_id, storage_key, member_id, origin, record_id, created_at)
SELECT old.id('team', r % 1000), 'images/2026_01_01_00_00_00_000_' || old.id('record', r) || '.png',
       old.id('member', r % 1000), 'result', old.id('record', r), '2026-01-01'
  FROM generate_series(0, :records - 1) AS r;
VACUUM ANALYZE;
