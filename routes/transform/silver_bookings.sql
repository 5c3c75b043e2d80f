-- bronze.bookings -> silver.bookings: each new event is a state of its booking; the merge keeps the latest by updated_at.
--
-- Every field that the contract requires was checked at the door, so it is never null here. Were one null all the same,
-- the merge would refuse the row into quarantine; nothing is dropped in silence.
SELECT
    trim(event.booking_id) AS booking_id,
    trim(event.agency_id) AS agency_id,
    nullif(trim(event.agency_name), '') AS agency_name,
    trim(event.customer.id) AS customer_id,
    nullif(trim(event.customer.name), '') AS customer_name,
    nullif(lower(trim(event.customer.email)), '') AS customer_email,
    -- a code of two letters is written in upper case; anything else is somebody's text and stays
    CASE WHEN length(trim(event.customer.country)) = 2 THEN upper(trim(event.customer.country))
         ELSE nullif(trim(event.customer.country), '') END AS customer_country,
    nullif(trim(event.customer.segment), '') AS customer_segment,
    trim(event.product.id) AS product_id,
    nullif(trim(event.product.name), '') AS product_name,
    event.product.type AS product_type,
    nullif(trim(event.product.destination), '') AS destination,
    event.quantity AS quantity,
    event.unit_price AS unit_price,
    upper(trim(event.currency)) AS currency,
    event.amount AS amount,
    event.status AS status,
    event.booked_at AS booked_at,
    event.travel_date AS travel_date,
    event.updated_at AS updated_at,
    source,
    position,
    received_at
FROM (
    -- one pass over the JSON; what does not have the type is null
    SELECT
        source, position, received_at,
        json_transform(payload, '{
            "booking_id": "VARCHAR",
            "agency_id": "VARCHAR",
            "agency_name": "VARCHAR",
            "customer": {
                "id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "country": "VARCHAR", "segment": "VARCHAR"
            },
            "product": {"id": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR", "destination": "VARCHAR"},
            "quantity": "INTEGER",
            "unit_price": "DECIMAL(18,2)",
            "currency": "VARCHAR",
            "amount": "DECIMAL(18,2)",
            "status": "VARCHAR",
            "booked_at": "TIMESTAMPTZ",
            "travel_date": "DATE",
            "updated_at": "TIMESTAMPTZ"
        }') AS event
    FROM changes
)
