-- bronze.shop -> silver.customers: each change makes the row what it is after it; the merge keeps the last one by its place in the log.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column keeps
-- what the last change before said of it, or else what the table has. A null that was written is a null.
SELECT
    said.customer_id,
    CASE WHEN said.name IS NULL THEN old.name ELSE said.name.v END AS name,
    CASE WHEN said.email IS NULL THEN old.email ELSE said.email.v END AS email,
    CASE WHEN said.country IS NULL THEN old.country ELSE said.country.v END AS country,
    CASE WHEN said.segment IS NULL THEN old.segment ELSE said.segment.v END AS segment,
    CASE WHEN said.notes IS NULL THEN old.notes ELSE said.notes.v END AS notes,
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
        change.key->>'customer_id' AS customer_id,
        -- the row that an update of its key made into this one
        coalesce(change.previous_key->>'customer_id', change.key->>'customer_id') AS previous_id,
        last_value(CASE WHEN NOT list_contains(unchanged, 'name') THEN {v: change.after->>'name'} END IGNORE NULLS) OVER before AS name,
        last_value(CASE WHEN NOT list_contains(unchanged, 'email') THEN {v: change.after->>'email'} END IGNORE NULLS) OVER before AS email,
        last_value(CASE WHEN NOT list_contains(unchanged, 'country') THEN {v: change.after->>'country'} END IGNORE NULLS) OVER before AS country,
        last_value(CASE WHEN NOT list_contains(unchanged, 'segment') THEN {v: change.after->>'segment'} END IGNORE NULLS) OVER before AS segment,
        last_value(CASE WHEN NOT list_contains(unchanged, 'notes') THEN {v: change.after->>'notes'} END IGNORE NULLS) OVER before AS notes,
        TRY_CAST(change.after->>'updated_at' AS TIMESTAMPTZ) AS updated_at,
        nullif(json_merge_patch(change.after, '{"customer_id": null, "name": null, "email": null, "country": null, "segment": null, "notes": null, "updated_at": null}')::VARCHAR, '{}') AS _extra,
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
        WHERE event.schema = 'shop' AND event.table = 'customers'
    )
    WINDOW before AS (PARTITION BY change.key->>'customer_id' ORDER BY change.epoch, change.lsn, change.number)
) said
LEFT JOIN silver.customers old ON old.customer_id = said.previous_id
