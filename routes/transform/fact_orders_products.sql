-- gold.dim_product -> gold.fact_orders: orders that referred to the unknown product find theirs.
--
-- It looks for the unknown key in the facts, which the statistics of most files rule out, and reads whole only those that are to
-- change.
WITH wrong AS MATERIALIZED (
    SELECT f.source_system, f.order_id, changes.product_key
    FROM (SELECT source_system, order_id, product_id FROM gold.fact_orders WHERE product_key = -1) AS f
    JOIN changes ON changes.product_id = f.product_id
)
SELECT f.* REPLACE (wrong.product_key AS product_key), false AS gone
FROM gold.fact_orders AS f
JOIN wrong USING (source_system, order_id)
