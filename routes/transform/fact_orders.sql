-- silver.booking_states -> gold.fact_orders: one row for each booking, as its newest state says. A cancelled one stays, so that it
-- can be counted as cancelled. What is not in its dimension yet refers to the unknown member; fact_orders_*.sql repair that.
--
-- It reads what is new, and the key columns of the dimensions, the rates and the facts.
WITH o AS (
    SELECT newest.*, CAST(newest.booked_at AT TIME ZONE 'UTC' AS DATE) AS booked_date
    FROM (SELECT * FROM changes QUALIFY row_number() OVER (PARTITION BY booking_id ORDER BY updated_at DESC) = 1) AS newest
    LEFT JOIN gold.fact_orders AS held ON held.source_system = 'bookings' AND held.order_id = newest.booking_id
    WHERE held.order_id IS NULL OR held.updated_at < newest.updated_at
)
SELECT
    'bookings' AS source_system,
    o.booking_id AS order_id,
    o.booked_date,
    CASE WHEN o.booked_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(o.booked_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    CASE WHEN o.travel_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(o.travel_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS travel_date_key,
    o.product_id,
    coalesce(p.product_key, -1) AS product_key,
    o.customer_id,
    coalesce(c.customer_key, -1) AS customer_key,
    o.agency_id,
    coalesce(a.agency_key, -1) AS agency_key,
    o.agency_name,
    o.quantity,
    o.unit_price,
    o.currency,
    o.amount,
    CAST(CASE WHEN o.currency = 'EUR' THEN 1 ELSE r.rate END AS DECIMAL(18, 8)) AS rate,
    CAST(CASE WHEN o.currency = 'EUR' THEN o.amount ELSE round(CAST(o.amount AS DOUBLE) / CAST(r.rate AS DOUBLE), 2) END AS DECIMAL(18, 2)) AS amount_eur,
    o.status,
    o.booked_at,
    o.travel_date,
    o.updated_at,
    false AS gone
FROM o
LEFT JOIN gold.dim_product AS p ON p.product_id = o.product_id
LEFT JOIN gold.dim_customer AS c
    ON c.customer_id = o.customer_id
    AND (c.valid_from IS NULL OR o.booked_at >= c.valid_from)
    AND (c.valid_to IS NULL OR o.booked_at < c.valid_to)
LEFT JOIN gold.dim_agency AS a ON a.agency_id = o.agency_id
ASOF LEFT JOIN gold.rates AS r ON r.currency = o.currency AND o.booked_date >= r.day
