-- The first migration: roles, teams, members, keys, budgets, records, the log, usage, prices.
--
-- Rules that every table here follows (docs/architecture.md, "The database"):
--   * team_id is the first column of every primary key, unique constraint and foreign key of a tenant's table, so that the
--     tables can be distributed by it. key_directory is the one table without it: a reference table.
--   * Row level security is forced. The request role sees one team: the one in the setting tally.team_id.
--   * No trigger, no sequence, no foreign key onto a row that every edit updates.

-- Roles belong to the cluster, not to the database: made once, found again, never dropped.
DO $roles$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['tally_owner', 'tally_lane', 'tally_request', 'tally_auth'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;  -- another database of this cluster made it
    END;
  END LOOP;
  -- Who migrates may also serve: one login may set itself to all of them.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT tally_owner, tally_lane, tally_request, tally_auth TO %I', current_user);
  END IF;
END
$roles$;

CREATE SCHEMA tally AUTHORIZATION tally_owner;
COMMENT ON SCHEMA tally IS 'The ledger of the Tally gateway.';
GRANT USAGE ON SCHEMA tally TO tally_lane, tally_request, tally_auth;

-- ---------------------------------------------------------------------------------------------------------------- team
CREATE TABLE tally.team (
  team_id                  uuid        NOT NULL,
  name                     text        NOT NULL,
  status                   text        NOT NULL,
  time_zone                text        NOT NULL,
  period                   text        NOT NULL,
  credit_limit             bigint,
  in_doubt_charge_seconds  bigint,
  is_halted                boolean     NOT NULL DEFAULT false,
  log_origin               text        NOT NULL,
  log_size                 bigint      NOT NULL DEFAULT 0,
  log_peaks                bytea       NOT NULL DEFAULT '',
  log_last_at              timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00',
  created_at               timestamptz NOT NULL,
  CONSTRAINT team_pkey PRIMARY KEY (team_id),
  CONSTRAINT team_name_length CHECK (octet_length(name) BETWEEN 1 AND 512),
  CONSTRAINT team_status_known CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  CONSTRAINT team_period_known CHECK (period IN ('month', 'total')),
  CONSTRAINT team_limit_range CHECK (credit_limit BETWEEN 0 AND 9007199254740991),
  CONSTRAINT team_in_doubt_charge_range CHECK (in_doubt_charge_seconds BETWEEN 0 AND 316224000),
  CONSTRAINT team_log_size_range CHECK (log_size >= 0),
  CONSTRAINT team_log_peaks_length CHECK (octet_length(log_peaks) % 32 = 0 AND octet_length(log_peaks) <= 2048)
) WITH (fillfactor = 50);
COMMENT ON TABLE tally.team IS 'One row a team. The row is the lock: whatever belongs to the team''s ledger is changed only while it is held.';
COMMENT ON COLUMN tally.team.team_id IS 'Tally''s own random id.';
COMMENT ON COLUMN tally.team.name IS 'The administrator''s own name for the team; `tally team create` refuses one that is taken.';
COMMENT ON COLUMN tally.team.status IS 'ACTIVE or SUSPENDED. A suspended team''s edits are refused; its open holds still settle.';
COMMENT ON COLUMN tally.team.time_zone IS 'IANA name of the zone in which the team''s months begin.';
COMMENT ON COLUMN tally.team.period IS 'Period of the team''s own budget from its next period on: month or total.';
COMMENT ON COLUMN tally.team.credit_limit IS 'Credits that the whole team may use in one period; null: no limit.';
COMMENT ON COLUMN tally.team.in_doubt_charge_seconds IS 'After how many seconds in doubt an edit is charged in full, marked assumed; null: never.';
COMMENT ON COLUMN tally.team.is_halted IS 'The log does not extend a head that was signed: every command is refused until `tally audit recover`.';
COMMENT ON COLUMN tally.team.log_origin IS 'Name of the team''s log, the first line of its checkpoints.';
COMMENT ON COLUMN tally.team.log_size IS 'Number of lines in the log: the index of the next one.';
COMMENT ON COLUMN tally.team.log_peaks IS 'Hashes of the log''s complete subtrees, 32 bytes each, largest first.';
COMMENT ON COLUMN tally.team.log_last_at IS 'Time of the last line; the next one is never earlier.';
COMMENT ON COLUMN tally.team.created_at IS 'Time of the team''s first line.';

-- -------------------------------------------------------------------------------------------------------------- member
CREATE TABLE tally.member (
  team_id       uuid        NOT NULL,
  member_id     uuid        NOT NULL,
  user_id       text        NOT NULL,
  user_name     text        NOT NULL,
  user_avatar   text,
  role          text        NOT NULL,
  status        text        NOT NULL,
  credit_limit  bigint,
  period        text        NOT NULL,
  created_at    timestamptz NOT NULL,
  created_by    text        NOT NULL,
  updated_at    timestamptz NOT NULL,
  updated_by    text        NOT NULL,
  CONSTRAINT member_pkey PRIMARY KEY (team_id, member_id),
  CONSTRAINT member_user_id_unique UNIQUE (team_id, user_id),
  CONSTRAINT member_user_id_form CHECK (user_id ~ '^[A-Za-z0-9._@+-]{1,128}$'),
  CONSTRAINT member_user_name_length CHECK (octet_length(user_name) BETWEEN 1 AND 512),
  CONSTRAINT member_role_known CHECK (role IN ('ADMIN', 'MEMBER', 'FINANCE')),
  CONSTRAINT member_status_known CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  CONSTRAINT member_period_known CHECK (period IN ('month', 'total')),
  CONSTRAINT member_limit_range CHECK (credit_limit BETWEEN 0 AND 9007199254740991)
);
COMMENT ON TABLE tally.member IS 'The members of a team: the Feature API''s teamUser.';
COMMENT ON COLUMN tally.member.team_id IS 'The member''s team.';
COMMENT ON COLUMN tally.member.member_id IS 'Tally''s own random id, the one that stands in log lines.';
COMMENT ON COLUMN tally.member.user_id IS 'The administrator''s own id of the user; personal.';
COMMENT ON COLUMN tally.member.user_name IS 'Name shown in answers; personal.';
COMMENT ON COLUMN tally.member.user_avatar IS 'Address of a picture shown in answers; personal.';
COMMENT ON COLUMN tally.member.role IS 'ADMIN, MEMBER or FINANCE: which surfaces the member''s keys may use.';
COMMENT ON COLUMN tally.member.status IS 'ACTIVE or SUSPENDED.';
COMMENT ON COLUMN tally.member.credit_limit IS 'Credits that the member may use in one period; null: no limit.';
COMMENT ON COLUMN tally.member.period IS 'Period of the member''s budget from its next period on: month or total.';
COMMENT ON COLUMN tally.member.created_at IS 'Time of the line that added the member.';
COMMENT ON COLUMN tally.member.created_by IS 'Who added the member: SYSTEM, or the operator''s name; personal.';
COMMENT ON COLUMN tally.member.updated_at IS 'Time of the last line that changed the member.';
COMMENT ON COLUMN tally.member.updated_by IS 'Who changed the member last; personal.';

-- ------------------------------------------------------------------------------------------------------------- api_key
CREATE TABLE tally.api_key (
  team_id          uuid        NOT NULL,
  key_id           uuid        NOT NULL,
  member_id        uuid        NOT NULL,
  budget_key_id    uuid        NOT NULL,
  key_hash         bytea       NOT NULL,
  hint             text        NOT NULL,
  scopes           text[]      NOT NULL,
  credit_limit     bigint,
  period           text        NOT NULL,
  rate_per_minute  integer,
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz,
  revoked_at       timestamptz,
  last_used_at     timestamptz,
  CONSTRAINT api_key_pkey PRIMARY KEY (team_id, key_id),
  CONSTRAINT api_key_member_fkey FOREIGN KEY (team_id, member_id) REFERENCES tally.member (team_id, member_id),
  CONSTRAINT api_key_hash_length CHECK (octet_length(key_hash) = 32),
  CONSTRAINT api_key_hint_length CHECK (octet_length(hint) BETWEEN 1 AND 16),
  CONSTRAINT api_key_scopes_known CHECK (scopes <@ ARRAY['edit', 'reports', 'audit', 'admin']),
  CONSTRAINT api_key_period_known CHECK (period IN ('month', 'total')),
  CONSTRAINT api_key_limit_range CHECK (credit_limit BETWEEN 0 AND 9007199254740991),
  CONSTRAINT api_key_rate_range CHECK (rate_per_minute BETWEEN 0 AND 1000000)
);
COMMENT ON TABLE tally.api_key IS 'API keys. The key itself is shown once and never stored.';
COMMENT ON COLUMN tally.api_key.team_id IS 'The key''s team.';
COMMENT ON COLUMN tally.api_key.key_id IS 'Tally''s own random id, the one that stands in log lines.';
COMMENT ON COLUMN tally.api_key.member_id IS 'The member whose edits are sent with this key.';
COMMENT ON COLUMN tally.api_key.budget_key_id IS 'Whose budget counts: the key''s own id, or the first key''s in a chain of rotations.';
COMMENT ON COLUMN tally.api_key.key_hash IS 'SHA-256 of the key''s text.';
COMMENT ON COLUMN tally.api_key.hint IS 'The key''s last characters, so that people can tell keys apart.';
COMMENT ON COLUMN tally.api_key.scopes IS 'What the key may do: edit, reports, audit, admin.';
COMMENT ON COLUMN tally.api_key.credit_limit IS 'Credits that this key may use in one period; null: the key has no budget of its own.';
COMMENT ON COLUMN tally.api_key.period IS 'Period of the key''s budget: month or total.';
COMMENT ON COLUMN tally.api_key.rate_per_minute IS 'Requests a minute; null: the gateway''s default; 0: no rate limit.';
COMMENT ON COLUMN tally.api_key.created_at IS 'Time of the line that issued the key.';
COMMENT ON COLUMN tally.api_key.expires_at IS 'From then on the key is refused; null: never. A rotation sets it to the end of the overlap.';
COMMENT ON COLUMN tally.api_key.revoked_at IS 'From then on the key is refused; null: not revoked.';
COMMENT ON COLUMN tally.api_key.last_used_at IS 'Last request seen, written at most once a minute.';

CREATE TABLE tally.key_directory (
  key_hash  bytea NOT NULL,
  team_id   uuid  NOT NULL,
  key_id    uuid  NOT NULL,
  CONSTRAINT key_directory_pkey PRIMARY KEY (key_hash),
  CONSTRAINT key_directory_hash_length CHECK (octet_length(key_hash) = 32)
);
COMMENT ON TABLE tally.key_directory IS 'Finds the team of a key before any team is known: the one table without a tenant''s column in front.';
COMMENT ON COLUMN tally.key_directory.key_hash IS 'SHA-256 of the key''s text.';
COMMENT ON COLUMN tally.key_directory.team_id IS 'The key''s team.';
COMMENT ON COLUMN tally.key_directory.key_id IS 'The key''s id.';

-- -------------------------------------------------------------------------------------------------------------- budget
CREATE TABLE tally.budget (
  team_id       uuid        NOT NULL,
  scope         text        NOT NULL,
  subject_id    uuid        NOT NULL,
  period_start  timestamptz NOT NULL,
  period        text        NOT NULL,
  period_end    timestamptz,
  credit_limit  bigint,
  used          bigint      NOT NULL,
  held          bigint      NOT NULL,
  is_over_limit boolean     NOT NULL DEFAULT false,
  CONSTRAINT budget_pkey PRIMARY KEY (team_id, scope, subject_id, period_start),
  CONSTRAINT budget_scope_known CHECK (scope IN ('team', 'member', 'key')),
  CONSTRAINT budget_period_known CHECK (period IN ('month', 'total')),
  CONSTRAINT budget_period_order CHECK (period_end > period_start),
  CONSTRAINT budget_limit_range CHECK (credit_limit BETWEEN 0 AND 9007199254740991),
  CONSTRAINT budget_used_not_negative CHECK (used >= 0),
  CONSTRAINT budget_held_not_negative CHECK (held >= 0),
  CONSTRAINT budget_within_limit CHECK (credit_limit IS NULL OR used + held <= credit_limit OR is_over_limit)
) WITH (fillfactor = 50);
COMMENT ON TABLE tally.budget IS 'One row for each budget and period that was ever used. A new period is a new row; a hold settles on the rows that it was taken from.';
COMMENT ON COLUMN tally.budget.team_id IS 'The team.';
COMMENT ON COLUMN tally.budget.scope IS 'Whose budget: team, member or key.';
COMMENT ON COLUMN tally.budget.subject_id IS 'The team''s, the member''s, or the (first) key''s id.';
COMMENT ON COLUMN tally.budget.period_start IS 'First moment of the period; 1970-01-01 for a total.';
COMMENT ON COLUMN tally.budget.period IS 'month or total.';
COMMENT ON COLUMN tally.budget.period_end IS 'First moment after the period; null: it does not end.';
COMMENT ON COLUMN tally.budget.credit_limit IS 'The limit in force in this period; null: none.';
COMMENT ON COLUMN tally.budget.used IS 'Credits charged in this period, less what was credited back.';
COMMENT ON COLUMN tally.budget.held IS 'Credits held by edits that are not resolved yet.';
COMMENT ON COLUMN tally.budget.is_over_limit IS 'An administrator lowered the limit below used + held: every hold is refused until it fits again.';

-- -------------------------------------------------------------------------------------------------------------- record
CREATE TABLE tally.record (
  team_id              uuid        NOT NULL,
  record_id            uuid        NOT NULL,
  member_id            uuid        NOT NULL,
  key_id               uuid        NOT NULL,
  instance_id          uuid        NOT NULL,
  state                text        NOT NULL,
  assumed              boolean     NOT NULL DEFAULT false,
  is_async             boolean     NOT NULL DEFAULT false,
  model                text        NOT NULL,
  quality              text        NOT NULL,
  size                 text        NOT NULL,
  n                    smallint    NOT NULL,
  unit_price           bigint      NOT NULL,
  price_version        bigint      NOT NULL,
  held                 bigint      NOT NULL,
  charged              bigint      NOT NULL DEFAULT 0,
  credited             bigint      NOT NULL DEFAULT 0,
  variance             bigint      NOT NULL DEFAULT 0,
  team_period_start    timestamptz,
  member_period_start  timestamptz,
  key_subject_id       uuid,
  key_period_start     timestamptz,
  hold_index           bigint      NOT NULL,
  resolve_index        bigint,
  created_at           timestamptz NOT NULL,
  in_doubt_at          timestamptz,
  resolved_at          timestamptz,
  cause                text,
  upstream_uuid        text,
  error_code           text,
  error_message        text,
  prompt_object        text        NOT NULL,
  metadata             text,
  result_object        text,
  response_object      text,
  temporary_url        text,
  rating               smallint,
  feedback             text,
  CONSTRAINT record_pkey PRIMARY KEY (team_id, record_id),
  CONSTRAINT record_hold_index_unique UNIQUE (team_id, hold_index),
  CONSTRAINT record_state_known CHECK (state IN ('held', 'in_doubt', 'settled', 'released', 'refused')),
  CONSTRAINT record_n_range CHECK (n BETWEEN 1 AND 10),
  CONSTRAINT record_amounts_not_negative CHECK (unit_price >= 0 AND held >= 0 AND charged >= 0 AND credited >= 0 AND variance >= 0),
  CONSTRAINT record_charge_within_hold CHECK (charged <= held),
  CONSTRAINT record_credit_within_charge CHECK (credited <= charged),
  CONSTRAINT record_charged_when_settled CHECK (charged = 0 OR state = 'settled'),
  CONSTRAINT record_resolved_when_indexed CHECK ((resolve_index IS NOT NULL) = (state IN ('settled', 'released'))),
  CONSTRAINT record_rating_range CHECK (rating BETWEEN 1 AND 5)
) WITH (fillfactor = 70);
COMMENT ON TABLE tally.record IS 'One row for each edit that was submitted and understood, refused ones included: the Feature API''s aiRecord.';
COMMENT ON COLUMN tally.record.team_id IS 'The team.';
COMMENT ON COLUMN tally.record.record_id IS 'The aiRecord''s uuid; goes upstream as X-Request-Id.';
COMMENT ON COLUMN tally.record.member_id IS 'Who submitted the edit.';
COMMENT ON COLUMN tally.record.key_id IS 'The key that it came with.';
COMMENT ON COLUMN tally.record.instance_id IS 'The gateway instance that took the hold.';
COMMENT ON COLUMN tally.record.state IS 'held, in_doubt, settled, released or refused (docs/ledger.md, "States of an edit").';
COMMENT ON COLUMN tally.record.assumed IS 'Charged because nobody could tell in time whether the work was done.';
COMMENT ON COLUMN tally.record.is_async IS 'The member asked for an answer at once.';
COMMENT ON COLUMN tally.record.model IS 'Model of the price book.';
COMMENT ON COLUMN tally.record.quality IS 'low, medium or high.';
COMMENT ON COLUMN tally.record.size IS 'Width x height of the results.';
COMMENT ON COLUMN tally.record.n IS 'Number of results asked for.';
COMMENT ON COLUMN tally.record.unit_price IS 'Credits for one result, as priced when the hold was taken.';
COMMENT ON COLUMN tally.record.price_version IS 'Version of the price book that gave the unit price.';
COMMENT ON COLUMN tally.record.held IS 'Credits that the hold took; 0 for a refused edit. It stays when the hold is resolved.';
COMMENT ON COLUMN tally.record.charged IS 'Credits charged at settling.';
COMMENT ON COLUMN tally.record.credited IS 'Credits of the charge that were given back since.';
COMMENT ON COLUMN tally.record.variance IS 'What the upstream billed above the hold: the operator''s, never the member''s.';
COMMENT ON COLUMN tally.record.team_period_start IS 'Budget row of the team that the hold was taken from; null for a refused edit.';
COMMENT ON COLUMN tally.record.member_period_start IS 'Budget row of the member that the hold was taken from; null for a refused edit.';
COMMENT ON COLUMN tally.record.key_subject_id IS 'Subject of the key''s budget that the hold was taken from; null: the key had none.';
COMMENT ON COLUMN tally.record.key_period_start IS 'Budget row of the key that the hold was taken from; null: the key had none.';
COMMENT ON COLUMN tally.record.hold_index IS 'Index of the log line that held or refused the edit.';
COMMENT ON COLUMN tally.record.resolve_index IS 'Index of the log line that settled or released it.';
COMMENT ON COLUMN tally.record.created_at IS 'Time of the line that held or refused the edit.';
COMMENT ON COLUMN tally.record.in_doubt_at IS 'Time of the line that put it in doubt.';
COMMENT ON COLUMN tally.record.resolved_at IS 'Time of the line that settled or released it.';
COMMENT ON COLUMN tally.record.cause IS 'Why it was released or is in doubt; the scope that refused it.';
COMMENT ON COLUMN tally.record.upstream_uuid IS 'The upstream''s own id of the work.';
COMMENT ON COLUMN tally.record.error_code IS 'errorCode that was answered when the edit failed.';
COMMENT ON COLUMN tally.record.error_message IS 'Message that was answered when the edit failed.';
COMMENT ON COLUMN tally.record.prompt_object IS 'The promptObject as it was forwarded, JSON text; personal.';
COMMENT ON COLUMN tally.record.metadata IS 'The caller''s own metadata object, JSON text; personal.';
COMMENT ON COLUMN tally.record.result_object IS 'Storage keys of the results, a JSON array as text; personal.';
COMMENT ON COLUMN tally.record.response_object IS 'The upstream''s responseObject, JSON text.';
COMMENT ON COLUMN tally.record.temporary_url IS 'Presigned address of the first result, valid for 7 days; personal.';
COMMENT ON COLUMN tally.record.rating IS 'The member''s rating, 1 to 5.';
COMMENT ON COLUMN tally.record.feedback IS 'The member''s feedback; personal.';
-- Recovery looks for young holds of all teams; the column never changes, so the index costs an update nothing.
CREATE INDEX record_created_at_brin ON tally.record USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE tally.idempotency (
  team_id     uuid        NOT NULL,
  member_id   uuid        NOT NULL,
  key_digest  bytea       NOT NULL,
  body_hash   bytea       NOT NULL,
  record_id   uuid        NOT NULL,
  created_at  timestamptz NOT NULL,
  CONSTRAINT idempotency_pkey PRIMARY KEY (team_id, member_id, key_digest),
  CONSTRAINT idempotency_key_digest_length CHECK (octet_length(key_digest) = 32),
  CONSTRAINT idempotency_body_hash_length CHECK (octet_length(body_hash) = 32)
);
COMMENT ON TABLE tally.idempotency IS 'Which record an Idempotency-Key of a member stands for.';
COMMENT ON COLUMN tally.idempotency.team_id IS 'The team.';
COMMENT ON COLUMN tally.idempotency.member_id IS 'The member who sent the key.';
COMMENT ON COLUMN tally.idempotency.key_digest IS 'SHA-256 of the key''s text.';
COMMENT ON COLUMN tally.idempotency.body_hash IS 'SHA-256 of the request''s body: the same key with another body is refused.';
COMMENT ON COLUMN tally.idempotency.record_id IS 'The record that the key stands for.';
COMMENT ON COLUMN tally.idempotency.created_at IS 'Time of the line that held or refused it.';

-- --------------------------------------------------------------------------------------------------------------- asset
CREATE TABLE tally.asset (
  team_id        uuid        NOT NULL,
  storage_key    text        NOT NULL,
  member_id      uuid        NOT NULL,
  origin         text        NOT NULL,
  record_id      uuid,
  media_type     text,
  bytes          bigint,
  original_name  text,
  created_at     timestamptz NOT NULL,
  CONSTRAINT asset_pkey PRIMARY KEY (team_id, storage_key),
  CONSTRAINT asset_storage_key_length CHECK (octet_length(storage_key) BETWEEN 1 AND 1024),
  CONSTRAINT asset_origin_known CHECK (origin IN ('upload', 'result')),
  CONSTRAINT asset_result_has_record CHECK ((origin = 'result') = (record_id IS NOT NULL)),
  CONSTRAINT asset_bytes_not_negative CHECK (bytes >= 0)
);
COMMENT ON TABLE tally.asset IS 'Storage keys that a team may name as imageUrl: what it uploaded, and the results of its edits.';
COMMENT ON COLUMN tally.asset.team_id IS 'The team.';
COMMENT ON COLUMN tally.asset.storage_key IS 'Key in the upstream''s storage.';
COMMENT ON COLUMN tally.asset.member_id IS 'Who uploaded it or whose edit made it.';
COMMENT ON COLUMN tally.asset.origin IS 'upload or result.';
COMMENT ON COLUMN tally.asset.record_id IS 'The edit that made it; null for an upload.';
COMMENT ON COLUMN tally.asset.media_type IS 'What its bytes are; null for a result.';
COMMENT ON COLUMN tally.asset.bytes IS 'Size in bytes; null for a result.';
COMMENT ON COLUMN tally.asset.original_name IS 'File name that the client gave; personal; null for a result.';
COMMENT ON COLUMN tally.asset.created_at IS 'When it was stored.';

-- ------------------------------------------------------------------------------------------------------------- the log
CREATE TABLE tally.log_line (
  team_id  uuid   NOT NULL,
  index    bigint NOT NULL,
  line     bytea  NOT NULL,
  leaf     bytea  NOT NULL,
  nodes    bytea  NOT NULL DEFAULT '',
  CONSTRAINT log_line_pkey PRIMARY KEY (team_id, index),
  CONSTRAINT log_line_index_range CHECK (index >= 0),
  CONSTRAINT log_line_length CHECK (octet_length(line) <= 65536),
  CONSTRAINT log_line_leaf_length CHECK (octet_length(leaf) = 32),
  CONSTRAINT log_line_nodes_length CHECK (octet_length(nodes) % 32 = 0)
);
COMMENT ON TABLE tally.log_line IS 'The audit log: one canonical line for each event of a team''s ledger.';
COMMENT ON COLUMN tally.log_line.team_id IS 'The team whose log it is.';
COMMENT ON COLUMN tally.log_line.index IS 'Position in the log, from 0, without gaps.';
COMMENT ON COLUMN tally.log_line.line IS 'The bytes that are exported and hashed; never re-serialised.';
COMMENT ON COLUMN tally.log_line.leaf IS 'SHA-256(0x00 || line), RFC 6962.';
COMMENT ON COLUMN tally.log_line.nodes IS 'Hashes of the subtrees that this line completes, 32 bytes each, smallest first.';

CREATE TABLE tally.log_private (
  team_id  uuid   NOT NULL,
  index    bigint NOT NULL,
  salt     bytea  NOT NULL,
  payload  bytea  NOT NULL,
  CONSTRAINT log_private_pkey PRIMARY KEY (team_id, index),
  CONSTRAINT log_private_salt_length CHECK (octet_length(salt) = 32)
);
COMMENT ON TABLE tally.log_private IS 'What is personal in a log line. Erasing the row leaves the line and every proof whole.';
COMMENT ON COLUMN tally.log_private.team_id IS 'The team whose log it is.';
COMMENT ON COLUMN tally.log_private.index IS 'The line''s position.';
COMMENT ON COLUMN tally.log_private.salt IS '32 random bytes, so that the line''s hash tells nothing.';
COMMENT ON COLUMN tally.log_private.payload IS 'JSON; the line''s `private` is SHA-256(salt || payload); personal.';

-- --------------------------------------------------------------------------------------------------------------- usage
CREATE TABLE tally.usage_bucket (
  team_id       uuid        NOT NULL,
  bucket_start  timestamptz NOT NULL,
  member_id     uuid        NOT NULL,
  key_id        uuid        NOT NULL,
  model         text        NOT NULL,
  quality       text        NOT NULL,
  size          text        NOT NULL,
  settled       bigint      NOT NULL DEFAULT 0,
  released      bigint      NOT NULL DEFAULT 0,
  refused       bigint      NOT NULL DEFAULT 0,
  images        bigint      NOT NULL DEFAULT 0,
  charged       bigint      NOT NULL DEFAULT 0,
  credited      bigint      NOT NULL DEFAULT 0,
  CONSTRAINT usage_bucket_pkey PRIMARY KEY (team_id, bucket_start, member_id, key_id, model, quality, size),
  CONSTRAINT usage_bucket_aligned CHECK (extract(epoch FROM bucket_start)::bigint % 900 = 0),
  CONSTRAINT usage_bucket_counts_not_negative CHECK (settled >= 0 AND released >= 0 AND refused >= 0 AND images >= 0 AND charged >= 0 AND credited >= 0)
) WITH (fillfactor = 70);
COMMENT ON TABLE tally.usage_bucket IS 'Usage in buckets of 15 minutes, written in the commit that settles, releases, refuses or credits. A closed bucket never changes.';
COMMENT ON COLUMN tally.usage_bucket.team_id IS 'The team.';
COMMENT ON COLUMN tally.usage_bucket.bucket_start IS 'First moment of the bucket, a whole quarter of an hour UTC; the line''s time decides.';
COMMENT ON COLUMN tally.usage_bucket.member_id IS 'The member.';
COMMENT ON COLUMN tally.usage_bucket.key_id IS 'The key.';
COMMENT ON COLUMN tally.usage_bucket.model IS 'The model.';
COMMENT ON COLUMN tally.usage_bucket.quality IS 'The quality.';
COMMENT ON COLUMN tally.usage_bucket.size IS 'The size.';
COMMENT ON COLUMN tally.usage_bucket.settled IS 'Edits settled.';
COMMENT ON COLUMN tally.usage_bucket.released IS 'Edits released.';
COMMENT ON COLUMN tally.usage_bucket.refused IS 'Edits refused for lack of credits.';
COMMENT ON COLUMN tally.usage_bucket.images IS 'Results delivered by the settled edits.';
COMMENT ON COLUMN tally.usage_bucket.charged IS 'Credits charged.';
COMMENT ON COLUMN tally.usage_bucket.credited IS 'Credits given back in this bucket, whenever they were charged.';

-- -------------------------------------------------------------------------------------------------- the operator's own
CREATE TABLE tally.price_version (
  version     bigint      NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by  text        NOT NULL,
  CONSTRAINT price_version_pkey PRIMARY KEY (version),
  CONSTRAINT price_version_positive CHECK (version >= 1)
);
COMMENT ON TABLE tally.price_version IS 'Versions of the price book. Its key puts two changes at once in order: the second waits, fails and tries the next number.';
COMMENT ON COLUMN tally.price_version.version IS 'Number of the version, from 1, without gaps.';
COMMENT ON COLUMN tally.price_version.created_at IS 'When it was entered.';
COMMENT ON COLUMN tally.price_version.created_by IS 'Who entered it.';

CREATE TABLE tally.price (
  version         bigint      NOT NULL,
  model           text        NOT NULL,
  quality         text        NOT NULL,
  size            text        NOT NULL,
  credits         bigint      NOT NULL,
  effective_from  timestamptz NOT NULL,
  CONSTRAINT price_pkey PRIMARY KEY (version, model, quality, size),
  CONSTRAINT price_of_version FOREIGN KEY (version) REFERENCES tally.price_version (version),
  CONSTRAINT price_credits_range CHECK (credits BETWEEN 0 AND 900719925474099)
);
COMMENT ON TABLE tally.price IS 'The price book: credits for one result. Rows are only ever added; the youngest effective one counts, then the highest version.';
COMMENT ON COLUMN tally.price.version IS 'Version of the price book that brought the price.';
COMMENT ON COLUMN tally.price.model IS 'Model, as in the Feature API.';
COMMENT ON COLUMN tally.price.quality IS 'Quality.';
COMMENT ON COLUMN tally.price.size IS 'Size.';
COMMENT ON COLUMN tally.price.credits IS 'Credits for one result.';
COMMENT ON COLUMN tally.price.effective_from IS 'From when on it counts.';

-- Derived from the published price of an image at 3,000,000 credits a US dollar (docs/prices.md).
INSERT INTO tally.price_version (version, created_by) VALUES (1, 'SYSTEM');
INSERT INTO tally.price (version, model, quality, size, credits, effective_from)
SELECT 1, 'gpt-image-1-mini', p.quality, p.size, p.credits, '1970-01-01 00:00:00+00'
  FROM (VALUES ('low', '1024x1024', 15000), ('low', '1024x1536', 18000), ('low', '1536x1024', 18000),
               ('medium', '1024x1024', 33000), ('medium', '1024x1536', 45000), ('medium', '1536x1024', 45000),
               ('high', '1024x1024', 108000), ('high', '1024x1536', 156000), ('high', '1536x1024', 156000)) AS p (quality, size, credits);

CREATE TABLE tally.instance (
  instance_id  uuid        NOT NULL,
  boot_id      text        NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease_until  timestamptz NOT NULL,
  ended_at     timestamptz,
  CONSTRAINT instance_pkey PRIMARY KEY (instance_id)
);
COMMENT ON TABLE tally.instance IS 'Gateway processes and their leases: who is at work.';
COMMENT ON COLUMN tally.instance.instance_id IS 'Random id of one run of a gateway.';
COMMENT ON COLUMN tally.instance.boot_id IS 'Boot id of the machine that it runs on.';
COMMENT ON COLUMN tally.instance.started_at IS 'When it came.';
COMMENT ON COLUMN tally.instance.lease_until IS 'Until when it counts as at work, on the database''s clock.';
COMMENT ON COLUMN tally.instance.ended_at IS 'When it left in good order; null: it has not.';

-- --------------------------------------------------------------------------------------------------- who may see what
DO $policies$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['team', 'member', 'api_key', 'budget', 'record', 'idempotency', 'asset', 'log_line',
                                'log_private', 'usage_bucket'] LOOP
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
    EXECUTE format('GRANT SELECT ON tally.%I TO tally_request', tenant);
  END LOOP;
END
$policies$;

ALTER TABLE tally.key_directory OWNER TO tally_owner;
ALTER TABLE tally.price_version OWNER TO tally_owner;
ALTER TABLE tally.price OWNER TO tally_owner;
ALTER TABLE tally.instance OWNER TO tally_owner;
GRANT SELECT, INSERT ON tally.key_directory TO tally_lane;
GRANT SELECT ON tally.key_directory TO tally_auth;
GRANT SELECT, INSERT ON tally.price_version, tally.price TO tally_lane;
GRANT SELECT ON tally.price TO tally_request;
GRANT SELECT, INSERT, UPDATE ON tally.instance TO tally_lane;
GRANT INSERT ON tally.asset TO tally_request;
GRANT UPDATE (last_used_at) ON tally.api_key TO tally_request;
GRANT UPDATE (rating, feedback) ON tally.record TO tally_request;
