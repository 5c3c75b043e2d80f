-- silver.bookings -> gold.fact_orders: one row for each booking, as it stands. A corrected booking replaces its row; a
-- cancelled one stays, so that it can be counted as cancelled.
SELECT
    booking_id,
    booked_date,
    CAST(year(booked_date) * 10000 + month(booked_date) * 100 + day(booked_date) AS INTEGER) AS date_key,
    CAST(year(travel_date) * 10000 + month(travel_date) * 100 + day(travel_date) AS INTEGER) AS travel_date_key,
    -- the same expressions as in dim_product.sql and dim_customer.sql
    CAST('0x' || substr(md5('product:' || product_id), 1, 15) AS BIGINT) AS product_key,
    CAST('0x' || substr(md5('customer:' || customer_id), 1, 15) AS BIGINT) AS customer_key,
    agency_id,
    agency_name,
    quantity,
    unit_price,
    currency,
    amount,
    status,
    booked_at,
    travel_date,
    updated_at
FROM (SELECT *, CAST(booked_at AT TIME ZONE 'UTC' AS DATE) AS booked_date FROM changes)
