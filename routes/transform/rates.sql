-- bronze.rates -> gold.rates: the JSON of each new rate; the merge keeps the last one of a day. It reads what is new.
SELECT
    upper(trim(payload->>'currency')) AS currency,
    CAST(payload->>'day' AS DATE) AS day,
    CAST(payload->>'rate' AS DECIMAL(18, 8)) AS rate,
    received_at,
    event_id
FROM changes
QUALIFY row_number() OVER (PARTITION BY currency, day ORDER BY received_at DESC, event_id DESC) = 1
