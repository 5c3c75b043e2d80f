-- bronze.shop -> silver.order_states: each change of an order of the shop says where it stands from then on; a delete, that it is gone.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column is what the last
-- change before said of it. It reads what is new; and where a change leaves something out, the states of that row.
SELECT
    said.order_id,
    CASE WHEN said.op = 'd' THEN 'deleted'
         ELSE coalesce(CASE WHEN said.status IS NULL THEN old.status ELSE nullif(trim(said.status.v), '') END, 'unknown') END AS status,
    -- when the change was committed: not every change of a row moves its own updated_at
    coalesce(said.changed_at, said.updated_at, said.received_at) AS updated_at,
    said.epoch,
    said.lsn,
    said.number,
    said.source,
    said.position,
    said.received_at
FROM (
    SELECT
        change.key->>'order_id' AS order_id,
        -- the row that an update of its key made into this one
        coalesce(change.previous_key->>'order_id', change.key->>'order_id') AS previous_id,
        len(unchanged) > 0 AS incomplete,
        change.op AS op,
        last_value(CASE WHEN NOT list_contains(unchanged, 'status') THEN {v: change.after->>'status'} END IGNORE NULLS) OVER before AS status,
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
        WHERE event.schema = 'shop' AND event.table = 'orders' AND event.op <> 't'
    )
    WINDOW before AS (PARTITION BY change.key->>'order_id' ORDER BY change.epoch, change.lsn, change.number)
) said
LEFT JOIN (
    SELECT * FROM silver.order_states QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY epoch DESC, lsn DESC, number DESC) = 1
) old ON said.incomplete AND old.order_id = said.previous_id
