-- Old settled edits for the teams that `tally bench ledger` made: what old-records calls. Nothing here is run in production.
--
-- Edit r belongs to slot r % slots, and a slot is a member with its key: as if all members had worked side by side. A team's
-- old lines stand behind those that it has, so its log goes on after them as any log does; only that the lines' texts and
-- hashes mean nothing.
CREATE SCHEMA old;
SET maintenance_work_mem = '1GB';

CREATE TABLE old.slot AS
SELECT row_number() OVER (ORDER BY t.team_id, m.member_id) - 1 AS slot, t.team_id, m.member_id, k.key_id,
       t.log_size AS first_line, row_number() OVER (PARTITION BY t.team_id ORDER BY m.member_id) - 1 AS place,
       count(*) OVER (PARTITION BY t.team_id) AS members
  FROM tally.team AS t
  JOIN tally.member AS m ON m.team_id = t.team_id
  JOIN tally.api_key AS k ON k.team_id = m.team_id AND k.member_id = m.member_id;
ANALYZE old.slot;

-- Edits came at equal distances.
CREATE FUNCTION old.moment(r bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT timestamptz '2026-01-01 00:00:00+00' + r * interval '200 ms'
$$;

-- The id of edit r: as a gateway's, a UUID of version 7 (RFC 9562), the milliseconds of its moment and then at random.
CREATE FUNCTION old.id(r bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM old.moment(r)) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' ||
          substr(h, 4, 15))::uuid
    FROM md5(r::text) AS h
$$;

-- The first so many edits, with the position of their holds in their teams' logs.
CREATE FUNCTION old.edit(edits bigint)
  RETURNS TABLE (r bigint, team_id uuid, member_id uuid, key_id uuid, hold_index bigint) LANGUAGE sql STABLE AS $$
  SELECT g.r, s.team_id, s.member_id, s.key_id,
         s.first_line + 2 * (g.r / (SELECT count(*) FROM old.slot) * s.members + s.place)
    FROM generate_series(0, edits - 1) AS g (r)
    JOIN old.slot AS s ON s.slot = g.r % (SELECT count(*) FROM old.slot)
$$;

-- Fills a table without its indexes and makes them anew: in order, which takes minutes where single entries take an hour.
CREATE PROCEDURE old.fill(target regclass, rows text) LANGUAGE plpgsql AS $$
DECLARE
  kept        record;
  definition  text;
  definitions text[] := '{}';
BEGIN
  FOR kept IN SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint
               WHERE conrelid = target AND contype IN ('p', 'u') LOOP
    definitions := definitions || format('ALTER TABLE %s ADD CONSTRAINT %I %s', target, kept.conname, kept.def);
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', target, kept.conname);
  END LOOP;
  FOR kept IN SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS def FROM pg_index
               WHERE indrelid = target LOOP
    definitions := definitions || kept.def;
    EXECUTE format('DROP INDEX %s', kept.name);
  END LOOP;
  EXECUTE rows;
  FOREACH definition IN ARRAY definitions LOOP EXECUTE definition; END LOOP;
END
$$;

CREATE PROCEDURE old.fill_records(edits bigint) LANGUAGE sql AS $$
  CALL old.fill('tally.record', format($rows$
    INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n, unit_price,
                              price_version, held, charged, team_period_start, member_period_start, hold_index,
                              resolve_index, created_at, resolved_at, cause, upstream_uuid, prompt_object, result_object,
                              response_object)
    SELECT team_id, old.id(r), member_id, key_id, '00000000-0000-0000-0000-000000000001', 'settled', 'gpt-image-1-mini',
           'medium', '1024x1024', 1, 33000, 1, 33000, 33000, '2026-01-01', '2026-01-01', hold_index, hold_index + 1,
           old.moment(r), old.moment(r), 'delivered', r::text, '{"prompt":"old"}', '["images/old.png"]', '{}'
      FROM old.edit(%s)$rows$, edits))
$$;

CREATE PROCEDURE old.fill_assets(edits bigint) LANGUAGE sql AS $$
  CALL old.fill('tally.asset', format($rows$
    INSERT INTO tally.asset (team_id, storage_key, member_id, origin, record_id, created_at)
    SELECT team_id, 'images/2026_01_01_00_00_00_000_' || old.id(r) || '.png', member_id, 'result', old.id(r), '2026-01-01'
      FROM old.edit(%s)$rows$, edits))
$$;

-- One line for the hold and one for the settlement, each with as many hashes of inner nodes as a line has on average.
CREATE PROCEDURE old.fill_lines(edits bigint) LANGUAGE sql AS $$
  CALL old.fill('tally.log_line', format($rows$
    INSERT INTO tally.log_line (team_id, index, line, leaf, nodes)
    SELECT e.team_id, e.hold_index + part, convert_to(repeat('old line ', 7), 'UTF8'), h.hash, h.hash
      FROM old.edit(%s) AS e
     CROSS JOIN generate_series(0, 1) AS part
     CROSS JOIN LATERAL (SELECT sha256(int8send(2 * e.r + part)) AS hash) AS h$rows$, edits))
$$;

CREATE PROCEDURE old.fill_payloads(edits bigint) LANGUAGE sql AS $$
  CALL old.fill('tally.log_private', format($rows$
    INSERT INTO tally.log_private (team_id, index, salt, payload)
    SELECT e.team_id, e.hold_index + part, sha256(int8send(2 * e.r + part)), '{"promptObject":{}}'
      FROM old.edit(%s) AS e
     CROSS JOIN generate_series(0, 1) AS part$rows$, edits))
$$;

-- Ten edits of a member in each quarter of an hour.
CREATE PROCEDURE old.fill_usage(edits bigint) LANGUAGE sql AS $$
  CALL old.fill('tally.usage_bucket', format($rows$
    INSERT INTO tally.usage_bucket (team_id, bucket_start, member_id, key_id, model, quality, size, settled, images, charged)
    SELECT team_id, timestamptz '2026-01-01' + r / (SELECT count(*) FROM old.slot) * interval '15 minutes', member_id,
           key_id, 'gpt-image-1-mini', 'medium', '1024x1024', 10, 10, 330000
      FROM old.edit(%s)$rows$, edits / 10))
$$;

-- The teams' logs go on behind the old lines. A log of n lines has as many peaks as n has ones in binary.
CREATE PROCEDURE old.extend_logs(edits bigint) LANGUAGE sql AS $$
  UPDATE tally.team AS t
     SET log_size = n.size, log_peaks = decode(repeat('00', 32 * length(replace(n.size::bit(64)::text, '0', ''))), 'hex')
    FROM (SELECT team_id, min(first_line) + 2 * count(*) * (edits / (SELECT count(*) FROM old.slot)) AS size
            FROM old.slot
           GROUP BY team_id) AS n
   WHERE t.team_id = n.team_id
$$;
