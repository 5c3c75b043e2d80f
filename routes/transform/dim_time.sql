-- gold.dim_time: a calendar. It is computed, not derived from a table; running it again gives the same rows.
SELECT
    CAST(year(date) * 10000 + month(date) * 100 + day(date) AS INTEGER) AS date_key,
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
    isodow(date) >= 6 AS is_weekend
FROM (
    SELECT CAST(unnest(generate_series(DATE '2000-01-01', DATE '2049-12-31', INTERVAL 1 DAY)) AS DATE) AS date
)
