-- Usage of days and months summed up by fewer dimensions, so that a report of members, keys or products reads few rows.

-- By key, which is also by member: a key has one.
CREATE TABLE tally.usage_sum_key (
  team_id     uuid        NOT NULL,
  span_start  timestamptz NOT NULL,
  span_end    timestamptz NOT NULL,
  member_id   uuid        NOT NULL,
  key_id      uuid        NOT NULL,
  settled     bigint      NOT NULL,
  released    bigint      NOT NULL,
  refused     bigint      NOT NULL,
  images      bigint      NOT NULL,
  charged     bigint      NOT NULL,
  credited    bigint      NOT NULL,
  CONSTRAINT usage_sum_key_pkey PRIMARY KEY (team_id, span_start, span_end, member_id, key_id),
  CONSTRAINT usage_sum_key_counts_not_negative CHECK (settled >= 0 AND released >= 0 AND refused >= 0 AND images >= 0 AND charged >= 0 AND credited >= 0)
);
COMMENT ON TABLE tally.usage_sum_key IS 'The sums of a span by member and key, whatever was edited.';
COMMENT ON COLUMN tally.usage_sum_key.team_id IS 'The team.';
COMMENT ON COLUMN tally.usage_sum_key.span_start IS 'First moment of the span.';
COMMENT ON COLUMN tally.usage_sum_key.span_end IS 'The first moment behind it.';
COMMENT ON COLUMN tally.usage_sum_key.member_id IS 'The member.';
COMMENT ON COLUMN tally.usage_sum_key.key_id IS 'The key.';
COMMENT ON COLUMN tally.usage_sum_key.settled IS 'Edits settled.';
COMMENT ON COLUMN tally.usage_sum_key.released IS 'Edits released.';
COMMENT ON COLUMN tally.usage_sum_key.refused IS 'Edits refused for lack of credits.';
COMMENT ON COLUMN tally.usage_sum_key.images IS 'Results delivered by the settled edits.';
COMMENT ON COLUMN tally.usage_sum_key.charged IS 'Credits charged.';
COMMENT ON COLUMN tally.usage_sum_key.credited IS 'Credits given back in this span, whenever they were charged.';

CREATE TABLE tally.usage_sum_product (
  team_id     uuid        NOT NULL,
  span_start  timestamptz NOT NULL,
  span_end    timestamptz NOT NULL,
  model       text        NOT NULL,
  quality     text        NOT NULL,
  size        text        NOT NULL,
  settled     bigint      NOT NULL,
  released    bigint      NOT NULL,
  refused     bigint      NOT NULL,
  images      bigint      NOT NULL,
  charged     bigint      NOT NULL,
  credited    bigint      NOT NULL,
  CONSTRAINT usage_sum_product_pkey PRIMARY KEY (team_id, span_start, span_end, model, quality, size),
  CONSTRAINT usage_sum_product_counts_not_negative CHECK (settled >= 0 AND released >= 0 AND refused >= 0 AND images >= 0 AND charged >= 0 AND credited >= 0)
);
COMMENT ON TABLE tally.usage_sum_product IS 'The sums of a span by what has a price of its own, whoever edited.';
COMMENT ON COLUMN tally.usage_sum_product.team_id IS 'The team.';
COMMENT ON COLUMN tally.usage_sum_product.span_start IS 'First moment of the span.';
COMMENT ON COLUMN tally.usage_sum_product.span_end IS 'The first moment behind it.';
COMMENT ON COLUMN tally.usage_sum_product.model IS 'The model.';
COMMENT ON COLUMN tally.usage_sum_product.quality IS 'The quality.';
COMMENT ON COLUMN tally.usage_sum_product.size IS 'The size.';
COMMENT ON COLUMN tally.usage_sum_product.settled IS 'Edits settled.';
COMMENT ON COLUMN tally.usage_sum_product.released IS 'Edits released.';
COMMENT ON COLUMN tally.usage_sum_product.refused IS 'Edits refused for lack of credits.';
COMMENT ON COLUMN tally.usage_sum_product.images IS 'Results delivered by the settled edits.';
COMMENT ON COLUMN tally.usage_sum_product.charged IS 'Credits charged.';
COMMENT ON COLUMN tally.usage_sum_product.credited IS 'Credits given back in this span, whenever they were charged.';

DO $policies$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['usage_sum_key', 'usage_sum_product'] LOOP
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
    EXECUTE format('GRANT SELECT ON tally.%I TO tally_request', tenant);
  END LOOP;
END
$policies$;

-- Spans that are marked must have all three sums. So they are made anew, in the background: until then reports read
-- quarters of an hour. A gateway of the release before marks by the constraint's old name and so can mark none any more.
TRUNCATE tally.usage_span, tally.usage_sum;
ALTER TABLE tally.usage_span RENAME CONSTRAINT usage_span_pkey TO usage_span_primary;
