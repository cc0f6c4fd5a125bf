-- Takes back 0003_audit.
DROP TABLE tally.signer_lease;
DROP TABLE tally.noted;
DROP TABLE tally.closed_period;
DROP TABLE tally.head_request;
DROP TABLE tally.checkpoint;
ALTER TABLE tally.team DROP COLUMN legal_hold;
