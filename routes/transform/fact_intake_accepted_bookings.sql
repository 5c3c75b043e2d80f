-- bronze.bookings -> gold.fact_intake: what the table holds for a day, plus what is new. The sum is exact because the source keeps
-- the first row of each key, so that its changes are new rows only.
SELECT
    fresh.day,
    'bookings' AS stream,
    fresh.outcome,
    CASE WHEN fresh.day BETWEEN DATE '1970-01-01' AND DATE '2069-12-31'
        THEN CAST(strftime(fresh.day, '%Y%m%d') AS INTEGER) ELSE -1 END AS date_key,
    fresh.events + coalesce(held.events, 0) AS events
FROM (
    SELECT CAST(received_at AT TIME ZONE 'UTC' AS DATE) AS day, 'accepted' AS outcome, count(*) AS events
    FROM changes
    GROUP BY ALL
) AS fresh
LEFT JOIN gold.fact_intake AS held
    ON held.day = fresh.day AND held.stream = 'bookings' AND held.outcome = fresh.outcome
