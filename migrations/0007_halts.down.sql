-- Takes back 0007_halts.
DROP INDEX tally.team_halted;
ALTER TABLE tally.team DROP COLUMN halt_signed_size, DROP COLUMN halt_cause;
