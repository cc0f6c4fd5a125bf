-- Takes back 0001_ledger. Roles belong to the cluster and stay.
DROP SCHEMA tally CASCADE;
