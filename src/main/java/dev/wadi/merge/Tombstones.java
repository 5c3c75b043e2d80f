package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.store.Store;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes the files of a {@link Graveyard}. */
final class Tombstones {
    private static final String FOLDER = "_wadi";
    /** More files than this of one kind become one. */
    private static final int MOST_FILES = 16;

    private final Contract contract;
    private final TableSnapshot base;
    private final Workspace workspace;
    private final Store store;

    Tombstones(Contract contract, TableSnapshot base, Workspace workspace, Store store) {
        this.contract = contract;
        this.base = base;
        this.workspace = workspace;
        this.store = store;
    }

    /** A SELECT of the key and sequence columns, and of the system time where there is one, of what is remembered as deleted; null for nothing. */
    static @Nullable String select(Contract contract, TableSnapshot base, Graveyard graveyard) {
        return select(contract, base, graveyard.since(oldest(contract)).tombstones(), names(contract), "");
    }

    /** A SELECT of the stored columns of events that share a row with a newer one; null for nothing. */
    static @Nullable String absorbed(Contract contract, TableSnapshot base, Graveyard graveyard) {
        return select(
                contract, base, graveyard.since(oldest(contract)).absorbed(), EventSetPlanner.remembered(contract), "");
    }

    /** Where the files are that may hold a delete that is still remembered. */
    static List<String> locations(Contract contract, TableSnapshot base, Graveyard graveyard) {
        return graveyard.since(oldest(contract)).tombstones().stream()
                .map(file -> base.folder() + "/" + file.path())
                .toList();
    }

    /** Milliseconds since the epoch. Where every belief is told that ever was, nothing is forgotten. */
    private static long oldest(Contract contract) {
        if (contract.merging().systemSequenceBy() != null) {
            return 0;
        }
        return Clock.systemUTC().millis()
                - contract.merging().tombstoneRetention().toMillis();
    }

    /** What tells a delete from others. */
    static List<String> names(Contract contract) {
        List<String> names = new ArrayList<>(contract.primaryKey());
        names.addAll(contract.sequenceBy());
        String system = contract.merging().systemSequenceBy();
        if (system != null) {
            names.add(system);
        }
        return names;
    }

    /** Columns that the contract gained after a file was written are null in it. */
    private static @Nullable String select(
            Contract contract, TableSnapshot base, List<Graveyard.Remains> files, List<String> columns, String more) {
        if (files.isEmpty()) {
            return null;
        }
        List<String> typed = new ArrayList<>();
        List<String> cast = new ArrayList<>();
        for (String name : columns) {
            Column column = contract.column(name);
            typed.add("NULL::%s AS %s".formatted(column.type().sql(), Sql.name(name)));
            cast.add("t.%1$s::%2$s AS %1$s"
                    .formatted(Sql.name(name), column.type().sql()));
        }
        return "SELECT %s%s FROM (SELECT %s WHERE false UNION ALL BY NAME SELECT * FROM read_parquet([%s], union_by_name = true)) t WHERE t.%s >= make_timestamptz(%d)"
                .formatted(
                        String.join(", ", cast),
                        more,
                        String.join(", ", typed),
                        files.stream()
                                .map(file -> Sql.text(base.folder() + "/" + file.path()))
                                .collect(Collectors.joining(", ")),
                        Graveyard.BURIED_AT,
                        oldest(contract) * 1000);
    }

    /**
     * Writes what a plan wants to be remembered, and puts old files whose rows are not forgotten yet together with it when
     * there are many.
     *
     * @return what the table remembers once this is committed
     */
    Graveyard write(Plan plan) throws SQLException, IOException {
        Graveyard known = Graveyard.of(base).since(oldest(contract));
        String tombstones = plan.tombstones();
        String absorbed = plan.absorbed();
        return new Graveyard(
                tombstones == null
                        ? known.tombstones()
                        : with(known.tombstones(), "tombstones", names(contract), tombstones),
                absorbed == null
                        ? known.absorbed()
                        : with(known.absorbed(), "absorbed", EventSetPlanner.remembered(contract), absorbed),
                plan.truncated() == null ? known.truncated() : plan.truncated());
    }

    private List<Graveyard.Remains> with(
            List<Graveyard.Remains> known, String kind, List<String> columns, String select)
            throws SQLException, IOException {
        List<Graveyard.Remains> kept = new ArrayList<>(known);
        long now = Clock.systemUTC().millis();
        String rows =
                "SELECT *, make_timestamptz(%d) AS %s FROM (%s)".formatted(now * 1000, Graveyard.BURIED_AT, select);
        if (known.size() >= MOST_FILES) {
            // Without a history the newest delete of a key says all.
            String once = contract.merging().history()
                    ? Batch.list("t", names(contract)) + " ORDER BY "
                    : Batch.list("t", contract.primaryKey()) + " ORDER BY " + new Sequence(contract).descending("t");
            rows = "SELECT * FROM (%s UNION ALL BY NAME %s) t QUALIFY row_number() OVER (PARTITION BY %st.%s DESC) = 1"
                    .formatted(
                            rows,
                            select(contract, base, known, columns, ", t." + Graveyard.BURIED_AT),
                            once,
                            Graveyard.BURIED_AT);
            kept.clear();
        }
        String path = FOLDER + "/" + kind + "-" + UUID.randomUUID() + ".parquet";
        String location = base.folder() + "/" + path;
        store.createFolder(base.folder() + "/" + FOLDER);
        try (Statement statement = workspace.session().createStatement()) {
            long written = statement.executeLargeUpdate(
                    "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)".formatted(rows, Sql.text(location)));
            store.sync(List.of(location));
            kept.add(new Graveyard.Remains(path, written, now));
            return kept;
        }
    }
}
