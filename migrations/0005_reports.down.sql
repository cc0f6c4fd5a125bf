-- Takes back 0005_reports.

-- Administrative lines

-- Retention

-- Alerts

-- Rollups
