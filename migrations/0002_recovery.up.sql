-- Recovery and retries: what is in doubt and is being asked for, late evidence, answers that are given again.

ALTER TABLE tally.record
  ADD COLUMN evidence_index bigint,
  ADD COLUMN error_status   smallint,
  ADD COLUMN error_details  text,
  ADD CONSTRAINT record_error_status_range CHECK (error_status BETWEEN 400 AND 599),
  ADD CONSTRAINT record_evidence_after_resolution CHECK (evidence_index IS NULL OR evidence_index > resolve_index);
COMMENT ON COLUMN tally.record.evidence_index IS 'Index of the log line that told what really became of it after it had been resolved otherwise.';
COMMENT ON COLUMN tally.record.error_status IS 'HTTP status that was answered when the edit failed, for retries under the same Idempotency-Key.';
COMMENT ON COLUMN tally.record.error_details IS 'The upstream''s own details that were answered when it refused the edit.';

-- Work in doubt is rare, so it has a table of its own: an index on the state of every record would cost each edit its
-- HOT update.
CREATE TABLE tally.doubt (
  team_id        uuid        NOT NULL,
  record_id      uuid        NOT NULL,
  in_doubt_at    timestamptz NOT NULL,
  upstream_uuid  text,
  ask_at         timestamptz NOT NULL,
  asks           integer     NOT NULL DEFAULT 0,
  CONSTRAINT doubt_pkey PRIMARY KEY (team_id, record_id),
  CONSTRAINT doubt_asks_not_negative CHECK (asks >= 0)
);
COMMENT ON TABLE tally.doubt IS 'Edits whose truth is not known: those in doubt, and those that were resolved without evidence while the upstream may still be asked.';
COMMENT ON COLUMN tally.doubt.team_id IS 'The team.';
COMMENT ON COLUMN tally.doubt.record_id IS 'The record.';
COMMENT ON COLUMN tally.doubt.in_doubt_at IS 'Time of the line that put it in doubt.';
COMMENT ON COLUMN tally.doubt.upstream_uuid IS 'The upstream''s own id of the work, under which it can be asked; null: not known.';
COMMENT ON COLUMN tally.doubt.ask_at IS 'When the upstream is to be asked next.';
COMMENT ON COLUMN tally.doubt.asks IS 'How often it was asked.';

INSERT INTO tally.doubt (team_id, record_id, in_doubt_at, upstream_uuid, ask_at)
SELECT team_id, record_id, in_doubt_at, upstream_uuid, in_doubt_at
  FROM tally.record
 WHERE state = 'in_doubt';

ALTER TABLE tally.doubt OWNER TO tally_owner;
ALTER TABLE tally.doubt ENABLE ROW LEVEL SECURITY;
ALTER TABLE tally.doubt FORCE ROW LEVEL SECURITY;
CREATE POLICY doubt_owner ON tally.doubt FOR ALL TO tally_owner USING (true) WITH CHECK (true);
CREATE POLICY doubt_lane ON tally.doubt FOR ALL TO tally_lane USING (true) WITH CHECK (true);
CREATE POLICY doubt_request ON tally.doubt FOR ALL TO tally_request
  USING (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid))
  WITH CHECK (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON tally.doubt TO tally_lane;

-- Old keys are pruned by age, the oldest first. Not BRIN: pages that pruning empties are filled with new keys, and their
-- ranges would look old for ever.
CREATE INDEX idempotency_created_at ON tally.idempotency (created_at);
GRANT DELETE ON tally.idempotency, tally.instance TO tally_lane;

-- Only statements that name the second column may use these two. Both begin with team_id, as the primary keys do, so for
-- a table without statistics the planner finds them as good as those, and a plan that a lane made on small tables went on
-- to read all records of a team for each one it looked for.
ALTER TABLE tally.record DROP CONSTRAINT record_hold_index_unique;
CREATE UNIQUE INDEX record_hold_index_unique ON tally.record (team_id, hold_index) WHERE hold_index IS NOT NULL;
ALTER TABLE tally.member DROP CONSTRAINT member_user_id_unique;
CREATE UNIQUE INDEX member_user_id_unique ON tally.member (team_id, user_id) WHERE user_id IS NOT NULL;

-- A settled record is twice as long as a held one. Room for it on its page saves the entries in two indexes: 78 of 100
-- settlements are HOT updates instead of 45.
ALTER TABLE tally.record SET (fillfactor = 50);
