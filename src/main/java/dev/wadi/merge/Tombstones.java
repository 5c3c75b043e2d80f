package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.store.Store;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes the files of a {@link Graveyard}. */
final class Tombstones {
    private static final String FOLDER = "_wadi";
    /** More files than this become one. */
    private static final int MOST_FILES = 16;

    private Tombstones() {}

    /** A SELECT of the key and sequence columns of what is remembered as deleted; null for nothing. */
    static @Nullable String select(Contract contract, TableSnapshot base, Graveyard graveyard) {
        return select(contract, base, graveyard.since(oldest(contract)), "");
    }

    /** Where the files are that may hold something that is still remembered. */
    static List<String> locations(Contract contract, TableSnapshot base, Graveyard graveyard) {
        return graveyard.since(oldest(contract)).stream()
                .map(file -> base.folder() + "/" + file.path())
                .toList();
    }

    private static long oldest(Contract contract) {
        return Clock.systemUTC().millis()
                - contract.merging().tombstoneRetention().toMillis();
    }

    private static @Nullable String select(
            Contract contract, TableSnapshot base, List<Graveyard.Tombstones> files, String more) {
        if (files.isEmpty()) {
            return null;
        }
        return "SELECT %s%s FROM read_parquet([%s]) t WHERE %s >= make_timestamptz(%d)"
                .formatted(
                        columns(contract),
                        more,
                        files.stream()
                                .map(file -> Sql.text(base.folder() + "/" + file.path()))
                                .collect(Collectors.joining(", ")),
                        Graveyard.BURIED_AT,
                        oldest(contract) * 1000);
    }

    private static String columns(Contract contract) {
        return Batch.list("t", contract.primaryKey()) + ", " + Batch.list("t", contract.sequenceBy());
    }

    /**
     * Writes new tombstones, and puts old ones that are not forgotten yet together with them when there are many files.
     *
     * @param select gives key and sequence columns
     * @return what the table remembers once this is committed
     */
    static Graveyard write(
            Contract contract, TableSnapshot base, Graveyard graveyard, String select, Workspace workspace, Store store)
            throws SQLException, IOException {
        List<Graveyard.Tombstones> known = graveyard.since(oldest(contract));
        Graveyard kept = new Graveyard(known, graveyard.truncated());
        long now = Clock.systemUTC().millis();
        String rows =
                "SELECT *, make_timestamptz(%d) AS %s FROM (%s)".formatted(now * 1000, Graveyard.BURIED_AT, select);
        if (known.size() >= MOST_FILES) {
            String old = select(contract, base, known, ", t." + Graveyard.BURIED_AT);
            rows =
                    "SELECT * FROM (%s UNION ALL BY NAME %s) t QUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s t.%s DESC) = 1"
                            .formatted(
                                    rows,
                                    old,
                                    Batch.list("t", contract.primaryKey()),
                                    new Sequence(contract).descending("t"),
                                    Graveyard.BURIED_AT);
            kept = new Graveyard(List.of(), graveyard.truncated());
        }
        String path = FOLDER + "/tombstones-" + UUID.randomUUID() + ".parquet";
        String location = base.folder() + "/" + path;
        store.createFolder(base.folder() + "/" + FOLDER);
        try (Statement statement = workspace.session().createStatement()) {
            long written = statement.executeLargeUpdate(
                    "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)".formatted(rows, Sql.text(location)));
            store.sync(List.of(location));
            return kept.with(new Graveyard.Tombstones(path, written, now));
        }
    }
}
