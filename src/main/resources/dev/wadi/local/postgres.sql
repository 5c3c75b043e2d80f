-- The source tables of the routes in routes/ingest, and the tables that routes/transform/postgresql.camel.yaml fills, for a
-- database that has none: the embedded PostgreSQL runs this at each start. What exists stays as it is.

CREATE SCHEMA IF NOT EXISTS pipeline;

-- Polled by routes/ingest/poll-bookings.camel.yaml: rows change, and whoever changes one sets updated_at.
CREATE TABLE IF NOT EXISTS pipeline.partner_agency_booking (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id       text NOT NULL UNIQUE,
    agency_id        text NOT NULL,
    agency_name      text,
    customer_id      text NOT NULL,
    customer_name    text,
    customer_email   text,
    customer_country text,
    customer_segment text,
    product_id       text NOT NULL,
    product_name     text,
    product_type     text NOT NULL DEFAULT 'hotel',
    product_destination text,
    quantity         integer NOT NULL DEFAULT 1,
    unit_price       numeric(18, 2) NOT NULL,
    currency         text NOT NULL DEFAULT 'EUR',
    amount           numeric(18, 2) NOT NULL,
    status           text NOT NULL DEFAULT 'created',
    booked_at        timestamptz NOT NULL DEFAULT now(),
    travel_date      date,
    updated_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS partner_agency_booking_changes ON pipeline.partner_agency_booking (updated_at, id);

-- Polled by routes/ingest/poll-clickstream.camel.yaml: rows are added and stay as they are.
CREATE TABLE IF NOT EXISTS pipeline.clickstream_data (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id         text NOT NULL,
    event_time       timestamptz NOT NULL DEFAULT now(),
    user_id          text NOT NULL,
    session_id       text,
    action           text NOT NULL,
    product_id       text,
    page_url         text,
    referrer         text,
    user_agent       text,
    device           text,
    location         jsonb,
    engagement       jsonb,
    updated_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS clickstream_data_changes ON pipeline.clickstream_data (updated_at, id);

-- Captured by routes/ingest/capture-shop.camel.yaml: every change, deletes too.
CREATE SCHEMA IF NOT EXISTS shop;

DO $$ BEGIN
IF to_regclass('shop.customers') IS NULL THEN

CREATE TABLE shop.customers (
    customer_id text PRIMARY KEY,
    name        text NOT NULL,
    email       text,
    country     text,
    segment     text,
    notes       text,
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shop.products (
    product_id  text PRIMARY KEY,
    name        text NOT NULL,
    type        text NOT NULL,
    destination text,
    price       numeric(18, 2),
    currency    text NOT NULL DEFAULT 'EUR',
    description text,
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shop.orders (
    order_id    text PRIMARY KEY,
    customer_id text NOT NULL,
    product_id  text NOT NULL,
    quantity    integer NOT NULL DEFAULT 1,
    amount      numeric(18, 2) NOT NULL,
    currency    text NOT NULL DEFAULT 'EUR',
    status      text NOT NULL DEFAULT 'created',
    comment     text,
    ordered_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

INSERT INTO shop.customers (customer_id, name, email, country, segment) VALUES
    ('s-ada', 'Ada', 'ada@example.com', 'SE', 'leisure'),
    ('s-bob', 'Bob', 'bob@example.com', 'DE', 'business');
INSERT INTO shop.products (product_id, name, type, destination, price) VALUES
    ('s-rome', 'Stockholm - Rome', 'flight', 'Rome', 120.50),
    ('s-oslo', 'Three nights in Oslo', 'hotel', 'Oslo', 330.00);
INSERT INTO shop.orders (order_id, customer_id, product_id, quantity, amount) VALUES
    ('s-1', 's-ada', 's-rome', 2, 241.00);

END IF;
END $$;

-- Written by routes/transform/postgresql.camel.yaml: gold, for those who want SQL here. lake_version is the version of the
-- gold table that last changed the row.
CREATE SCHEMA IF NOT EXISTS analytics;

-- customers as they are now, from gold.dim_customer
CREATE TABLE IF NOT EXISTS analytics.users (
    user_id      text PRIMARY KEY,
    customer_key bigint NOT NULL,
    name         text,
    email        text,
    country      text,
    segment      text,
    updated_at   timestamptz NOT NULL,
    lake_version bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS users_by_key ON analytics.users (customer_key);

-- users and months, from gold.agg_monthly_user_activity
CREATE TABLE IF NOT EXISTS analytics.user_activity (
    month           date NOT NULL,
    user_id         text NOT NULL,
    events          bigint NOT NULL,
    active_days     bigint NOT NULL,
    first_date      date,
    last_date       date,
    sessions        bigint NOT NULL,
    purchases       bigint NOT NULL,
    session_seconds bigint NOT NULL,
    lake_version    bigint NOT NULL,
    PRIMARY KEY (month, user_id)
);

-- numbers of days, from gold.agg_daily_metrics
CREATE TABLE IF NOT EXISTS analytics.aggregated_metrics (
    day          date NOT NULL,
    metric       text NOT NULL,
    subject      text NOT NULL,
    value        numeric(18, 2),
    lake_version bigint NOT NULL,
    PRIMARY KEY (day, metric, subject)
);
