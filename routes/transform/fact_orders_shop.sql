-- silver.orders -> gold.fact_orders: one row for each order of the shop, as it stands; one that the shop deleted goes.
--
-- It reads which orders changed, these in silver.orders (a look through its column order_id), and the key columns of the
-- dimensions and the rates.
WITH
touched AS (SELECT order_id FROM changes UNION SELECT order_id FROM removed),
o AS (
    SELECT *, CAST(booked_at AT TIME ZONE 'UTC' AS DATE) AS booked_date
    FROM (
        SELECT
            order_id, customer_id, product_id, quantity, amount, upper(trim(currency)) AS currency,
            coalesce(nullif(trim(status), ''), 'unknown') AS status,
            coalesce(ordered_at, changed_at, received_at) AS booked_at,
            coalesce(changed_at, updated_at, received_at) AS updated_at
        FROM silver.orders SEMI JOIN touched USING (order_id)
    )
)
SELECT
    'shop' AS source_system,
    o.order_id,
    o.booked_date,
    CASE WHEN o.booked_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(o.booked_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    -1 AS travel_date_key,
    o.product_id,
    coalesce(p.product_key, -1) AS product_key,
    o.customer_id,
    coalesce(c.customer_key, -1) AS customer_key,
    NULL AS agency_id,
    CAST(-2 AS BIGINT) AS agency_key,
    NULL AS agency_name,
    o.quantity,
    NULL AS unit_price,
    o.currency,
    o.amount,
    CAST(CASE WHEN o.currency = 'EUR' THEN 1 ELSE r.rate END AS DECIMAL(18, 8)) AS rate,
    CAST(CASE WHEN o.currency = 'EUR' THEN o.amount ELSE round(CAST(o.amount AS DOUBLE) / CAST(r.rate AS DOUBLE), 2) END AS DECIMAL(18, 2)) AS amount_eur,
    o.status,
    o.booked_at,
    NULL AS travel_date,
    o.updated_at,
    false AS gone
FROM o
LEFT JOIN gold.dim_product AS p ON p.product_id = o.product_id
LEFT JOIN gold.dim_customer AS c
    ON c.customer_id = o.customer_id
    AND (c.valid_from IS NULL OR o.booked_at >= c.valid_from)
    AND (c.valid_to IS NULL OR o.booked_at < c.valid_to)
ASOF LEFT JOIN gold.rates AS r ON r.currency = o.currency AND o.booked_date >= r.day
UNION ALL BY NAME
SELECT 'shop' AS source_system, order_id, true AS gone FROM touched ANTI JOIN o USING (order_id)
