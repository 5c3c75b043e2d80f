-- silver.booking_states, or silver.product_states (of the shop) -> gold.dim_product: what each new state says about its product;
-- the merge keeps the latest. It reads what is new, and of the table the keys.
SELECT
    -- computed from the id alone, so it is the same in every run. 15 hex digits are 60 bits: never negative, and two of a
    -- million ids share one with a chance of one in two million
    CAST('0x' || substr(md5('product:' || product_id), 1, 15) AS BIGINT) AS product_key,
    product_id,
    product_name AS name,
    product_type AS type,
    destination,
    updated_at,
    booking_id
FROM changes
UNION ALL
-- what a fact refers to whose product is not there yet
SELECT -1, NULL, 'unknown', 'unknown', NULL, TIMESTAMPTZ '1970-01-01 00:00:00+00', ''
