-- silver.clickstream -> gold.fact_user_days: what the table holds for a user on a day, plus what is new.
--
-- Exact for the same reason as fact_events.sql: the changes of silver.clickstream are new events only, each in one
-- version, and the counts are committed together with the version they were counted from.
SELECT
    fresh.event_date,
    fresh.user_id,
    fresh.country,
    fresh.device,
    CASE WHEN fresh.event_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(fresh.event_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    fresh.events + coalesce(held.events, 0) AS events
FROM (
    SELECT
        event_date,
        user_id,
        -- part of the key, which cannot be null
        coalesce(country, 'unknown') AS country,
        coalesce(device, 'unknown') AS device,
        count(*) AS events
    FROM changes
    GROUP BY ALL
) AS fresh
LEFT JOIN gold.fact_user_days AS held
    ON held.event_date = fresh.event_date
    AND held.user_id = fresh.user_id
    AND held.country = fresh.country
    AND held.device = fresh.device
