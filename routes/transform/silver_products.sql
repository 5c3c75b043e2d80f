-- bronze.shop -> silver.products: each change makes the row what it is after it; the merge keeps the last one by its place in the log.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column keeps
-- what the last change before said of it, or else what the table has. A null that was written is a null.
SELECT
    said.product_id,
    CASE WHEN said.name IS NULL THEN old.name ELSE said.name.v END AS name,
    CASE WHEN said.type IS NULL THEN old.type ELSE said.type.v END AS type,
    CASE WHEN said.destination IS NULL THEN old.destination ELSE said.destination.v END AS destination,
    said.price,
    CASE WHEN said.currency IS NULL THEN old.currency ELSE said.currency.v END AS currency,
    CASE WHEN said.description IS NULL THEN old.description ELSE said.description.v END AS description,
    said.updated_at,
    said._extra,
    said.op,
    said.epoch,
    said.lsn,
    said.number,
    said.changed_at,
    said.source,
    said.position,
    said.received_at
FROM (
    SELECT
        change.key->>'product_id' AS product_id,
        -- the row that an update of its key made into this one
        coalesce(change.previous_key->>'product_id', change.key->>'product_id') AS previous_id,
        last_value(CASE WHEN NOT list_contains(unchanged, 'name') THEN {v: change.after->>'name'} END IGNORE NULLS) OVER before AS name,
        last_value(CASE WHEN NOT list_contains(unchanged, 'type') THEN {v: change.after->>'type'} END IGNORE NULLS) OVER before AS type,
        last_value(CASE WHEN NOT list_contains(unchanged, 'destination') THEN {v: change.after->>'destination'} END IGNORE NULLS) OVER before AS destination,
        TRY_CAST(change.after->>'price' AS DECIMAL(18, 2)) AS price,
        last_value(CASE WHEN NOT list_contains(unchanged, 'currency') THEN {v: change.after->>'currency'} END IGNORE NULLS) OVER before AS currency,
        last_value(CASE WHEN NOT list_contains(unchanged, 'description') THEN {v: change.after->>'description'} END IGNORE NULLS) OVER before AS description,
        TRY_CAST(change.after->>'updated_at' AS TIMESTAMPTZ) AS updated_at,
        nullif(json_merge_patch(change.after, '{"product_id": null, "name": null, "type": null, "destination": null, "price": null, "currency": null, "description": null, "updated_at": null}')::VARCHAR, '{}') AS _extra,
        change.op, change.epoch, change.lsn, change.number, change.changed_at, source, position, received_at
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
        WHERE event.schema = 'shop' AND event.table = 'products'
    )
    WINDOW before AS (PARTITION BY change.key->>'product_id' ORDER BY change.epoch, change.lsn, change.number)
) said
LEFT JOIN silver.products old ON old.product_id = said.previous_id
