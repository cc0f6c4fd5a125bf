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

-- Recovery

-- The operator's log

-- Signing
