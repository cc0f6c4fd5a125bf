-- What finance takes away: books to begin an export with, logs that shrink without losing a proof, logs that begin anew,
-- and the operator's own log.

-- Books

-- Retention

-- Recovery

-- The operator's log

-- Signing
