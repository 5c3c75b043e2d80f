-- gold.rates -> gold.fact_orders: orders in the currencies of new rates get the rate of their day, and the amount in euro.
--
-- It looks through five columns of the facts, and reads whole only those that are to change. Rates come once a day.
WITH wrong AS MATERIALIZED (
    SELECT f.source_system, f.order_id, r.rate
    FROM (
        SELECT source_system, order_id, currency, booked_date, rate
        FROM gold.fact_orders
        WHERE currency <> 'EUR' AND currency IN (SELECT currency FROM changes)
    ) AS f
    ASOF JOIN gold.rates AS r ON r.currency = f.currency AND f.booked_date >= r.day
    WHERE f.rate IS DISTINCT FROM r.rate
)
SELECT
    f.* REPLACE (
        wrong.rate AS rate,
        CAST(round(CAST(f.amount AS DOUBLE) / CAST(wrong.rate AS DOUBLE), 2) AS DECIMAL(18, 2)) AS amount_eur
    ),
    false AS gone
FROM gold.fact_orders AS f
JOIN wrong USING (source_system, order_id)
