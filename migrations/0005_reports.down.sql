-- Takes back 0005_reports.

-- Administrative lines
DROP TABLE tally.administrative_line;

-- Retention
REVOKE DELETE ON tally.record, tally.usage_bucket FROM tally_lane;
DROP TABLE tally.removal;
ALTER TABLE tally.team DROP COLUMN removed_before, DROP COLUMN keep_days;

-- Alerts

DROP TABLE tally.alert_message, tally.alert;

-- Rollups
DROP TABLE tally.usage_upkeep;
DROP TABLE tally.usage_sum;
DROP TABLE tally.usage_span;
