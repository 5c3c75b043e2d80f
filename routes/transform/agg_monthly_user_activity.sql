-- gold.fact_user_days, or gold.fact_sessions -> gold.agg_monthly_user_activity: the months of users of which something changed are
-- added up anew. It reads what changed, and looks through four columns of both tables for the rest of these months.
WITH
touched AS (
    SELECT DISTINCT CAST(date_trunc('month', event_date) AS DATE) AS month, user_id
    FROM (SELECT event_date, user_id FROM changes UNION ALL SELECT event_date, user_id FROM removed)
),
days AS (
    SELECT
        month,
        user_id,
        sum(events) AS events,
        count(DISTINCT event_date) AS active_days,
        min(event_date) AS first_date,
        max(event_date) AS last_date
    FROM (SELECT user_id, event_date, CAST(date_trunc('month', event_date) AS DATE) AS month, events FROM gold.fact_user_days)
    SEMI JOIN touched USING (month, user_id)
    GROUP BY ALL
),
visits AS (
    SELECT
        month,
        user_id,
        count(*) AS sessions,
        sum(purchases) AS purchases,
        sum(duration_seconds) AS session_seconds
    FROM (
        SELECT user_id, CAST(date_trunc('month', event_date) AS DATE) AS month, purchases, duration_seconds
        FROM gold.fact_sessions
    )
    SEMI JOIN touched USING (month, user_id)
    GROUP BY ALL
)
SELECT
    touched.month,
    touched.user_id,
    CASE WHEN touched.month BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(touched.month, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    CAST(coalesce(days.events, 0) AS BIGINT) AS events,
    CAST(coalesce(days.active_days, 0) AS BIGINT) AS active_days,
    days.first_date,
    days.last_date,
    CAST(coalesce(visits.sessions, 0) AS BIGINT) AS sessions,
    CAST(coalesce(visits.purchases, 0) AS BIGINT) AS purchases,
    CAST(coalesce(visits.session_seconds, 0) AS BIGINT) AS session_seconds,
    days.user_id IS NULL AND visits.user_id IS NULL AS gone
FROM touched
LEFT JOIN days USING (month, user_id)
LEFT JOIN visits USING (month, user_id)
