-- Takes back 0004_evidence.

-- Signing

-- The operator's log

-- Recovery

-- Retention

-- Books
