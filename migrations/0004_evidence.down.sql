-- Takes back 0004_evidence.

-- Signing

-- The operator's log

-- Recovery

-- Retention

-- Books

ALTER TABLE tally.closed_period DROP CONSTRAINT closed_period_book_text_hash;
ALTER TABLE tally.closed_period DROP COLUMN book_text;
