-- Takes back 0008_packed. The sums by member and key stay in their table.
ALTER TABLE tally.usage_span DROP CONSTRAINT usage_span_by_key_whole, DROP COLUMN by_key;
