-- Reports that are read in milliseconds, alerts, and how long records and usage are kept.

-- Rollups

-- Alerts

-- Retention

ALTER TABLE tally.team
  ADD COLUMN keep_days      bigint,
  ADD COLUMN removed_before timestamptz,
  ADD CONSTRAINT team_keep_days_range CHECK (keep_days BETWEEN 31 AND 36525);
COMMENT ON COLUMN tally.team.keep_days IS 'For how many days records and usage are kept at least; null: for ever.';
COMMENT ON COLUMN tally.team.removed_before IS 'Records that were resolved or refused before it, and usage from before it, were removed, or are being: the end of a closed month. Reports begin here at the earliest. Null: nothing was removed.';

CREATE TABLE tally.removal (
  team_id      uuid        NOT NULL,
  removal_id   uuid        NOT NULL,
  before       timestamptz NOT NULL,
  until_index  bigint      NOT NULL,
  next_index   bigint      NOT NULL DEFAULT 0,
  records      bigint      NOT NULL DEFAULT 0,
  buckets      bigint      NOT NULL DEFAULT 0,
  begun_at     timestamptz NOT NULL,
  index        bigint,
  CONSTRAINT removal_pkey PRIMARY KEY (team_id, removal_id),
  CONSTRAINT removal_within_its_lines CHECK (0 <= next_index AND next_index <= until_index),
  CONSTRAINT removal_counts_not_negative CHECK (records >= 0 AND buckets >= 0)
);
COMMENT ON TABLE tally.removal IS 'Removals of records and usage that a team keeps no longer: one that was cut off goes on from its row.';
COMMENT ON COLUMN tally.removal.team_id IS 'The team.';
COMMENT ON COLUMN tally.removal.removal_id IS 'The removal''s id, which its log line has too.';
COMMENT ON COLUMN tally.removal.before IS 'What was resolved or refused before it is removed: the end of a closed month.';
COMMENT ON COLUMN tally.removal.until_index IS 'Place of the log line that closed that month: no edit that was held from there on is meant.';
COMMENT ON COLUMN tally.removal.next_index IS 'Edits that were held by lines below this place are done.';
COMMENT ON COLUMN tally.removal.records IS 'Records that were removed so far.';
COMMENT ON COLUMN tally.removal.buckets IS 'Rows of usage that were removed so far.';
COMMENT ON COLUMN tally.removal.begun_at IS 'When it began.';
COMMENT ON COLUMN tally.removal.index IS 'Place of the log line that tells of it; null: it is not done.';

ALTER TABLE tally.removal OWNER TO tally_owner;
ALTER TABLE tally.removal ENABLE ROW LEVEL SECURITY;
ALTER TABLE tally.removal FORCE ROW LEVEL SECURITY;
CREATE POLICY removal_owner ON tally.removal FOR ALL TO tally_owner USING (true) WITH CHECK (true);
CREATE POLICY removal_lane ON tally.removal FOR ALL TO tally_lane USING (true) WITH CHECK (true);
CREATE POLICY removal_request ON tally.removal FOR ALL TO tally_request
  USING (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid))
  WITH CHECK (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON tally.removal TO tally_lane;
GRANT DELETE ON tally.record, tally.usage_bucket TO tally_lane;

-- Administrative lines

-- What changed the team, its members, keys and policies, and who read or took away what: a few lines among very many of
-- edits. This finds them; what they tell stands in the lines only.
CREATE TABLE tally.administrative_line (
  team_id    uuid        NOT NULL,
  action     text        NOT NULL,
  index      bigint      NOT NULL,
  at         timestamptz NOT NULL,
  actor      text        NOT NULL,
  resources  uuid[]      NOT NULL,
  CONSTRAINT administrative_line_pkey PRIMARY KEY (team_id, action, index),
  CONSTRAINT administrative_line_index_not_negative CHECK (index >= 0)
);
COMMENT ON TABLE tally.administrative_line IS 'Log lines that tell of no edit, by their action.';
COMMENT ON COLUMN tally.administrative_line.team_id IS 'The team whose log it is.';
COMMENT ON COLUMN tally.administrative_line.action IS 'The line''s action.';
COMMENT ON COLUMN tally.administrative_line.index IS 'The line''s place.';
COMMENT ON COLUMN tally.administrative_line.at IS 'The line''s time.';
COMMENT ON COLUMN tally.administrative_line.actor IS 'The line''s actor.';
COMMENT ON COLUMN tally.administrative_line.resources IS 'The ids that stand in the line''s own fields; the team''s where there are none.';

INSERT INTO tally.administrative_line (team_id, action, index, at, actor, resources)
SELECT team_id, text::json ->> 'action', index, (text::json ->> 'at')::timestamptz, text::json ->> 'actor',
       CASE WHEN cardinality(ids) > 0 THEN ids ELSE ARRAY[team_id] END
  FROM (SELECT l.team_id, l.index, l.text,
               ARRAY(SELECT DISTINCT m[1]::uuid
                       FROM regexp_matches(
                              l.text, '"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"', 'g') AS m
                      ORDER BY 1) AS ids
          FROM (SELECT team_id, index, convert_from(line, 'UTF8') AS text
                  FROM tally.log_line
                 WHERE substring(line FROM 1 FOR 11) = '{"action":"'::bytea
                   AND substring(line FROM 1 FOR 16) <> '{"action":"edit.'::bytea OFFSET 0) AS l) AS l;

ALTER TABLE tally.administrative_line OWNER TO tally_owner;
ALTER TABLE tally.administrative_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE tally.administrative_line FORCE ROW LEVEL SECURITY;
CREATE POLICY administrative_line_owner ON tally.administrative_line FOR ALL TO tally_owner USING (true) WITH CHECK (true);
CREATE POLICY administrative_line_lane ON tally.administrative_line FOR ALL TO tally_lane USING (true) WITH CHECK (true);
CREATE POLICY administrative_line_request ON tally.administrative_line FOR ALL TO tally_request
  USING (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid))
  WITH CHECK (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid));
GRANT SELECT, INSERT ON tally.administrative_line TO tally_lane;
GRANT SELECT ON tally.administrative_line TO tally_request;
