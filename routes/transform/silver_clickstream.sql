-- bronze.clickstream -> silver.clickstream: the JSON of each new event, taken apart into typed columns.
--
-- Every field that the contract requires was checked at the door, so it is never null here. Were one null all the same,
-- the merge would refuse the row into quarantine; nothing is dropped in silence.
SELECT
    event_id,
    CAST(event.event_time AT TIME ZONE 'UTC' AS DATE) AS event_date,
    event.event_time AS event_time,
    trim(event.user_id) AS user_id,
    nullif(trim(event.session_id), '') AS session_id,
    event.action AS action,
    nullif(trim(event.product_id), '') AS product_id,
    nullif(trim(event.page_url), '') AS page_url,
    nullif(trim(event.referrer), '') AS referrer,
    nullif(trim(event.user_agent), '') AS user_agent,
    nullif(trim(event.device), '') AS device,
    -- a code of two letters is written in upper case; anything else is somebody's text and stays
    CASE WHEN length(trim(event.location.country)) = 2 THEN upper(trim(event.location.country))
         ELSE nullif(trim(event.location.country), '') END AS country,
    nullif(trim(event.location.city), '') AS city,
    event.location.lat AS lat,
    event.location.lon AS lon,
    event.engagement.time_on_page_ms AS time_on_page_ms,
    event.engagement.scroll_depth AS scroll_depth,
    payload AS _doc,
    source,
    position,
    received_at
FROM (
    -- one pass over the JSON; what does not have the type is null
    SELECT
        event_id, payload, source, position, received_at,
        json_transform(payload, '{
            "event_time": "TIMESTAMPTZ",
            "user_id": "VARCHAR",
            "session_id": "VARCHAR",
            "action": "VARCHAR",
            "product_id": "VARCHAR",
            "page_url": "VARCHAR",
            "referrer": "VARCHAR",
            "user_agent": "VARCHAR",
            "device": "VARCHAR",
            "location": {"country": "VARCHAR", "city": "VARCHAR", "lat": "DOUBLE", "lon": "DOUBLE"},
            "engagement": {"time_on_page_ms": "BIGINT", "scroll_depth": "DOUBLE"}
        }') AS event
    FROM changes
)
