-- bronze.shop -> silver.products: each change makes the row what it is after it; the merge keeps the last one by its place in the log.
--
-- Long texts that an update did not touch are not in the log: the change names them in `unchanged`. Such a column keeps
-- what the last change before said of it, or else what the table has. A null that was written is a null. A row keeps its
-- values under another key: its life begins with an insert that is no change of a key, or in the table under the key `root`.
WITH RECURSIVE change AS MATERIALIZED (
    SELECT
        event.key->>'product_id' AS id,
        event.previous_key->>'product_id' AS previous_id,
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
    WHERE event.schema = 'shop' AND event.table = 'products'
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
        id AS product_id,
        root,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'name') THEN {v: event.after->>'name'} END IGNORE NULLS) OVER before AS name,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'type') THEN {v: event.after->>'type'} END IGNORE NULLS) OVER before AS type,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'destination') THEN {v: event.after->>'destination'} END IGNORE NULLS) OVER before AS destination,
        TRY_CAST(event.after->>'price' AS DECIMAL(18, 2)) AS price,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'currency') THEN {v: event.after->>'currency'} END IGNORE NULLS) OVER before AS currency,
        last_value(CASE WHEN event.op <> 'd' AND NOT list_contains(unchanged, 'description') THEN {v: event.after->>'description'} END IGNORE NULLS) OVER before AS description,
        TRY_CAST(event.after->>'updated_at' AS TIMESTAMPTZ) AS updated_at,
        nullif(json_merge_patch(event.after, '{"product_id": null, "name": null, "type": null, "destination": null, "price": null, "currency": null, "description": null, "updated_at": null}')::VARCHAR, '{}') AS _extra,
        event.op, event.epoch, event.lsn, event.number, event.changed_at, source, position, received_at
    FROM lived
    WINDOW before AS (PARTITION BY root, began ORDER BY n)
) said
LEFT JOIN silver.products old ON old.product_id = said.root
