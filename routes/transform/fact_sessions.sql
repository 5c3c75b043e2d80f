-- silver.clickstream -> gold.fact_sessions: actions of a user without a pause of more than 30 minutes are one session.
--
-- What a session says can be put together from what its parts say: so each new action is a session of its own at first, and is
-- joined with those of the table that are near. An action that comes late extends a session, or joins two; the row that began later
-- then goes. Exact for the same reason as fact_events.sql: the changes of silver.clickstream are new actions only, each in one
-- version, and the sessions are committed together with the version they were made from.
--
-- It reads what is new, and of the sessions of these users those that are near, found by a look through three columns.
WITH
fresh AS (
    SELECT
        user_id,
        event_time AS started_at,
        event_time AS ended_at,
        CAST(1 AS BIGINT) AS events,
        CAST(action = 'purchase' AS BIGINT) AS purchases,
        coalesce(time_on_page_ms, 0) AS time_on_page_ms,
        page_url AS entry_page,
        page_url AS exit_page,
        referrer,
        country,
        device,
        event_id AS entry_event_id,
        event_id AS exit_event_id
    FROM changes
),
near AS (
    SELECT held.*
    FROM gold.fact_sessions AS held
    JOIN (SELECT user_id, min(started_at) AS first, max(started_at) AS last FROM fresh GROUP BY user_id) AS busy
        ON busy.user_id = held.user_id
        AND held.ended_at >= busy.first - INTERVAL 30 MINUTE
        AND held.started_at <= busy.last + INTERVAL 30 MINUTE
),
part AS (
    SELECT * FROM fresh
    UNION ALL BY NAME
    SELECT
        user_id, started_at, ended_at, events, purchases, time_on_page_ms, entry_page, exit_page, referrer, country, device,
        entry_event_id, exit_event_id
    FROM near
),
numbered AS (
    SELECT *, count_if(begins) OVER (PARTITION BY user_id ORDER BY started_at, entry_event_id) AS number
    FROM (
        SELECT
            *,
            -- null at the first of a user, which count_if would not count as a number
            coalesce(started_at > INTERVAL 30 MINUTE + max(ended_at) OVER (
                PARTITION BY user_id ORDER BY started_at, entry_event_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), true) AS begins
        FROM part
    )
),
session AS (
    SELECT
        user_id,
        min(started_at) AS started_at,
        max(ended_at) AS ended_at,
        CAST(sum(events) AS BIGINT) AS events,
        CAST(sum(purchases) AS BIGINT) AS purchases,
        CAST(sum(time_on_page_ms) AS BIGINT) AS time_on_page_ms,
        -- as one value, because what is null must not be passed over
        arg_min({page: entry_page, referrer: referrer, country: country, device: device}, (started_at, entry_event_id)) AS entry,
        arg_max({page: exit_page}, (ended_at, exit_event_id)) AS exit,
        arg_min(entry_event_id, (started_at, entry_event_id)) AS entry_event_id,
        arg_max(exit_event_id, (ended_at, exit_event_id)) AS exit_event_id
    FROM numbered
    GROUP BY user_id, number
),
row AS (
    SELECT
        user_id,
        started_at,
        event_date,
        CASE WHEN event_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
            THEN CAST(strftime(event_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
        ended_at,
        date_diff('second', started_at, ended_at) AS duration_seconds,
        events,
        purchases,
        time_on_page_ms,
        entry.page AS entry_page,
        exit.page AS exit_page,
        entry.referrer AS referrer,
        entry.country AS country,
        entry.device AS device,
        events = 1 AS bounced,
        purchases > 0 AS purchased,
        entry_event_id,
        exit_event_id,
        false AS gone
    FROM (SELECT *, CAST(started_at AT TIME ZONE 'UTC' AS DATE) AS event_date FROM session)
)
SELECT * FROM row
UNION ALL BY NAME
SELECT user_id, started_at, true AS gone FROM near ANTI JOIN row USING (user_id, started_at)
