package dev.wadi.engine;

import dev.wadi.contract.TableName;
import dev.wadi.table.Hold;
import dev.wadi.table.Lake;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableErrors;
import dev.wadi.table.TableException;
import dev.wadi.table.TableSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Opens the lake for reading, each table pinned to one version.
 *
 * <p>A set of pinned versions is a DuckDB catalog of views. The latest few are kept, so that answers from unchanged tables
 * share one.
 */
public final class LakeReader implements AutoCloseable {
    private static final int KEPT = 16;

    private final DuckDb duckDb;
    private final Lake lake;
    private final Map<Map<TableName, Long>, Catalog> catalogs = new LinkedHashMap<>(KEPT, 0.75f, true);

    public LakeReader(DuckDb duckDb, Lake lake) {
        this.duckDb = duckDb;
        this.lake = lake;
    }

    /** Pins the newest version of each table. A table that has never been written is pinned at its first, empty version. */
    public Pin pin(Set<TableName> tables) {
        SortedMap<TableName, TableSnapshot> snapshots = new TreeMap<>();
        for (TableName name : tables) {
            snapshots.put(name, lake.table(name).latest());
        }
        return pinned(snapshots);
    }

    /** Pins given versions. @throws dev.wadi.table.TableException when one is not there */
    public Pin pin(Map<TableName, Long> versions) {
        SortedMap<TableName, TableSnapshot> snapshots = new TreeMap<>();
        versions.forEach((name, version) -> snapshots.put(name, lake.table(name).at(version)));
        return pinned(snapshots);
    }

    /** Pins these snapshots: their files stay until the pin is closed. */
    public Pin pinned(SortedMap<TableName, TableSnapshot> snapshots) {
        SortedMap<TableName, Long> versions = new TreeMap<>();
        snapshots.forEach((name, snapshot) -> versions.put(name, snapshot.version()));
        List<Hold> holds = hold(snapshots);
        Catalog catalog;
        try {
            catalog = acquire(versions, snapshots);
        } catch (RuntimeException e) {
            holds.forEach(Hold::close);
            throw e;
        }
        try {
            return new Session(catalog, snapshots, duckDb.open(), holds);
        } catch (SQLException | EngineException e) {
            release(catalog);
            holds.forEach(Hold::close);
            throw new EngineException("The lake cannot be opened at %s: %s".formatted(versions, e.getMessage()), e);
        }
    }

    /** Like {@link #pin(Map)}, for a DuckDB in another process. */
    public Loan lend(Map<TableName, Long> versions) {
        SortedMap<TableName, TableSnapshot> snapshots = new TreeMap<>();
        versions.forEach((name, version) -> snapshots.put(name, lake.table(name).at(version)));
        return lent(snapshots);
    }

    private Loan lent(SortedMap<TableName, TableSnapshot> snapshots) {
        List<Hold> holds = hold(snapshots);
        try {
            List<Loan.Table> tables = new ArrayList<>();
            for (Map.Entry<TableName, TableSnapshot> each : snapshots.entrySet()) {
                FileScan scan = FileScan.live(lake.table(each.getKey()), each.getValue());
                List<String> columns = each.getValue().columns().stream()
                        .map(TableColumn::name)
                        .toList();
                String side = "main.deleted_" + tables.size();
                tables.add(new Loan.Table(
                        each.getKey(),
                        each.getValue().version(),
                        scan.select(side, columns, false),
                        side,
                        scan.deletedBits(),
                        scan.locations()));
            }
            return new Loan(tables, words -> explain(snapshots, new SQLException(words)), holds);
        } catch (SQLException | RuntimeException e) {
            holds.forEach(Hold::close);
            throw new EngineException("The lake cannot be lent: " + e.getMessage(), e);
        }
    }

    private List<Hold> hold(SortedMap<TableName, TableSnapshot> snapshots) {
        List<Hold> holds = new ArrayList<>();
        try {
            snapshots.forEach((name, snapshot) -> holds.add(lake.table(name).hold(snapshot)));
        } catch (RuntimeException e) {
            holds.forEach(Hold::close);
            throw e;
        }
        return holds;
    }

    /** When a version was committed. @throws dev.wadi.table.NoSuchVersionException when it is not there */
    public Instant committed(TableName table, long version) {
        return lake.table(table).at(version).committed();
    }

    /**
     * Of each table the newest version that was committed at {@code asOf} or before.
     *
     * @throws dev.wadi.table.NoSuchVersionException when a table has none that can be read
     */
    public Map<TableName, Long> versions(Set<TableName> tables, Instant asOf) {
        SortedMap<TableName, Long> versions = new TreeMap<>();
        for (TableName name : new TreeSet<>(tables)) {
            versions.put(name, lake.table(name).at(asOf).version());
        }
        return versions;
    }

    /** The newest version of each table, without opening anything: what an ETag is made of. */
    public Map<TableName, Long> versions(Set<TableName> tables) {
        SortedMap<TableName, Long> versions = new TreeMap<>();
        for (TableName name : new TreeSet<>(tables)) {
            versions.put(name, lake.table(name).latest().version());
        }
        return versions;
    }

    /** A DuckDB catalog of views; {@code users} counts the open pins. */
    private static final class Catalog {
        private final Workspace workspace;
        private final Map<TableName, Long> versions;
        private int users;

        Catalog(Workspace workspace, Map<TableName, Long> versions) {
            this.workspace = workspace;
            this.versions = versions;
        }
    }

    private synchronized Catalog acquire(
            SortedMap<TableName, Long> versions, SortedMap<TableName, TableSnapshot> snapshots) {
        Catalog catalog = catalogs.get(versions);
        if (catalog == null) {
            Workspace workspace = Workspace.open(duckDb);
            try {
                view(workspace, snapshots);
            } catch (TableException e) {
                workspace.close();
                throw e;
            } catch (SQLException | RuntimeException e) {
                workspace.close();
                explain(snapshots, e).ifPresent(known -> {
                    throw known;
                });
                throw new EngineException("The lake cannot be opened at %s: %s".formatted(versions, e.getMessage()), e);
            }
            catalog = new Catalog(workspace, Collections.unmodifiableMap(versions));
            catalogs.put(catalog.versions, catalog);
            dropUnused();
        }
        catalog.users++;
        return catalog;
    }

    private static Optional<TableException> explain(SortedMap<TableName, TableSnapshot> snapshots, Exception failure) {
        return snapshots.values().stream()
                .map(snapshot -> TableErrors.ofReading(snapshot, failure))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private synchronized void release(Catalog catalog) {
        catalog.users--;
        dropUnused();
    }

    /** Drops the catalogs that were not used for longest, as far as nobody reads them. */
    private void dropUnused() {
        int over = catalogs.size() - KEPT;
        for (Iterator<Catalog> each = catalogs.values().iterator(); over > 0 && each.hasNext(); ) {
            Catalog catalog = each.next();
            if (catalog.users == 0) {
                each.remove();
                over--;
                catalog.workspace.close();
            }
        }
    }

    /**
     * Makes the session of a workspace see {@code layer.name} for each snapshot, and nothing else of the lake. Their files stay
     * until the workspace is closed.
     */
    public void define(Workspace workspace, SortedMap<TableName, TableSnapshot> snapshots) throws SQLException {
        hold(snapshots).forEach(hold -> workspace.whenClosed(hold::close));
        view(workspace, snapshots);
    }

    private void view(Workspace workspace, SortedMap<TableName, TableSnapshot> snapshots) throws SQLException {
        workspace.execute("USE " + workspace.catalog());
        for (Map.Entry<TableName, TableSnapshot> each : snapshots.entrySet()) {
            TableName name = each.getKey();
            TableSnapshot snapshot = each.getValue();
            FileScan scan = FileScan.live(lake.table(name), snapshot);
            String side = "files_" + name.layer() + "_" + name.name();
            scan.prepare(workspace, side);
            List<String> columns =
                    snapshot.columns().stream().map(TableColumn::name).toList();
            workspace.execute("CREATE SCHEMA IF NOT EXISTS " + Sql.name(name.layer()));
            workspace.execute("CREATE VIEW %s.%s AS %s"
                    .formatted(
                            Sql.name(name.layer()),
                            Sql.name(name.name()),
                            scan.select(workspace.table(side), columns, false)));
        }
    }

    @Override
    public synchronized void close() {
        catalogs.values().forEach(catalog -> catalog.workspace.close());
        catalogs.clear();
    }

    private final class Session implements Pin {
        private final Catalog catalog;
        private final SortedMap<TableName, TableSnapshot> snapshots;
        private final Connection connection;
        private final List<Hold> holds;
        private boolean closed;

        Session(Catalog catalog, SortedMap<TableName, TableSnapshot> snapshots, Connection connection, List<Hold> holds)
                throws SQLException {
            this.catalog = catalog;
            this.snapshots = snapshots;
            this.holds = holds;
            this.connection = connection;
            try (Statement statement = connection.createStatement()) {
                statement.execute("USE " + catalog.workspace.catalog());
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public Map<TableName, Long> versions() {
            return catalog.versions;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public Map<TableName, TableSnapshot> snapshots() {
            return Collections.unmodifiableMap(snapshots);
        }

        @Override
        public Optional<TableException> explain(SQLException failure) {
            return LakeReader.explain(snapshots, failure);
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                connection.close();
            } catch (SQLException e) {
                throw new EngineException("A session did not close: " + e.getMessage(), e);
            } finally {
                release(catalog);
                holds.forEach(Hold::close);
            }
        }
    }
}
