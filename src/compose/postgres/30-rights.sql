-- The schemas and tables, made just before this, get their owner and their rights. What admin makes later has the same.

ALTER SCHEMA pipeline OWNER TO admin;
ALTER SCHEMA shop OWNER TO admin;
ALTER SCHEMA analytics OWNER TO admin;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('pipeline', 'shop', 'analytics') LOOP
        EXECUTE format('ALTER TABLE %I.%I OWNER TO admin', one.schemaname, one.tablename);
    END LOOP;
END $$;

-- the sources
GRANT USAGE ON SCHEMA pipeline, shop TO wadi, reader, writer;
GRANT SELECT ON ALL TABLES IN SCHEMA pipeline, shop TO wadi, reader, writer;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pipeline, shop TO writer;
ALTER DEFAULT PRIVILEGES FOR ROLE admin IN SCHEMA pipeline, shop GRANT SELECT ON TABLES TO wadi, reader, writer;
ALTER DEFAULT PRIVILEGES FOR ROLE admin IN SCHEMA pipeline, shop GRANT INSERT, UPDATE, DELETE ON TABLES TO writer;

-- what Wadi writes of gold
GRANT USAGE ON SCHEMA analytics TO wadi, reader, writer;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO wadi, reader, writer;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA analytics TO wadi;
ALTER DEFAULT PRIVILEGES FOR ROLE admin IN SCHEMA analytics GRANT SELECT ON TABLES TO wadi, reader, writer;
ALTER DEFAULT PRIVILEGES FOR ROLE admin IN SCHEMA analytics GRANT INSERT, UPDATE, DELETE ON TABLES TO wadi;

-- What routes/ingest/capture-shop.camel.yaml follows. Whoever captures needs not own the tables when it is there.
CREATE PUBLICATION wadi_shop FOR TABLE shop.customers, shop.orders, shop.products;
ALTER PUBLICATION wadi_shop OWNER TO admin;
