-- gold.dim_customer -> gold.fact_orders: orders of customers whose rows changed refer to the row that now describes them as they
-- were at the order.
--
-- It looks through four columns of the facts, and reads whole only those that are to change.
WITH wrong AS MATERIALIZED (
    SELECT f.source_system, f.order_id, coalesce(c.customer_key, -1) AS customer_key
    FROM (SELECT source_system, order_id, customer_id, customer_key, booked_at FROM gold.fact_orders) AS f
    SEMI JOIN changes ON changes.customer_id = f.customer_id
    LEFT JOIN gold.dim_customer AS c
        ON c.customer_id = f.customer_id
        AND (c.valid_from IS NULL OR f.booked_at >= c.valid_from)
        AND (c.valid_to IS NULL OR f.booked_at < c.valid_to)
    WHERE f.customer_key <> coalesce(c.customer_key, -1)
)
SELECT f.* REPLACE (wrong.customer_key AS customer_key), false AS gone
FROM gold.fact_orders AS f
JOIN wrong USING (source_system, order_id)
