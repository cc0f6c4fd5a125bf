-- Takes back 0002_recovery.
ALTER TABLE tally.record SET (fillfactor = 70);
DROP INDEX tally.member_user_id_unique;
ALTER TABLE tally.member ADD CONSTRAINT member_user_id_unique UNIQUE (team_id, user_id);
DROP INDEX tally.record_hold_index_unique;
ALTER TABLE tally.record ADD CONSTRAINT record_hold_index_unique UNIQUE (team_id, hold_index);
REVOKE DELETE ON tally.idempotency, tally.instance FROM tally_lane;
DROP INDEX tally.idempotency_created_at;
DROP TABLE tally.doubt;
ALTER TABLE tally.record
  DROP CONSTRAINT record_evidence_after_resolution,
  DROP CONSTRAINT record_error_status_range,
  DROP COLUMN error_details,
  DROP COLUMN error_status,
  DROP COLUMN evidence_index;
