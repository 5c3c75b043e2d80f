-- silver.clickstream -> gold.fact_events: what the table holds for a day and an action, plus what is new.
--
-- The sum is exact because silver.clickstream keeps the first row of each event_id: its changes are new events only, each
-- in one version. And the merge commits the counts together with the version it has read, so no change is added twice.
-- Should rows of silver.clickstream ever be updated or deleted, count the whole table here instead of adding.
SELECT
    fresh.event_date,
    fresh.action,
    CASE WHEN fresh.event_date BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(fresh.event_date, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    fresh.events + coalesce(held.events, 0) AS events
FROM (SELECT event_date, action, count(*) AS events FROM changes GROUP BY event_date, action) AS fresh
LEFT JOIN gold.fact_events AS held
    ON held.event_date = fresh.event_date AND held.action = fresh.action
