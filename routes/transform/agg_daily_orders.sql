-- gold.fact_orders -> gold.agg_daily_metrics: the days and sources of which an order changed are added up anew, also those that
-- it left for another day. It reads what changed, as it is and as it was, and looks through four columns of the facts for the
-- other orders of these days.
WITH
touched AS (
    SELECT DISTINCT booked_date AS day, source_system
    FROM (SELECT booked_date, source_system FROM changes UNION ALL SELECT booked_date, source_system FROM replaced)
),
days AS (
    SELECT
        booked_date AS day,
        source_system,
        count(*) FILTER (WHERE status <> 'cancelled') AS orders,
        count(*) FILTER (WHERE status = 'cancelled') AS cancelled_orders,
        sum(amount_eur) FILTER (WHERE status <> 'cancelled') AS revenue_eur
    FROM (SELECT booked_date, source_system, status, amount_eur FROM gold.fact_orders) AS o
    SEMI JOIN touched ON touched.day = booked_date AND touched.source_system = o.source_system
    GROUP BY ALL
)
SELECT
    touched.day,
    metric.name AS metric,
    touched.source_system AS subject,
    CASE WHEN touched.day BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(touched.day, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    CAST(CASE metric.name
        WHEN 'orders' THEN days.orders
        WHEN 'cancelled_orders' THEN days.cancelled_orders
        ELSE days.revenue_eur END AS DECIMAL(18, 2)) AS value,
    days.day IS NULL AS gone
FROM touched
CROSS JOIN (VALUES ('orders'), ('cancelled_orders'), ('revenue_eur')) AS metric(name)
LEFT JOIN days USING (day, source_system)
