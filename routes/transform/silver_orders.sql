-- bronze.shop -> silver.orders: each change makes the row what it is after it; the merge keeps the last one by its place in the log.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column keeps
-- what the last change before said of it, or else what the table has. A null that was written is a null. A row keeps its
-- values under another key: its life begins with an insert that is no change of a key, or in the table under the key `root`.
WITH RECURSIVE change AS MATERIALIZED (
    SELECT
        event.key->>'order_id' AS id,
        event.previous_key->>'order_id' AS previous_id,
        coalesce(event.unchanged, []) AS unchanged,
        event.op IN ('c', 'r') AS born,
        event,
        row_number() OVER (ORDER BY event.epoch, event.lsn, event.number) AS n,
        source, position, received_at
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
),
-- each insert, and the insert before of the key that it had before
birth AS (
    SELECT this.n, this.previous_id, max(that.n) AS parent
    FROM change this
    LEFT JOIN change that ON that.born AND that.id = this.previous_id AND that.n < this.n
    WHERE this.born
    GROUP BY this.n, this.previous_id
),
life AS (
    SELECT n, n AS began, previous_id AS root FROM birth WHERE parent IS NULL
    UNION ALL
    SELECT birth.n, life.began, life.root FROM birth JOIN life ON birth.parent = life.n
),
lived AS (
    SELECT newest.*, CASE WHEN birth IS NULL THEN id ELSE root END AS root, CASE WHEN root IS NULL THEN began END AS began
    FROM (SELECT *, max(CASE WHEN born THEN n END) OVER (PARTITION BY id ORDER BY n) AS birth FROM change) newest
    LEFT JOIN life ON life.n = newest.birth
)
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
        id AS order_id,
        root,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'customer_id') THEN {v: event.after->>'customer_id'} END IGNORE NULLS) OVER before AS customer_id,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'product_id') THEN {v: event.after->>'product_id'} END IGNORE NULLS) OVER before AS product_id,
        TRY_CAST(event.after->>'quantity' AS INTEGER) AS quantity,
        TRY_CAST(event.after->>'amount' AS DECIMAL(18, 2)) AS amount,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'currency') THEN {v: event.after->>'currency'} END IGNORE NULLS) OVER before AS currency,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'status') THEN {v: event.after->>'status'} END IGNORE NULLS) OVER before AS status,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'comment') THEN {v: event.after->>'comment'} END IGNORE NULLS) OVER before AS comment,
        TRY_CAST(event.after->>'ordered_at' AS TIMESTAMPTZ) AS ordered_at,
        TRY_CAST(event.after->>'updated_at' AS TIMESTAMPTZ) AS updated_at,
        nullif(json_merge_patch(event.after, '{"order_id": null, "customer_id": null, "product_id": null, "quantity": null, "amount": null, "currency": null, "status": null, "comment": null, "ordered_at": null, "updated_at": null}')::VARCHAR, '{}') AS _extra,
        event.op, event.epoch, event.lsn, event.number, event.changed_at, source, position, received_at
    FROM lived
    WINDOW before AS (PARTITION BY root, began ORDER BY n)
) said
LEFT JOIN silver.orders old ON old.order_id = said.root
