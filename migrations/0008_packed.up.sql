-- The sums of a span by member and key once more, in its own row: a report of members or keys reads thirty values instead of
-- thousands of rows, of which each takes longer to send than to find.

ALTER TABLE tally.usage_span
  ADD COLUMN by_key bytea,
  ADD CONSTRAINT usage_span_by_key_whole CHECK (octet_length(by_key) % 80 = 0);
-- Numbers of eight bytes that are small would be pressed together well, but are read far more often than written.
ALTER TABLE tally.usage_span ALTER COLUMN by_key SET STORAGE EXTERNAL;
COMMENT ON COLUMN tally.usage_span.by_key IS 'The rows of usage_sum_key of the span in the order of its key, each as 80 bytes: member, key, and six counts of 8 bytes, the highest byte first. Null: they are read from that table.';

UPDATE tally.usage_span AS m
   SET by_key = coalesce(p.packed, '')
  FROM (SELECT s.team_id, s.span_start, s.span_end,
               string_agg(uuid_send(k.member_id) || uuid_send(k.key_id) || int8send(k.settled) || int8send(k.released)
                          || int8send(k.refused) || int8send(k.images) || int8send(k.charged) || int8send(k.credited),
                          '' ORDER BY k.member_id, k.key_id) AS packed
          FROM tally.usage_span AS s
          LEFT JOIN tally.usage_sum_key AS k
            ON k.team_id = s.team_id AND k.span_start = s.span_start AND k.span_end = s.span_end
         GROUP BY s.team_id, s.span_start, s.span_end) AS p
 WHERE m.team_id = p.team_id AND m.span_start = p.span_start AND m.span_end = p.span_end;
