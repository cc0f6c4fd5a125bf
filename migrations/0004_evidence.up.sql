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

-- A log that takes the place of a damaged one counts its lines from 0 again. Its rows are put behind those of the old one,
-- which stay where they are: nothing is moved or numbered anew, however long the old log is, and no row of two logs has
-- one number.
ALTER TABLE tally.team
  ADD COLUMN log_base bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT team_log_base_not_negative CHECK (log_base >= 0);
COMMENT ON COLUMN tally.team.log_base IS 'The place of the log''s first line: how many lines the logs had that it took the place of, one after the other.';
COMMENT ON COLUMN tally.log_line.index IS 'The line''s place among all lines of the team: its index in its log, behind the lines of logs that were replaced (team.log_base).';
COMMENT ON COLUMN tally.log_private.index IS 'The line''s place.';
COMMENT ON COLUMN tally.record.hold_index IS 'Place of the log line that held or refused the edit. An edit that was open when its log was replaced is held by the first line of the new one, and keeps this place.';
COMMENT ON COLUMN tally.record.resolve_index IS 'Place of the log line that settled or released it.';
COMMENT ON COLUMN tally.record.evidence_index IS 'Place of the log line that told what really became of it after it had been resolved otherwise.';
COMMENT ON COLUMN tally.closed_period.index IS 'Place of the log line that closed it.';
COMMENT ON COLUMN tally.noted.index IS 'Place of the log line. One in a log that was replaced does not count: the new log tells it again.';

CREATE TABLE tally.replaced_log (
  team_id      uuid        NOT NULL,
  base         bigint      NOT NULL,
  log_origin   text        NOT NULL,
  size         bigint      NOT NULL,
  peaks        bytea       NOT NULL,
  last_at      timestamptz NOT NULL,
  replaced_at  timestamptz NOT NULL,
  book         bytea       NOT NULL,
  CONSTRAINT replaced_log_pkey PRIMARY KEY (team_id, base),
  CONSTRAINT replaced_log_base_not_negative CHECK (base >= 0),
  CONSTRAINT replaced_log_size_not_negative CHECK (size >= 0),
  CONSTRAINT replaced_log_peaks_length CHECK (octet_length(peaks) % 32 = 0 AND octet_length(peaks) <= 2048),
  CONSTRAINT replaced_log_book_length CHECK (octet_length(book) BETWEEN 1 AND 268435456)
);
COMMENT ON TABLE tally.replaced_log IS 'Logs that were damaged, and that another took the place of. Their lines are still there.';
COMMENT ON COLUMN tally.replaced_log.team_id IS 'The team whose log it was.';
COMMENT ON COLUMN tally.replaced_log.base IS 'The place of its first line.';
COMMENT ON COLUMN tally.replaced_log.log_origin IS 'Its name.';
COMMENT ON COLUMN tally.replaced_log.size IS 'How many lines the database has of it.';
COMMENT ON COLUMN tally.replaced_log.peaks IS 'Hashes of its complete subtrees as they were, 32 bytes each, largest first.';
COMMENT ON COLUMN tally.replaced_log.last_at IS 'Time of its last line.';
COMMENT ON COLUMN tally.replaced_log.replaced_at IS 'Time of the first line of the log that took its place.';
COMMENT ON COLUMN tally.replaced_log.book IS 'The text of the book that the new log begins with; its SHA-256 stands in that log''s first line.';

-- As for the books of closed months.
DO $compression$
BEGIN
  ALTER TABLE tally.replaced_log ALTER COLUMN book SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$compression$;
ALTER TABLE tally.replaced_log OWNER TO tally_owner;
ALTER TABLE tally.replaced_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE tally.replaced_log FORCE ROW LEVEL SECURITY;
CREATE POLICY replaced_log_owner ON tally.replaced_log FOR ALL TO tally_owner USING (true) WITH CHECK (true);
CREATE POLICY replaced_log_lane ON tally.replaced_log FOR ALL TO tally_lane USING (true) WITH CHECK (true);
CREATE POLICY replaced_log_request ON tally.replaced_log FOR ALL TO tally_request
  USING (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid))
  WITH CHECK (team_id = (SELECT nullif(current_setting('tally.team_id', true), '')::uuid));
GRANT SELECT, INSERT ON tally.replaced_log TO tally_lane;
GRANT SELECT ON tally.replaced_log TO tally_request;
GRANT UPDATE ON tally.noted TO tally_lane;

-- The operator's log

-- It is kept like a team's, under the id 0, which no team has. What its interval lines cover is kept beside it.
CREATE TABLE tally.covered_head (
  team_id     uuid    NOT NULL,
  log_origin  text    NOT NULL,
  size        bigint  NOT NULL,
  root        bytea   NOT NULL,
  CONSTRAINT covered_head_pkey PRIMARY KEY (team_id),
  CONSTRAINT covered_head_size_not_negative CHECK (size >= 0),
  CONSTRAINT covered_head_root_length CHECK (octet_length(root) = 32)
);
COMMENT ON TABLE tally.covered_head IS 'The heads that the newest interval line of the operator''s log covers: one a log.';
COMMENT ON COLUMN tally.covered_head.team_id IS 'The team whose log it is.';
COMMENT ON COLUMN tally.covered_head.log_origin IS 'Name of the log.';
COMMENT ON COLUMN tally.covered_head.size IS 'Number of lines that the head covers.';
COMMENT ON COLUMN tally.covered_head.root IS 'Root of the tree over them.';
-- The heads are hashed in the order of their logs' names, page by page.
CREATE INDEX covered_head_log_origin ON tally.covered_head (log_origin COLLATE "C");

CREATE TABLE tally.covering (
  team_id  uuid        NOT NULL,
  index    bigint      NOT NULL,
  count    bigint      NOT NULL,
  root     bytea       NOT NULL,
  at       timestamptz NOT NULL,
  CONSTRAINT covering_pkey PRIMARY KEY (team_id),
  CONSTRAINT covering_index_not_negative CHECK (index >= 0),
  CONSTRAINT covering_count_not_negative CHECK (count >= 0),
  CONSTRAINT covering_root_length CHECK (octet_length(root) = 32)
);
COMMENT ON TABLE tally.covering IS 'The newest interval line of the operator''s log: one row, or none before the first.';
COMMENT ON COLUMN tally.covering.team_id IS 'The operator''s log''s id, 0.';
COMMENT ON COLUMN tally.covering.index IS 'Place of the line.';
COMMENT ON COLUMN tally.covering.count IS 'How many heads it covers.';
COMMENT ON COLUMN tally.covering.root IS 'Root of the tree over them.';
COMMENT ON COLUMN tally.covering.at IS 'Time of the line.';

DO $policies$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['covered_head', 'covering'] LOOP
    EXECUTE format('ALTER TABLE tally.%I OWNER TO tally_owner', tenant);
    EXECUTE format('ALTER TABLE tally.%I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format('ALTER TABLE tally.%I FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_owner USING (true) WITH CHECK (true)', tenant || '_owner', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_lane USING (true) WITH CHECK (true)', tenant || '_lane', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_request '
                   'USING (team_id = (SELECT nullif(current_setting(''tally.team_id'', true), '''')::uuid)) '
                   'WITH CHECK (team_id = (SELECT nullif(current_setting(''tally.team_id'', true), '''')::uuid))',
                   tenant || '_request', tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON tally.%I TO tally_lane', tenant);
  END LOOP;
END
$policies$;

-- Signing
