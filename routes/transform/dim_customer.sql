-- silver.booking_states, or silver.customer_states (of the shop) -> gold.dim_customer: who a customer was, and from when to when.
--
-- All that was ever said about a customer is put in the order of time; where it differs from what was said before, a row
-- begins. So the rows are the same in whatever order and in how many batches the words come. The first row of a customer holds
-- from the beginning of time: nothing better is known of the time before.
--
-- It reads what is new, and the rows of these customers. Only of customers of whom something new was said it reads all words:
-- a look through the column customer_id of both sources.
WITH
news AS (
    -- a word is no news when the row of its time says the same, and began before
    SELECT DISTINCT said.customer_id
    FROM changes AS said
    LEFT JOIN gold.dim_customer AS held
        ON held.customer_id = said.customer_id
        AND said.updated_at > held.updated_at
        AND (held.valid_to IS NULL OR said.updated_at < held.valid_to)
        AND held.name IS NOT DISTINCT FROM said.customer_name
        AND held.email IS NOT DISTINCT FROM said.customer_email
        AND held.country IS NOT DISTINCT FROM said.customer_country
        AND held.segment IS NOT DISTINCT FROM said.customer_segment
    WHERE held.customer_key IS NULL
),
word AS (
    SELECT customer_id, customer_name, customer_email, customer_country, customer_segment, updated_at, booking_id, source, position
    FROM silver.booking_states SEMI JOIN news USING (customer_id)
    UNION ALL
    SELECT customer_id, customer_name, customer_email, customer_country, customer_segment, updated_at, booking_id, source, position
    FROM silver.customer_states SEMI JOIN news USING (customer_id)
),
standing AS (
    -- the last word of a moment
    SELECT *
    FROM word
    QUALIFY row_number() OVER (PARTITION BY customer_id, updated_at ORDER BY booking_id DESC) = 1
),
opening AS (
    SELECT *
    FROM standing
    WINDOW spoken AS (PARTITION BY customer_id ORDER BY updated_at)
    QUALIFY row_number() OVER spoken = 1
        OR customer_name IS DISTINCT FROM lag(customer_name) OVER spoken
        OR customer_email IS DISTINCT FROM lag(customer_email) OVER spoken
        OR customer_country IS DISTINCT FROM lag(customer_country) OVER spoken
        OR customer_segment IS DISTINCT FROM lag(customer_segment) OVER spoken
),
version AS (
    SELECT
        *,
        CASE WHEN row_number() OVER spoken > 1 THEN updated_at END AS valid_from,
        lead(updated_at) OVER spoken AS valid_to
    FROM opening
    WINDOW spoken AS (PARTITION BY customer_id ORDER BY updated_at)
),
row AS (
    SELECT
        -- as in dim_product.sql; the prefix keeps a customer and a product with the same id apart
        CAST('0x' || substr(md5(
            CASE WHEN valid_from IS NULL THEN 'customer:' ELSE 'customer@' || epoch_us(valid_from) || ':' END || customer_id
        ), 1, 15) AS BIGINT) AS customer_key,
        customer_id,
        customer_name AS name,
        customer_email AS email,
        customer_country AS country,
        customer_segment AS segment,
        valid_from,
        valid_to,
        valid_to IS NULL AS is_current,
        updated_at,
        booking_id,
        source,
        position,
        false AS gone
    FROM version
)
SELECT * FROM row
UNION ALL BY NAME
SELECT customer_key, true AS gone
FROM gold.dim_customer SEMI JOIN news USING (customer_id) ANTI JOIN row USING (customer_key)
UNION ALL BY NAME
-- whom a fact refers to whose customer is not there yet
SELECT
    -1 AS customer_key, 'unknown' AS name, true AS is_current, TIMESTAMPTZ '1970-01-01 00:00:00+00' AS updated_at, '' AS booking_id,
    false AS gone
