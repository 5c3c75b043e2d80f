-- silver.booking_states -> gold.fact_order_status: when the status of a booking changed.
--
-- All states of a booking are put in the order of time; where the status differs from the one before, a row begins. A state that comes
-- late makes a row, or undoes one. It reads what is new, the status rows of these bookings, and of bookings with a new status all
-- states: a look through three columns of silver.booking_states.
WITH
news AS (
    -- a state is no news when the status of its time is the same, and began before
    SELECT DISTINCT said.booking_id
    FROM changes AS said
    LEFT JOIN gold.fact_order_status AS held
        ON held.source_system = 'bookings'
        AND held.order_id = said.booking_id
        AND held.status = said.status
        AND said.updated_at > held.changed_at
        AND (held.ended_at IS NULL OR said.updated_at < held.ended_at)
    WHERE held.order_id IS NULL
),
state AS (
    SELECT booking_id, status, updated_at FROM silver.booking_states SEMI JOIN news USING (booking_id)
),
change AS (
    SELECT *, lag(status) OVER (PARTITION BY booking_id ORDER BY updated_at) AS previous_status
    FROM state
    QUALIFY status IS DISTINCT FROM previous_status
),
row AS (
    SELECT
        'bookings' AS source_system,
        booking_id AS order_id,
        updated_at AS changed_at,
        CASE WHEN CAST(updated_at AT TIME ZONE 'UTC' AS DATE) BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
            THEN CAST(strftime(CAST(updated_at AT TIME ZONE 'UTC' AS DATE), '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
        status,
        previous_status,
        lead(updated_at) OVER (PARTITION BY booking_id ORDER BY updated_at) AS ended_at,
        false AS gone
    FROM change
)
SELECT * FROM row
UNION ALL BY NAME
SELECT source_system, order_id, changed_at, true AS gone
FROM gold.fact_order_status
WHERE source_system = 'bookings' AND order_id IN (SELECT booking_id FROM news)
    AND (order_id, changed_at) NOT IN (SELECT (order_id, changed_at) FROM row)
