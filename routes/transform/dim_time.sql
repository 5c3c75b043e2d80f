-- gold.dim_time: a calendar, and the holidays that bronze.holidays has. It is computed whole each time holidays come (36,525
-- rows, some 50 ms), and at the start; rows that stay the same are not written.
WITH holiday AS (
    SELECT CAST(payload->>'day' AS DATE) AS day, string_agg(DISTINCT trim(payload->>'name'), ', ' ORDER BY trim(payload->>'name')) AS name
    FROM bronze.holidays
    GROUP BY ALL
)
SELECT
    CAST(strftime(date, '%Y%m%d') AS INTEGER) AS date_key,
    date,
    CAST(year(date) AS INTEGER) AS year,
    CAST(quarter(date) AS INTEGER) AS quarter,
    CAST(month(date) AS INTEGER) AS month,
    monthname(date) AS month_name,
    CAST(isoyear(date) AS INTEGER) AS iso_year,
    CAST(week(date) AS INTEGER) AS iso_week,
    CAST(day(date) AS INTEGER) AS day_of_month,
    CAST(isodow(date) AS INTEGER) AS day_of_week,
    dayname(date) AS day_name,
    isodow(date) >= 6 AS is_weekend,
    CAST(date_trunc('week', date) AS DATE) AS week_start,
    CAST(date_trunc('month', date) AS DATE) AS month_start,
    CAST(date_trunc('quarter', date) AS DATE) AS quarter_start,
    CAST(dayofyear(date) AS INTEGER) AS day_of_year,
    holiday.day IS NOT NULL AS is_holiday,
    holiday.name AS holiday_name
FROM (
    SELECT CAST(unnest(generate_series(DATE '1970-01-01', DATE '2069-12-31', INTERVAL 1 DAY)) AS DATE) AS date
)
LEFT JOIN holiday ON holiday.day = date
UNION ALL
-- what a fact refers to that has no day, or one that is not in the calendar
SELECT -1, NULL, 0, 0, 0, 'unknown', 0, 0, 0, 0, 'unknown', false, NULL, NULL, NULL, 0, false, NULL
