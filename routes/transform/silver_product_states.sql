-- bronze.shop -> silver.product_states: each change of a product of the shop says what it is from then on.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column is what the last
-- change before said of it. It reads what is new; and where a change leaves something out, the states of that row.
SELECT
    said.product_id,
    CASE WHEN said.name IS NULL THEN old.product_name ELSE nullif(trim(said.name.v), '') END AS product_name,
    coalesce(CASE WHEN said.type IS NULL THEN old.product_type ELSE nullif(trim(said.type.v), '') END, 'unknown') AS product_type,
    CASE WHEN said.destination IS NULL THEN old.destination ELSE nullif(trim(said.destination.v), '') END AS destination,
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
        change.key->>'product_id' AS product_id,
        -- the row that an update of its key made into this one
        coalesce(change.previous_key->>'product_id', change.key->>'product_id') AS previous_id,
        len(unchanged) > 0 AS incomplete,
        change.op AS op,
        last_value(CASE WHEN NOT list_contains(unchanged, 'name') THEN {v: change.after->>'name'} END IGNORE NULLS) OVER before AS name,
        last_value(CASE WHEN NOT list_contains(unchanged, 'type') THEN {v: change.after->>'type'} END IGNORE NULLS) OVER before AS type,
        last_value(CASE WHEN NOT list_contains(unchanged, 'destination') THEN {v: change.after->>'destination'} END IGNORE NULLS) OVER before AS destination,
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
        WHERE event.schema = 'shop' AND event.table = 'products' AND event.op NOT IN ('d', 't')
    )
    WINDOW before AS (PARTITION BY change.key->>'product_id' ORDER BY change.epoch, change.lsn, change.number)
) said
LEFT JOIN (
    SELECT * FROM silver.product_states QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY epoch DESC, lsn DESC, number DESC) = 1
) old ON said.incomplete AND old.product_id = said.previous_id
