-- The naive form of the ledger, to compare with: a stored function for the hold and one for the settlement, each its own
-- transaction that locks the team's row. The tables are copies of Tally's own, with their constraints and indexes and
-- without row level security, so a row weighs the same; the texts and lines come in as parameters, as they would from an
-- application. What the application would have to do besides (lines, hashes) is not counted against it.
--
-- psql -v teams=1000 -v members=4 -f naive.sql, in a database that `tally migrate` has prepared.

DROP SCHEMA IF EXISTS naive CASCADE;
CREATE SCHEMA naive;
CREATE TABLE naive.team (LIKE tally.team INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE naive.budget (LIKE tally.budget INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE naive.record (LIKE tally.record INCLUDING ALL) WITH (fillfactor = 70);
CREATE TABLE naive.log_line (LIKE tally.log_line INCLUDING ALL);
CREATE TABLE naive.log_private (LIKE tally.log_private INCLUDING ALL);
CREATE TABLE naive.usage_bucket (LIKE tally.usage_bucket INCLUDING ALL) WITH (fillfactor = 70);
CREATE TABLE naive.asset (LIKE tally.asset INCLUDING ALL);

-- The id of the team or member of a number: pgbench draws numbers.
CREATE FUNCTION naive.id(kind text, team integer, member integer DEFAULT 0) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (kind || lpad(to_hex(team), 7, '0') || '-0000-4000-8000-' || lpad(to_hex(member), 12, '0'))::uuid
$$;

INSERT INTO naive.team (team_id, name, status, time_zone, period, log_origin, created_at)
SELECT naive.id('a', t), 'naive ' || t, 'ACTIVE', 'UTC', 'month', 'naive/' || naive.id('a', t), now()
  FROM generate_series(1, :teams) AS t;
INSERT INTO naive.budget (team_id, scope, subject_id, period_start, period, period_end, used, held)
SELECT naive.id('a', t), 'team', naive.id('a', t), date_trunc('month', now()), 'month',
       date_trunc('month', now()) + interval '1 month', 0, 0
  FROM generate_series(1, :teams) AS t
 UNION ALL
SELECT naive.id('a', t), 'member', naive.id('b', t, m), date_trunc('month', now()), 'month',
       date_trunc('month', now()) + interval '1 month', 0, 0
  FROM generate_series(1, :teams) AS t, generate_series(1, :members) AS m;
VACUUM ANALYZE naive.team, naive.budget;

CREATE FUNCTION naive.hold(team uuid, member uuid, prompt text, line bytea, payload bytea) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  record uuid := gen_random_uuid();
  hash constant bytea := '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
  price constant bigint := 33000;
  month constant timestamptz := date_trunc('month', now());
  position bigint;
BEGIN
  UPDATE naive.team AS t SET log_size = t.log_size + 1, log_last_at = clock_timestamp() WHERE t.team_id = hold.team
  RETURNING t.log_size - 1 INTO position;
  UPDATE naive.budget AS b SET held = b.held + price
   WHERE b.team_id = hold.team AND b.scope = 'team' AND b.subject_id = hold.team AND b.period_start = month
     AND (b.credit_limit IS NULL OR b.used + b.held + price <= b.credit_limit);
  IF NOT FOUND THEN RAISE 'the team has not enough credits'; END IF;
  UPDATE naive.budget AS b SET held = b.held + price
   WHERE b.team_id = hold.team AND b.scope = 'member' AND b.subject_id = hold.member AND b.period_start = month
     AND (b.credit_limit IS NULL OR b.used + b.held + price <= b.credit_limit);
  IF NOT FOUND THEN RAISE 'the member has not enough credits'; END IF;
  INSERT INTO naive.record (team_id, record_id, member_id, key_id, instance_id, state, is_async, model, quality, size, n,
                            unit_price, price_version, held, team_period_start, member_period_start, hold_index,
                            created_at, prompt_object)
  VALUES (hold.team, record, hold.member, hold.member, hold.team, 'held', false, 'gpt-image-1-mini', 'medium',
          '1024x1024', 1, price, 1, price, month, month, position, clock_timestamp(), hold.prompt);
  INSERT INTO naive.log_line (team_id, index, line, leaf, nodes) VALUES (hold.team, position, hold.line, hash, hash);
  INSERT INTO naive.log_private (team_id, index, salt, payload) VALUES (hold.team, position, hash, hold.payload);
  RETURN record;
END
$$;

CREATE FUNCTION naive.settle(team uuid, member uuid, record uuid, address text, line bytea, payload bytea) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  hash constant bytea := '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
  key constant text := 'images/2026_11_20_09_16_02_118_' || settle.record || '.png';
  bucket constant timestamptz := to_timestamp(floor(extract(epoch FROM now()) / 900) * 900);
  price bigint;
  month timestamptz;
  position bigint;
BEGIN
  UPDATE naive.team AS t SET log_size = t.log_size + 1, log_last_at = clock_timestamp() WHERE t.team_id = settle.team
  RETURNING t.log_size - 1 INTO position;
  UPDATE naive.record AS r
     SET state = 'settled', charged = r.held, resolve_index = position, resolved_at = clock_timestamp(),
         cause = 'delivered', upstream_uuid = settle.record::text, result_object = '["' || key || '"]',
         response_object = '{}', temporary_url = settle.address
   WHERE r.team_id = settle.team AND r.record_id = settle.record AND r.state = 'held'
  RETURNING r.held, r.team_period_start INTO price, month;
  IF NOT FOUND THEN RAISE 'the edit is not held'; END IF;
  UPDATE naive.budget AS b SET held = b.held - price, used = b.used + price
   WHERE b.team_id = settle.team AND b.scope = 'team' AND b.subject_id = settle.team AND b.period_start = month;
  UPDATE naive.budget AS b SET held = b.held - price, used = b.used + price
   WHERE b.team_id = settle.team AND b.scope = 'member' AND b.subject_id = settle.member AND b.period_start = month;
  INSERT INTO naive.log_line (team_id, index, line, leaf, nodes) VALUES (settle.team, position, settle.line, hash, hash);
  INSERT INTO naive.log_private (team_id, index, salt, payload) VALUES (settle.team, position, hash, settle.payload);
  INSERT INTO naive.usage_bucket AS x (team_id, bucket_start, member_id, key_id, model, quality, size, settled, images,
                                       charged)
  VALUES (settle.team, bucket, settle.member, settle.member, 'gpt-image-1-mini', 'medium', '1024x1024', 1, 1, price)
      ON CONFLICT ON CONSTRAINT usage_bucket_pkey DO UPDATE
     SET settled = x.settled + 1, images = x.images + 1, charged = x.charged + excluded.charged;
  INSERT INTO naive.asset (team_id, storage_key, member_id, origin, record_id, created_at)
  VALUES (settle.team, key, settle.member, 'result', settle.record, clock_timestamp());
END
$$;
