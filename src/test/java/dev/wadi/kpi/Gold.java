package dev.wadi.kpi;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.table.TableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/** A small gold layer in DuckDB tables of its own, with versions that a test sets. */
public final class Gold implements Reading, AutoCloseable {
    private static final Contracts SHIPPED = Contracts.load(Path.of("schemas", "tables"));

    /** When the first versions came. */
    static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final Connection connection;
    private final Map<TableName, Long> versions = new TreeMap<>();

    /** Pins opened so far: how often a query could have run. */
    private int pins;

    public Gold() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        for (Contract contract : contracts().all()) {
            String columns = contract.stored().stream()
                    .map(column -> Sql.name(column.name()) + " " + column.type().sql())
                    .collect(Collectors.joining(", "));
            table(contract.table().toString(), columns);
        }
        run("""
                INSERT INTO gold.dim_product BY NAME SELECT * FROM (VALUES
                    ('P1', 1, 'Lisbon Weekend', 'hotel', 'Lisbon'),
                    ('P2', 2, 'Night Flight', 'flight', 'Oslo')) AS t(product_id, product_key, name, type, destination);
                INSERT INTO gold.dim_customer BY NAME SELECT * FROM (VALUES
                    ('C1', 1, 'Ada', 'ada@example.org', 'DE', 'business'),
                    ('C2', 2, 'Bo', 'bo@example.org', 'FR', 'leisure')) AS
                    t(customer_id, customer_key, name, email, country, segment);
                INSERT INTO gold.fact_orders BY NAME SELECT * FROM (VALUES
                    (DATE '2026-01-01', TIMESTAMPTZ '2026-01-01 23:30:00Z', 1, 1, 'Atlas', 1, 100.10, 'EUR', 100.10, 'confirmed'),
                    (DATE '2026-01-04', TIMESTAMPTZ '2026-01-04 23:30:00Z', 2, 1, 'Atlas', 2, 10.05, 'EUR', 20.10, 'created'),
                    (DATE '2026-01-05', TIMESTAMPTZ '2026-01-05 23:30:00Z', 1, 2, 'Atlas', 1, 999.99, 'EUR', 999.99, 'cancelled'),
                    (DATE '2026-02-10', TIMESTAMPTZ '2026-02-10 23:30:00Z', 2, 2, 'O''Hara', 1, 50, 'USD', 50, 'confirmed'),
                    (DATE '2026-02-11', TIMESTAMPTZ '2026-02-11 23:30:00Z', 1, 9, NULL, 1, 0.33, 'EUR', 0.33, 'confirmed')) AS
                    t(booked_date, booked_at, product_key, customer_key, agency_name, quantity, unit_price, currency,
                      amount, status);
                INSERT INTO gold.fact_events BY NAME SELECT * FROM (VALUES
                    (DATE '2026-01-01', 'purchase', 3), (DATE '2026-01-02', 'login', 4)) AS
                    t(event_date, action, events);
                INSERT INTO gold.fact_user_days BY NAME SELECT * FROM (VALUES
                    (DATE '2026-01-01', 'u1', 'DE', 'mobile', 2), (DATE '2026-01-02', 'u1', 'DE', 'mobile', 1),
                    (DATE '2026-01-02', 'u2', 'FR', 'desktop', 1)) AS t(event_date, user_id, country, device, events);
                """);
    }

    /** The tables that Wadi ships, without those that take events. */
    public static Contracts contracts() {
        return new Contracts(SHIPPED.all().stream()
                .filter(contract -> !contract.table().layer().equals("bronze"))
                .toList());
    }

    /** The KPIs that Wadi ships. */
    public static Kpis kpis() {
        return Kpis.load(Path.of("schemas", "kpis"), contracts());
    }

    public void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Adds an empty table. */
    public void table(String name, String columns) throws SQLException {
        TableName table = TableName.parse(name);
        run("CREATE SCHEMA IF NOT EXISTS " + table.layer());
        run("CREATE TABLE %s (%s)".formatted(name, columns));
        versions.put(table, 1L);
    }

    /** As a commit to {@code table} would. */
    public void advance(String table) {
        versions.merge(TableName.parse(table), 1L, Long::sum);
    }

    public int pins() {
        return pins;
    }

    /** Of a time before {@link #FIRST} there is nothing; of any other there is the first version. */
    @Override
    public Map<TableName, Long> versions(Set<TableName> tables, Moment moment) {
        Map<TableName, Long> asked = new TreeMap<>(versions);
        asked.keySet().retainAll(tables);
        switch (moment) {
            case Moment.Newest now -> {}
            case Moment.At at -> {
                if (at.time().isBefore(FIRST)) {
                    throw new IllegalArgumentException("no version at " + at.time());
                }
                asked.replaceAll((table, version) -> 1L);
            }
            case Moment.AtVersion at ->
                asked.replaceAll((table, version) -> table.equals(at.table()) ? at.version() : 1L);
            case Moment.Exactly exactly ->
                asked.replaceAll((table, version) -> exactly.versions().get(table));
        }
        return asked;
    }

    @Override
    public Pin pin(Set<TableName> tables, Moment moment) {
        return pin(versions(tables, moment));
    }

    private Pin pin(Map<TableName, Long> pinned) {
        pins++;
        Connection session = session();
        return new Pin() {
            @Override
            public Map<TableName, Long> versions() {
                return pinned;
            }

            @Override
            public Connection connection() {
                return session;
            }

            @Override
            public Optional<TableException> explain(SQLException failure) {
                return Optional.empty();
            }

            @Override
            public void close() {
                try {
                    session.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    private Connection session() {
        try {
            return connection.unwrap(DuckDBConnection.class).duplicate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
