-- gold.fact_user_days -> gold.agg_daily_metrics: the users of the days of which something changed are counted anew. It reads what
-- changed, and looks through two columns of the table for the other users of these days.
WITH touched AS (SELECT DISTINCT event_date FROM changes)
SELECT
    event_date AS day,
    'active_users' AS metric,
    'all' AS subject,
    CASE WHEN event_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(event_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    CAST(count(DISTINCT user_id) AS DECIMAL(18, 2)) AS value,
    false AS gone
FROM gold.fact_user_days
SEMI JOIN touched USING (event_date)
GROUP BY event_date
