-- Takes back 0004_evidence.

-- Signing

-- The operator's log

-- Recovery

-- Retention
REVOKE DELETE ON tally.log_private, tally.asset FROM tally_lane;
DROP TABLE tally.erasure;
COMMENT ON COLUMN tally.asset.storage_key IS 'Key in the upstream''s storage.';
COMMENT ON COLUMN tally.record.response_object IS 'The upstream''s responseObject, JSON text.';
COMMENT ON COLUMN tally.record.error_details IS 'The upstream''s own details that were answered when it refused the edit.';
COMMENT ON COLUMN tally.record.error_message IS 'Message that was answered when the edit failed.';
ALTER TABLE tally.record DROP COLUMN erased_at;
ALTER TABLE tally.team DROP COLUMN pruned_before;

-- Books

ALTER TABLE tally.closed_period DROP CONSTRAINT closed_period_book_text_hash;
ALTER TABLE tally.closed_period DROP COLUMN book_text;
