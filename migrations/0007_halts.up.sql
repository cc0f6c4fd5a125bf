-- What halted a log, so that whoever asks for it is told.

ALTER TABLE tally.team
  ADD COLUMN halt_cause text,
  ADD COLUMN halt_signed_size bigint,
  ADD CONSTRAINT team_halt_cause_known CHECK (halt_cause IN ('contradiction', 'broken_tree', 'lost_hold')),
  ADD CONSTRAINT team_halt_signed_size_not_negative CHECK (halt_signed_size >= 0);
COMMENT ON COLUMN tally.team.halt_cause IS 'Why the team is halted: contradiction (the log does not extend what was signed of it), broken_tree (its rows do not make its root) or lost_hold (something was to be charged whose hold is not there). Null: it is not, or was before this was kept.';
COMMENT ON COLUMN tally.team.halt_signed_size IS 'How many lines had been signed that the log does not extend; null for other causes.';

-- Has no entry but for teams that are halted, so that nothing else is looked through to find them.
CREATE INDEX team_halted ON tally.team (team_id) WHERE is_halted;
