-- silver.customers -> gold.dim_customer: what the shop says about each changed customer; the merge keeps the latest.
SELECT
    customer_id,
    -- as in dim_customer.sql, so that a customer of both sources has one key
    CAST('0x' || substr(md5('customer:' || customer_id), 1, 15) AS BIGINT) AS customer_key,
    nullif(trim(name), '') AS name,
    nullif(lower(trim(email)), '') AS email,
    CASE WHEN length(trim(country)) = 2 THEN upper(trim(country)) ELSE nullif(trim(country), '') END AS country,
    nullif(trim(segment), '') AS segment,
    -- when the change was committed: not every change of a row moves its own updated_at
    coalesce(changed_at, updated_at, received_at) AS updated_at,
    -- after every booking in the order of texts, and in the order of the log: two changes may be of one millisecond
    format('~shop {:020d} {:020d} {:010d}', epoch, lsn, number) AS booking_id,
    source,
    position
FROM changes
