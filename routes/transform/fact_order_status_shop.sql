-- silver.order_states -> gold.fact_order_status: when the status of an order of the shop changed, as in fact_order_status.sql.
-- It costs what that does, in silver.order_states.
WITH
news AS (
    -- a state is no news when the status of its time is the same, and began before
    SELECT DISTINCT said.order_id
    FROM changes AS said
    LEFT JOIN gold.fact_order_status AS held
        ON held.source_system = 'shop'
        AND held.order_id = said.order_id
        AND held.status = said.status
        AND said.updated_at > held.changed_at
        AND (held.ended_at IS NULL OR said.updated_at < held.ended_at)
    WHERE held.order_id IS NULL
),
state AS (
    -- the last state of a moment
    SELECT order_id, status, updated_at
    FROM silver.order_states SEMI JOIN news USING (order_id)
    QUALIFY row_number() OVER (PARTITION BY order_id, updated_at ORDER BY epoch DESC, lsn DESC, number DESC) = 1
),
change AS (
    SELECT *, lag(status) OVER (PARTITION BY order_id ORDER BY updated_at) AS previous_status
    FROM state
    QUALIFY status IS DISTINCT FROM previous_status
),
row AS (
    SELECT
        'shop' AS source_system,
        order_id AS order_id,
        updated_at AS changed_at,
        CASE WHEN CAST(updated_at AT TIME ZONE 'UTC' AS DATE) BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
            THEN CAST(strftime(CAST(updated_at AT TIME ZONE 'UTC' AS DATE), '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
        status,
        previous_status,
        lead(updated_at) OVER (PARTITION BY order_id ORDER BY updated_at) AS ended_at,
        false AS gone
    FROM change
)
SELECT * FROM row
UNION ALL BY NAME
SELECT source_system, order_id, changed_at, true AS gone
FROM gold.fact_order_status
WHERE source_system = 'shop' AND order_id IN (SELECT order_id FROM news)
    AND (order_id, changed_at) NOT IN (SELECT (order_id, changed_at) FROM row)
