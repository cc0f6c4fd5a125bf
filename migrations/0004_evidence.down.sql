-- Takes back 0004_evidence.

-- Signing

-- The operator's log
DROP TABLE tally.covering;
DROP TABLE tally.covered_head;

-- Recovery
REVOKE UPDATE ON tally.noted FROM tally_lane;
DROP TABLE tally.replaced_log;
ALTER TABLE tally.team DROP COLUMN log_base;
COMMENT ON COLUMN tally.log_line.index IS 'Position in the log, from 0, without gaps.';
COMMENT ON COLUMN tally.log_private.index IS 'The line''s position.';
COMMENT ON COLUMN tally.record.hold_index IS 'Index of the log line that held or refused the edit.';
COMMENT ON COLUMN tally.record.resolve_index IS 'Index of the log line that settled or released it.';
COMMENT ON COLUMN tally.record.evidence_index IS 'Index of the log line that told what really became of it after it had been resolved otherwise.';
COMMENT ON COLUMN tally.closed_period.index IS 'Index of the log line that closed it.';
COMMENT ON COLUMN tally.noted.index IS 'Index of the log line.';

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
