-- The audit log's signer: who signs, the newest signed head of each log, and who waits for a newer one.

ALTER TABLE tally.team ADD COLUMN legal_hold boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tally.team.legal_hold IS 'Nothing of the team may be pruned or erased.';

CREATE TABLE tally.checkpoint (
  team_id     uuid        NOT NULL,
  log_origin  text        NOT NULL,
  size        bigint      NOT NULL,
  root        bytea       NOT NULL,
  note        text        NOT NULL,
  signed_at   timestamptz NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (team_id, log_origin),
  CONSTRAINT checkpoint_size_not_negative CHECK (size >= 0),
  CONSTRAINT checkpoint_root_length CHECK (octet_length(root) = 32),
  CONSTRAINT checkpoint_note_length CHECK (octet_length(note) BETWEEN 1 AND 262144)
);
COMMENT ON TABLE tally.checkpoint IS 'The newest signed head of each log. A log that was opened anew after a loss keeps the last head of the one before.';
COMMENT ON COLUMN tally.checkpoint.team_id IS 'The team whose log it is.';
COMMENT ON COLUMN tally.checkpoint.log_origin IS 'Name of the log, the first line of the note.';
COMMENT ON COLUMN tally.checkpoint.size IS 'Number of lines that the head covers.';
COMMENT ON COLUMN tally.checkpoint.root IS 'Root of the tree over them.';
COMMENT ON COLUMN tally.checkpoint.note IS 'The signed note (docs/audit.md, the texts).';
COMMENT ON COLUMN tally.checkpoint.signed_at IS 'When it was signed.';

-- Empty but for the moment until the signer has answered, so that looking into it costs nothing.
CREATE TABLE tally.head_request (
  team_id      uuid        NOT NULL,
  wanted_size  bigint      NOT NULL,
  asked_at     timestamptz NOT NULL,
  CONSTRAINT head_request_pkey PRIMARY KEY (team_id),
  CONSTRAINT head_request_size_not_negative CHECK (wanted_size >= 0)
);
COMMENT ON TABLE tally.head_request IS 'Teams for whose logs somebody waits for a signed head: a proof, an export.';
COMMENT ON COLUMN tally.head_request.team_id IS 'The team.';
COMMENT ON COLUMN tally.head_request.wanted_size IS 'How many lines the head is to cover, at least.';
COMMENT ON COLUMN tally.head_request.asked_at IS 'When it was asked for last.';

CREATE TABLE tally.closed_period (
  team_id       uuid        NOT NULL,
  period_start  timestamptz NOT NULL,
  period_end    timestamptz NOT NULL,
  month         text        NOT NULL,
  index         bigint      NOT NULL,
  book          bytea       NOT NULL,
  CONSTRAINT closed_period_pkey PRIMARY KEY (team_id, period_end),
  CONSTRAINT closed_period_order CHECK (period_end > period_start),
  CONSTRAINT closed_period_month_form CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
  CONSTRAINT closed_period_index_not_negative CHECK (index >= 0),
  CONSTRAINT closed_period_book_length CHECK (octet_length(book) = 32)
);
COMMENT ON TABLE tally.closed_period IS 'Months that were closed: where in the log an export may begin.';
COMMENT ON COLUMN tally.closed_period.team_id IS 'The team.';
COMMENT ON COLUMN tally.closed_period.period_start IS 'First moment of the month in the team''s zone.';
COMMENT ON COLUMN tally.closed_period.period_end IS 'First moment after it.';
COMMENT ON COLUMN tally.closed_period.month IS 'The month as people write it: 2026-11.';
COMMENT ON COLUMN tally.closed_period.index IS 'Index of the log line that closed it.';
COMMENT ON COLUMN tally.closed_period.book IS 'SHA-256 of the team''s book at that line, which the line holds too.';

CREATE TABLE tally.noted (
  team_id  uuid        NOT NULL,
  note_id  uuid        NOT NULL,
  index    bigint      NOT NULL,
  at       timestamptz NOT NULL,
  CONSTRAINT noted_pkey PRIMARY KEY (team_id, note_id),
  CONSTRAINT noted_index_not_negative CHECK (index >= 0)
);
COMMENT ON TABLE tally.noted IS 'Lines that tell of something outside the books, by the id that their writer gave them: one whose commit is not known is written once.';
COMMENT ON COLUMN tally.noted.team_id IS 'The team.';
COMMENT ON COLUMN tally.noted.note_id IS 'The writer''s id of what it tells.';
COMMENT ON COLUMN tally.noted.index IS 'Index of the log line.';
COMMENT ON COLUMN tally.noted.at IS 'Time of the line.';

CREATE TABLE tally.signer_lease (
  lease_id     smallint    NOT NULL,
  state_id     uuid        NOT NULL,
  holder       uuid        NOT NULL,
  term         bigint      NOT NULL,
  lease_until  timestamptz NOT NULL,
  CONSTRAINT signer_lease_pkey PRIMARY KEY (lease_id),
  CONSTRAINT signer_lease_is_one CHECK (lease_id = 1),
  CONSTRAINT signer_lease_term_positive CHECK (term >= 1)
);
COMMENT ON TABLE tally.signer_lease IS 'Which gateway signs: one row, or none before the first signature.';
COMMENT ON COLUMN tally.signer_lease.lease_id IS 'Always 1.';
COMMENT ON COLUMN tally.signer_lease.state_id IS 'Id of the state file that signatures were noted in; who holds another one may not sign.';
COMMENT ON COLUMN tally.signer_lease.holder IS 'The run of a gateway that has the lease.';
COMMENT ON COLUMN tally.signer_lease.term IS 'Counts the holders: what an earlier one signs is not taken any more.';
COMMENT ON COLUMN tally.signer_lease.lease_until IS 'Until when it has it, on the database''s clock.';

DO $policies$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['checkpoint', 'head_request', 'closed_period', 'noted'] LOOP
    EXECUTE format('ALTER TABLE tally.%I OWNER TO tally_owner', tenant);
    EXECUTE format('ALTER TABLE tally.%I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format('ALTER TABLE tally.%I FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_owner USING (true) WITH CHECK (true)', tenant || '_owner', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_lane USING (true) WITH CHECK (true)', tenant || '_lane', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_request '
                   'USING (team_id = (SELECT nullif(current_setting(''tally.team_id'', true), '''')::uuid)) '
                   'WITH CHECK (team_id = (SELECT nullif(current_setting(''tally.team_id'', true), '''')::uuid))',
                   tenant || '_request', tenant);
  END LOOP;
END
$policies$;

ALTER TABLE tally.signer_lease OWNER TO tally_owner;
GRANT SELECT, INSERT, UPDATE ON tally.checkpoint, tally.signer_lease TO tally_lane;
GRANT SELECT, INSERT, UPDATE, DELETE ON tally.head_request TO tally_lane;
GRANT SELECT, INSERT ON tally.closed_period TO tally_lane;
GRANT SELECT, INSERT, DELETE ON tally.noted TO tally_lane;
GRANT SELECT ON tally.checkpoint, tally.closed_period TO tally_request;
GRANT SELECT, INSERT, UPDATE ON tally.head_request TO tally_request;
