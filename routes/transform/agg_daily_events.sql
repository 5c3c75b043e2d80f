-- gold.fact_events -> gold.agg_daily_metrics: a row for a row. It reads what changed.
SELECT
    event_date AS day,
    'events' AS metric,
    action AS subject,
    date_key,
    CAST(events AS DECIMAL(18, 2)) AS value,
    false AS gone
FROM changes
