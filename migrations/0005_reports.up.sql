-- Reports that are read in milliseconds, alerts, and how long records and usage are kept.

-- Rollups

-- Alerts

-- Retention

-- Administrative lines
