-- silver.bookings -> gold.dim_customer: what each changed booking says about its customer; the merge keeps the latest.
SELECT
    customer_id,
    -- as in dim_product.sql; the prefix keeps a customer and a product with the same id apart
    CAST('0x' || substr(md5('customer:' || customer_id), 1, 15) AS BIGINT) AS customer_key,
    customer_name AS name,
    customer_email AS email,
    customer_country AS country,
    customer_segment AS segment,
    updated_at,
    booking_id,
    source,
    position
FROM changes
