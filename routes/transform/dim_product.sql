-- silver.bookings -> gold.dim_product: what each changed booking says about its product; the merge keeps the latest.
SELECT
    product_id,
    -- computed from the id alone, so a fact finds its key without waiting for the dimension. 15 hex digits are 60 bits:
    -- never negative, and two of a million ids share one with a chance of one in two million
    CAST('0x' || substr(md5('product:' || product_id), 1, 15) AS BIGINT) AS product_key,
    product_name AS name,
    product_type AS type,
    destination,
    updated_at,
    booking_id
FROM changes
