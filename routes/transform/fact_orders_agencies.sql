-- gold.dim_agency -> gold.fact_orders: orders that referred to the unknown agency find theirs. It costs what fact_orders_products.sql
-- does.
WITH wrong AS MATERIALIZED (
    SELECT f.source_system, f.order_id, changes.agency_key
    FROM (SELECT source_system, order_id, agency_id FROM gold.fact_orders WHERE agency_key = -1) AS f
    JOIN changes ON changes.agency_id = f.agency_id
)
SELECT f.* REPLACE (wrong.agency_key AS agency_key), false AS gone
FROM gold.fact_orders AS f
JOIN wrong USING (source_system, order_id)
