-- Takes back 0006_sums. The spans stay: their full sums are as they were.
ALTER TABLE tally.usage_span RENAME CONSTRAINT usage_span_primary TO usage_span_pkey;
DROP TABLE tally.usage_sum_product, tally.usage_sum_key;
