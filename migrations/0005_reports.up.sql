-- Reports that are read in milliseconds, alerts, and how long records and usage are kept.

-- Rollups

-- Usage summed up for days and months of the team's zone, so that a long report reads few rows. A span is named by its
-- bounds alone: what was made before the team changed its zone stays good. Edits never touch these tables.
CREATE TABLE tally.usage_span (
  team_id     uuid        NOT NULL,
  span_start  timestamptz NOT NULL,
  span_end    timestamptz NOT NULL,
  kind        text        NOT NULL,
  made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT usage_span_pkey PRIMARY KEY (team_id, span_start, span_end),
  CONSTRAINT usage_span_order CHECK (span_end > span_start),
  CONSTRAINT usage_span_aligned CHECK (extract(epoch FROM span_start)::bigint % 900 = 0
                                       AND extract(epoch FROM span_end)::bigint % 900 = 0),
  CONSTRAINT usage_span_kind_known CHECK (kind IN ('day', 'month'))
);
COMMENT ON TABLE tally.usage_span IS 'Days and months whose usage is summed up, made once they are over. One without usage has no sums.';
COMMENT ON COLUMN tally.usage_span.team_id IS 'The team.';
COMMENT ON COLUMN tally.usage_span.span_start IS 'Its first moment.';
COMMENT ON COLUMN tally.usage_span.span_end IS 'The first moment behind it. The team''s log has a line that is not older, so no bucket in it changes any more.';
COMMENT ON COLUMN tally.usage_span.kind IS 'day or month, of the zone that the team had when it was made.';
COMMENT ON COLUMN tally.usage_span.made_at IS 'When it was made.';
-- The newest of each kind is where making them goes on.
CREATE INDEX usage_span_kind ON tally.usage_span (team_id, kind, span_end);

CREATE TABLE tally.usage_sum (
  team_id     uuid        NOT NULL,
  span_start  timestamptz NOT NULL,
  span_end    timestamptz NOT NULL,
  member_id   uuid        NOT NULL,
  key_id      uuid        NOT NULL,
  model       text        NOT NULL,
  quality     text        NOT NULL,
  size        text        NOT NULL,
  settled     bigint      NOT NULL,
  released    bigint      NOT NULL,
  refused     bigint      NOT NULL,
  images      bigint      NOT NULL,
  charged     bigint      NOT NULL,
  credited    bigint      NOT NULL,
  CONSTRAINT usage_sum_pkey PRIMARY KEY (team_id, span_start, span_end, member_id, key_id, model, quality, size),
  CONSTRAINT usage_sum_counts_not_negative CHECK (settled >= 0 AND released >= 0 AND refused >= 0 AND images >= 0 AND charged >= 0 AND credited >= 0)
);
COMMENT ON TABLE tally.usage_sum IS 'The sums of the usage buckets of a span.';
COMMENT ON COLUMN tally.usage_sum.team_id IS 'The team.';
COMMENT ON COLUMN tally.usage_sum.span_start IS 'First moment of the span.';
COMMENT ON COLUMN tally.usage_sum.span_end IS 'The first moment behind it.';
COMMENT ON COLUMN tally.usage_sum.member_id IS 'The member.';
COMMENT ON COLUMN tally.usage_sum.key_id IS 'The key.';
COMMENT ON COLUMN tally.usage_sum.model IS 'The model.';
COMMENT ON COLUMN tally.usage_sum.quality IS 'The quality.';
COMMENT ON COLUMN tally.usage_sum.size IS 'The size.';
COMMENT ON COLUMN tally.usage_sum.settled IS 'Edits settled.';
COMMENT ON COLUMN tally.usage_sum.released IS 'Edits released.';
COMMENT ON COLUMN tally.usage_sum.refused IS 'Edits refused for lack of credits.';
COMMENT ON COLUMN tally.usage_sum.images IS 'Results delivered by the settled edits.';
COMMENT ON COLUMN tally.usage_sum.charged IS 'Credits charged.';
COMMENT ON COLUMN tally.usage_sum.credited IS 'Credits given back in this span, whenever they were charged.';

-- Not the team's row: whoever holds that stops its edits.
CREATE TABLE tally.usage_upkeep (
  team_id     uuid        NOT NULL,
  touched_at  timestamptz NOT NULL,
  CONSTRAINT usage_upkeep_pkey PRIMARY KEY (team_id)
);
COMMENT ON TABLE tally.usage_upkeep IS 'The lock of a team''s rollups: whoever makes, rebuilds or removes any that are closed holds its row.';
COMMENT ON COLUMN tally.usage_upkeep.team_id IS 'The team.';
COMMENT ON COLUMN tally.usage_upkeep.touched_at IS 'When somebody held it last.';

DO $policies$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['usage_span', 'usage_sum', 'usage_upkeep'] LOOP
    EXECUTE format('ALTER TABLE tally.%I OWNER TO tally_owner', tenant);
    EXECUTE format('ALTER TABLE tally.%I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format('ALTER TABLE tally.%I FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_owner USING (true) WITH CHECK (true)', tenant || '_owner', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_lane USING (true) WITH CHECK (true)', tenant || '_lane', tenant);
    EXECUTE format('CREATE POLICY %I ON tally.%I FOR ALL TO tally_request '
                   'USING (team_id = (SELECT nullif(current_setting(''tally.team_id'', true), '''')::uuid)) '
                   'WITH CHECK (team_id = (SELECT nullif(current_setting(''tally.team_id'', true), '''')::uuid))',
                   tenant || '_request', tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON tally.%I TO tally_lane', tenant);
  END LOOP;
END
$policies$;
GRANT SELECT ON tally.usage_span, tally.usage_sum TO tally_request;

-- Alerts

CREATE TABLE tally.alert (
  team_id     uuid        NOT NULL,
  alert_id    uuid        NOT NULL,
  scope       text        NOT NULL,
  subject_id  uuid        NOT NULL,
  thresholds  bigint[]    NOT NULL,
  url         text        NOT NULL,
  secret      bytea       NOT NULL,
  created_at  timestamptz NOT NULL,
  changed_at  timestamptz NOT NULL,
  CONSTRAINT alert_pkey PRIMARY KEY (team_id, alert_id),
  CONSTRAINT alert_address_unique UNIQUE (team_id, scope, subject_id, url),
  CONSTRAINT alert_scope_known CHECK (scope IN ('team', 'member', 'key')),
  CONSTRAINT alert_thresholds_count CHECK (cardinality(thresholds) BETWEEN 1 AND 20),
  CONSTRAINT alert_url_length CHECK (octet_length(url) BETWEEN 1 AND 2048),
  CONSTRAINT alert_secret_length CHECK (octet_length(secret) BETWEEN 24 AND 64)
);
COMMENT ON TABLE tally.alert IS 'Who is told when a budget reaches a part of its limit. Only lanes see it.';
COMMENT ON COLUMN tally.alert.team_id IS 'The team.';
COMMENT ON COLUMN tally.alert.alert_id IS 'Tally''s own random id, the one that stands in log lines.';
COMMENT ON COLUMN tally.alert.scope IS 'Whose budget: team, member or key.';
COMMENT ON COLUMN tally.alert.subject_id IS 'The team''s, the member''s, or the (first) key''s id.';
COMMENT ON COLUMN tally.alert.thresholds IS 'In percent of the limit, ascending.';
COMMENT ON COLUMN tally.alert.url IS 'Where messages are sent; personal.';
COMMENT ON COLUMN tally.alert.secret IS 'What messages are signed with. Never shown again, and in no line.';
COMMENT ON COLUMN tally.alert.created_at IS 'Time of the line that set it.';
COMMENT ON COLUMN tally.alert.changed_at IS 'Time of the line that set its thresholds as they are: of periods that had ended by then nothing is told.';

CREATE TABLE tally.alert_message (
  team_id       uuid        NOT NULL,
  alert_id      uuid        NOT NULL,
  period_start  timestamptz NOT NULL,
  threshold     bigint      NOT NULL,
  message_id    uuid        NOT NULL,
  period        text        NOT NULL,
  period_end    timestamptz,
  credit_limit  bigint      NOT NULL,
  used          bigint      NOT NULL,
  held          bigint      NOT NULL,
  reached_at    timestamptz NOT NULL,
  state         text        NOT NULL DEFAULT 'waiting',
  due_at        timestamptz NOT NULL,
  attempts      integer     NOT NULL DEFAULT 0,
  last_status   integer,
  ended_at      timestamptz,
  CONSTRAINT alert_message_pkey PRIMARY KEY (team_id, alert_id, period_start, threshold),
  CONSTRAINT alert_message_alert_fkey FOREIGN KEY (team_id, alert_id) REFERENCES tally.alert (team_id, alert_id) ON DELETE CASCADE,
  CONSTRAINT alert_message_threshold_range CHECK (threshold BETWEEN 1 AND 1000),
  CONSTRAINT alert_message_period_known CHECK (period IN ('month', 'total')),
  CONSTRAINT alert_message_state_known CHECK (state IN ('waiting', 'delivered', 'given_up')),
  CONSTRAINT alert_message_end_has_time CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CONSTRAINT alert_message_attempts_range CHECK (attempts BETWEEN 0 AND 1000)
);
COMMENT ON TABLE tally.alert_message IS 'What was told, or is to be: one row for each alert, budget row and threshold, which is why nothing is told twice. A row that waits is the queue.';
COMMENT ON COLUMN tally.alert_message.team_id IS 'The team.';
COMMENT ON COLUMN tally.alert_message.alert_id IS 'The alert.';
COMMENT ON COLUMN tally.alert_message.period_start IS 'First moment of the budget row''s period.';
COMMENT ON COLUMN tally.alert_message.threshold IS 'The threshold in percent of the limit.';
COMMENT ON COLUMN tally.alert_message.message_id IS 'What each attempt carries as webhook-id.';
COMMENT ON COLUMN tally.alert_message.period IS 'month or total.';
COMMENT ON COLUMN tally.alert_message.period_end IS 'First moment after the period; null: it does not end.';
COMMENT ON COLUMN tally.alert_message.credit_limit IS 'The limit when the threshold was seen to be reached: each attempt says the same.';
COMMENT ON COLUMN tally.alert_message.used IS 'Credits used then.';
COMMENT ON COLUMN tally.alert_message.held IS 'Credits held then.';
COMMENT ON COLUMN tally.alert_message.reached_at IS 'When it was seen to be reached.';
COMMENT ON COLUMN tally.alert_message.state IS 'waiting, delivered or given_up.';
COMMENT ON COLUMN tally.alert_message.due_at IS 'When it is to be tried. A gateway that tries it puts this behind the end of its attempt, so that nobody else does meanwhile, and somebody does when that gateway is killed.';
COMMENT ON COLUMN tally.alert_message.attempts IS 'How often it was tried, or is being.';
COMMENT ON COLUMN tally.alert_message.last_status IS 'HTTP status of the last answer; null: there was none.';
COMMENT ON COLUMN tally.alert_message.ended_at IS 'Time of the line that tells of its end; null: it waits.';
-- What has ended leaves the index, so that looking for what is due does not read the past.
CREATE INDEX alert_message_due ON tally.alert_message (due_at) WHERE state = 'waiting';

DO $policies$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['alert', 'alert_message'] LOOP
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
GRANT DELETE ON tally.alert TO tally_lane;

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
