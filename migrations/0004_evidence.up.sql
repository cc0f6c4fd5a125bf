-- What finance takes away: books to begin an export with, logs that shrink without losing a proof, logs that begin anew,
-- and the operator's own log.

-- Books

ALTER TABLE tally.closed_period ADD COLUMN book_text bytea;
-- Whoever begins an export with it could not use any other.
ALTER TABLE tally.closed_period ADD CONSTRAINT closed_period_book_text_hash
  CHECK (book_text IS NULL OR sha256(book_text) = book);
COMMENT ON COLUMN tally.closed_period.book_text IS 'The book''s text at that line, with which an export begins; NULL for months that were closed before it was kept, and for the largest books.';

-- It is compressed while the team is locked. A server that was built without the faster way takes its own.
DO $compression$
BEGIN
  ALTER TABLE tally.closed_period ALTER COLUMN book_text SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$compression$;

-- Retention
ALTER TABLE tally.team
  ADD COLUMN pruned_before bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT team_pruned_before_not_negative CHECK (pruned_before >= 0);
COMMENT ON COLUMN tally.team.pruned_before IS 'Lines below this index were pruned, or are being: of most only leaf and nodes are left. An export begins here at the earliest.';

ALTER TABLE tally.record ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN tally.record.erased_at IS 'When what is personal of it was erased; late results are not attached any more; null: it was not.';

-- What may quote a prompt or point to a picture is personal too.
COMMENT ON COLUMN tally.record.error_message IS 'Message that was answered when the edit failed; personal.';
COMMENT ON COLUMN tally.record.error_details IS 'The upstream''s own details that were answered when it refused the edit; personal.';
COMMENT ON COLUMN tally.record.response_object IS 'The upstream''s responseObject, JSON text; personal.';
COMMENT ON COLUMN tally.asset.storage_key IS 'Key in the upstream''s storage; personal.';

CREATE TABLE tally.erasure (
  team_id       uuid        NOT NULL,
  erasure_id    uuid        NOT NULL,
  log_origin    text        NOT NULL,
  member_id     uuid,
  record_ids    uuid[],
  lines_before  bigint,
  until_index   bigint      NOT NULL,
  next_index    bigint      NOT NULL,
  counted       bigint      NOT NULL DEFAULT 0,
  begun_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  index         bigint,
  CONSTRAINT erasure_pkey PRIMARY KEY (team_id, erasure_id),
  CONSTRAINT erasure_has_one_target CHECK (num_nonnulls(member_id, record_ids, lines_before) = 1),
  CONSTRAINT erasure_record_ids_count CHECK (cardinality(record_ids) BETWEEN 1 AND 1000),
  CONSTRAINT erasure_within_its_lines CHECK (0 <= next_index AND next_index <= until_index),
  CONSTRAINT erasure_counted_not_negative CHECK (counted >= 0),
  CONSTRAINT erasure_told_behind_its_lines CHECK (index >= until_index)
);
COMMENT ON TABLE tally.erasure IS 'What was erased or pruned, and what is being: one that was cut off goes on from its row.';
COMMENT ON COLUMN tally.erasure.team_id IS 'The team.';
COMMENT ON COLUMN tally.erasure.erasure_id IS 'The erasure''s id, which its log line has too.';
COMMENT ON COLUMN tally.erasure.log_origin IS 'The log whose indexes these are.';
COMMENT ON COLUMN tally.erasure.member_id IS 'The member that is erased; null: something else is.';
COMMENT ON COLUMN tally.erasure.record_ids IS 'The edits that are erased, ascending; null: something else is.';
COMMENT ON COLUMN tally.erasure.lines_before IS 'The lines below this index are pruned; null: something else is erased.';
COMMENT ON COLUMN tally.erasure.until_index IS 'The log''s size when it began: what is personal in lines below it is erased.';
COMMENT ON COLUMN tally.erasure.next_index IS 'Lines below it are done.';
COMMENT ON COLUMN tally.erasure.counted IS 'Rows that were taken away or emptied so far.';
COMMENT ON COLUMN tally.erasure.begun_at IS 'When it began.';
COMMENT ON COLUMN tally.erasure.index IS 'Index of the log line that tells of it; null: it is not done.';

ALTER TABLE tally.erasure OWNER TO tally_owner;
ALTER TABLE tally.erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE tally.erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY erasure_owner ON tally.erasure FOR ALL TO tally_owner USING (true) WITH CHECK (true);
CREATE POLICY erasure_lane ON tally.erasure FOR ALL TO tally_lane USING (true) WITH CHECK (true);
CREATE POLICY erasure_request ON tally.erasure FOR ALL TO tally_request
  USING (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid))
  WITH CHECK (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON tally.erasure TO tally_lane;
GRANT DELETE ON tally.log_private, tally.asset TO tally_lane;

-- Recovery

-- The operator's log

-- Signing
