-- silver.booking_states -> gold.dim_agency: what each new state of a booking says about its agency; the merge keeps the latest.
-- It reads what is new, and of the table the keys.
SELECT
    -- as in dim_product.sql
    CAST('0x' || substr(md5('agency:' || agency_id), 1, 15) AS BIGINT) AS agency_key,
    agency_id,
    agency_name AS name,
    updated_at,
    booking_id
FROM changes
UNION ALL
SELECT key, NULL, name, TIMESTAMPTZ '1970-01-01 00:00:00+00', ''
FROM (VALUES (-1, 'unknown'), (-2, 'none')) AS fixed(key, name)
