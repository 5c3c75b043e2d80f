-- bronze.shop -> silver.orders: each change makes the row what it is after it; the merge keeps the last one by its place in the log.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column keeps
-- what the last change before said of it, or else what the table has. A null that was written is a null.
SELECT
    said.order_id,
    CASE WHEN said.customer_id IS NULL THEN old.customer_id ELSE said.customer_id.v END AS customer_id,
    CASE WHEN said.product_id IS NULL THEN old.product_id ELSE said.product_id.v END AS product_id,
    said.quantity,
    said.amount,
    CASE WHEN said.currency IS NULL THEN old.currency ELSE said.currency.v END AS currency,
    CASE WHEN said.status IS NULL THEN old.status ELSE said.status.v END AS status,
    CASE WHEN said.comment IS NULL THEN old.comment ELSE said.comment.v END AS comment,
    said.ordered_at,
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
        change.key->>'order_id' AS order_id,
        -- the row that an update of its key made into this one
        coalesce(change.previous_key->>'order_id', change.key->>'order_id') AS previous_id,
        last_value(CASE WHEN NOT list_contains(unchanged, 'customer_id') THEN {v: change.after->>'customer_id'} END IGNORE NULLS) OVER before AS customer_id,
        last_value(CASE WHEN NOT list_contains(unchanged, 'product_id') THEN {v: change.after->>'product_id'} END IGNORE NULLS) OVER before AS product_id,
        TRY_CAST(change.after->>'quantity' AS INTEGER) AS quantity,
        TRY_CAST(change.after->>'amount' AS DECIMAL(18, 2)) AS amount,
        last_value(CASE WHEN NOT list_contains(unchanged, 'currency') THEN {v: change.after->>'currency'} END IGNORE NULLS) OVER before AS currency,
        last_value(CASE WHEN NOT list_contains(unchanged, 'status') THEN {v: change.after->>'status'} END IGNORE NULLS) OVER before AS status,
        last_value(CASE WHEN NOT list_contains(unchanged, 'comment') THEN {v: change.after->>'comment'} END IGNORE NULLS) OVER before AS comment,
        TRY_CAST(change.after->>'ordered_at' AS TIMESTAMPTZ) AS ordered_at,
        TRY_CAST(change.after->>'updated_at' AS TIMESTAMPTZ) AS updated_at,
        nullif(json_merge_patch(change.after, '{"order_id": null, "customer_id": null, "product_id": null, "quantity": null, "amount": null, "currency": null, "status": null, "comment": null, "ordered_at": null, "updated_at": null}')::VARCHAR, '{}') AS _extra,
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
        WHERE event.schema = 'shop' AND event.table = 'orders'
    )
    WINDOW before AS (PARTITION BY change.key->>'order_id' ORDER BY change.epoch, change.lsn, change.number)
) said
LEFT JOIN silver.orders old ON old.order_id = said.previous_id
