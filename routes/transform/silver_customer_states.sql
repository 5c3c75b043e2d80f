-- bronze.shop -> silver.customer_states: each change of a customer of the shop says who he is from then on.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column is what the last
-- change before said of it. It reads what is new; and where a change leaves something out, the states of that row.
SELECT
    said.customer_id,
    CASE WHEN said.name IS NULL THEN old.customer_name ELSE nullif(trim(said.name.v), '') END AS customer_name,
    CASE WHEN said.email IS NULL THEN old.customer_email ELSE nullif(lower(trim(said.email.v)), '') END AS customer_email,
    CASE WHEN said.country IS NULL THEN old.customer_country
         -- a code of two letters is written in upper case; anything else is somebody's text and stays
         WHEN length(trim(said.country.v)) = 2 THEN upper(trim(said.country.v))
         ELSE nullif(trim(said.country.v), '') END AS customer_country,
    CASE WHEN said.segment IS NULL THEN old.customer_segment ELSE nullif(trim(said.segment.v), '') END AS customer_segment,
    -- when the change was committed: not every change of a row moves its own updated_at
    coalesce(said.changed_at, said.updated_at, said.received_at) AS updated_at,
    -- after every booking in the order of texts, and in the order of the log: two changes may be of one millisecond
    format('~shop {:020d} {:020d} {:010d}', said.epoch, said.lsn, said.number) AS booking_id,
    said.epoch,
    said.lsn,
    said.number,
    said.source,
    said.position,
    said.received_at
FROM (
    SELECT
        change.key->>'customer_id' AS customer_id,
        -- the row that an update of its key made into this one
        coalesce(change.previous_key->>'customer_id', change.key->>'customer_id') AS previous_id,
        len(unchanged) > 0 AS incomplete,
        change.op AS op,
        last_value(CASE WHEN NOT list_contains(unchanged, 'name') THEN {v: change.after->>'name'} END IGNORE NULLS) OVER before AS name,
        last_value(CASE WHEN NOT list_contains(unchanged, 'email') THEN {v: change.after->>'email'} END IGNORE NULLS) OVER before AS email,
        last_value(CASE WHEN NOT list_contains(unchanged, 'country') THEN {v: change.after->>'country'} END IGNORE NULLS) OVER before AS country,
        last_value(CASE WHEN NOT list_contains(unchanged, 'segment') THEN {v: change.after->>'segment'} END IGNORE NULLS) OVER before AS segment,
        TRY_CAST(change.after->>'updated_at' AS TIMESTAMPTZ) AS updated_at,
        change.epoch, change.lsn, change.number, change.changed_at, source, position, received_at
    FROM (
        SELECT event AS change, coalesce(event.unchanged, []) AS unchanged, source, position, received_at
        FROM (
            -- one pass over the JSON; what does not have the type is null
            SELECT
                source, position, received_at,
                json_transform(payload, '{
                    "schema": "VARCHAR", "table": "VARCHAR", "op": "VARCHAR",
                    "epoch": "BIGINT", "lsn": "BIGINT", "number": "BIGINT", "changed_at": "TIMESTAMPTZ",
                    "key": "JSON", "previous_key": "JSON", "after": "JSON", "unchanged": ["VARCHAR"]
                }') AS event
            FROM changes
        )
        WHERE event.schema = 'shop' AND event.table = 'customers' AND event.op NOT IN ('d', 't')
    )
    WINDOW before AS (PARTITION BY change.key->>'customer_id' ORDER BY change.epoch, change.lsn, change.number)
) said
LEFT JOIN (
    SELECT * FROM silver.customer_states QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY epoch DESC, lsn DESC, number DESC) = 1
) old ON said.incomplete AND old.customer_id = said.previous_id
