package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.ParquetWriter;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.store.Store;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges one ordered batch into one version of one table: find, plan, write, commit. A conflict is the caller's: it takes a
 * fresh version and tries again.
 */
final class TableMerge {
    private final Batch batch;
    private final DeltaTable table;
    private final TableSnapshot base;
    private final Store store;

    TableMerge(Batch batch, DeltaTable table, TableSnapshot base, Store store) {
        this.batch = batch;
        this.table = table;
        this.base = base;
        this.store = store;
    }

    /** What became of each row, and how to write it: nothing is written yet. */
    record Planned(Map<String, DeletedRows> replaced, Map<String, Long> rowsByVerdict) {
        long rows(String what) {
            return rowsByVerdict.getOrDefault(what, 0L);
        }

        boolean changesTable() {
            return rows("inserted") + rows("updated") > 0;
        }

        MergeOutcome.Counts counts(long refusedBefore) {
            long nulls = rows("null_key") + rows("null_sequence") + rows("null_required");
            long all =
                    rowsByVerdict.values().stream().mapToLong(Long::longValue).sum();
            return new MergeOutcome.Counts(
                    all + refusedBefore,
                    rows("inserted"),
                    rows("updated"),
                    0,
                    rows("stale"),
                    rows("duplicate"),
                    rows("tied"),
                    nulls + refusedBefore);
        }
    }

    Planned plan() throws SQLException {
        Map<String, DeletedRows> replaced = new Matching(batch, table, base).run();
        Map<String, Long> rows = new HashMap<>();
        try (Statement statement = batch.workspace().session().createStatement();
                ResultSet counts = statement.executeQuery("SELECT what, count(*) FROM %s GROUP BY what"
                        .formatted(batch.workspace().table("outcome")))) {
            while (counts.next()) {
                rows.put(counts.getString(1), counts.getLong(2));
            }
        }
        return new Planned(replaced, rows);
    }

    /** The result of writing: the version, and what it took. */
    record Written(TableSnapshot version, MergeOutcome.Plan plan, int filesRead, int filesWritten, long bytesWritten) {}

    /** @throws CommitConflictException when another commit came first; the files written are then nobody's, for vacuum to clean */
    Written write(Planned planned, Change.@Nullable Progress progress)
            throws SQLException, IOException, CommitConflictException {
        List<Change.NewFile> added = new ArrayList<>(writeNewRows());
        Map<String, DeletedRows> marked = new HashMap<>();
        List<String> removed = new ArrayList<>();
        MergeOutcome.Plan plan;
        if (planned.replaced().isEmpty()) {
            plan = MergeOutcome.Plan.APPEND;
        } else if (batch.contract().deletionVectors()) {
            plan = MergeOutcome.Plan.DELETION_VECTORS;
            planned.replaced().forEach((path, rows) -> {
                DataFile file = base.files().get(path);
                if (file != null && rows.count() == file.rows()) {
                    removed.add(path); // nothing in it lives any more
                } else {
                    marked.put(path, rows);
                }
            });
        } else {
            plan = MergeOutcome.Plan.REWRITE;
            removed.addAll(planned.replaced().keySet());
            added.addAll(rewriteSurvivors(planned.replaced().keySet()));
        }
        store.sync(added.stream()
                .map(file ->
                        base.folder() + "/" + java.net.URI.create(file.path()).getPath())
                .toList());
        TableSnapshot version = table.commit(
                base, new Change(added, marked, removed, false, progress, Map.of(), new CommitNote("MERGE")));
        return new Written(
                version,
                plan,
                base.files().size(),
                added.size() + (marked.isEmpty() ? 0 : 1),
                added.stream().mapToLong(Change.NewFile::bytes).sum());
    }

    private List<Change.NewFile> writeNewRows() throws SQLException {
        String select = "SELECT %s FROM %s b JOIN %s o ON o.%s = b.%s WHERE o.what IN ('inserted', 'updated')"
                .formatted(columns("b"), batch.table(), batch.workspace().table("outcome"), Batch.ORDER, Batch.ORDER);
        return ParquetWriter.write(batch.workspace().session(), select, base, false);
    }

    /** Columns of the table, also those that its contract does not name (any more): they are null in new rows. */
    private String columns(String alias) {
        List<String> known = batch.columns();
        List<String> outputs = new ArrayList<>();
        base.columns()
                .forEach(column -> outputs.add((known.contains(column.name())
                                ? alias + "." + Sql.name(column.name())
                                : "NULL::" + column.sql())
                        + " AS " + Sql.name(column.name())));
        return String.join(", ", outputs);
    }

    private List<Change.NewFile> rewriteSurvivors(Collection<String> paths) throws SQLException {
        Workspace workspace = batch.workspace();
        List<DataFile> files = new ArrayList<>();
        base.files().forEach((path, file) -> {
            if (paths.contains(path)) {
                files.add(file);
            }
        });
        FileScan scan = FileScan.live(table, base, files);
        String side = workspace.table("rewritten_files");
        scan.prepare(workspace, "rewritten_files");
        List<String> all = base.columns().stream().map(column -> column.name()).toList();
        String select =
                "SELECT %s FROM (%s) t ANTI JOIN (SELECT %s FROM %s b JOIN %s o ON o.%s = b.%s AND o.what = 'updated') u ON %s"
                        .formatted(
                                Batch.list("t", all),
                                scan.select(side, all, false),
                                Batch.list("b", batch.contract().primaryKey()),
                                batch.table(),
                                workspace.table("outcome"),
                                Batch.ORDER,
                                Batch.ORDER,
                                Batch.equal("t", "u", batch.contract().primaryKey()));
        return ParquetWriter.write(workspace.session(), select, base, true);
    }

    /** The refused rows of the batch, as they go to quarantine. */
    List<Refused> refused(String door) throws SQLException {
        Contract contract = batch.contract();
        List<Refused> refused = new ArrayList<>();
        String source = provenance(contract, "source", "?");
        String position = provenance(contract, "position", "b." + Batch.ORDER + "::VARCHAR");
        String payload = contract.event() == null
                ? "to_json({%s})"
                        .formatted(batch.columns().stream()
                                .map(name -> Sql.name(name) + ": b." + Sql.name(name))
                                .collect(java.util.stream.Collectors.joining(", ")))
                : "b." + Sql.name(payloadColumn(contract));
        String select = ("SELECT o.what, %s, %s, %s FROM %s o JOIN %s b ON b.%s = o.%s"
                        + " WHERE o.what IN ('tied', 'null_key', 'null_sequence', 'null_required') ORDER BY b.%s")
                .formatted(
                        payload,
                        source,
                        position,
                        batch.workspace().table("outcome"),
                        batch.table(),
                        Batch.ORDER,
                        Batch.ORDER,
                        Batch.ORDER);
        try (java.sql.PreparedStatement statement = batch.workspace().session().prepareStatement(select)) {
            if (source.equals("?")) {
                statement.setString(1, door);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    refused.add(refused(
                            contract, rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
            }
        }
        return refused;
    }

    private static String provenance(Contract contract, String column, String otherwise) {
        return contract.columns().stream().anyMatch(each -> each.name().equals(column) && each.provenance())
                ? "b." + Sql.name(column)
                : otherwise;
    }

    private static String payloadColumn(Contract contract) {
        return contract.columns().stream()
                .filter(column -> column.fill() == dev.wadi.contract.Column.Fill.PAYLOAD)
                .findFirst()
                .map(dev.wadi.contract.Column::name)
                .orElseThrow();
    }

    private static final Map<String, Refused.Reason> REASONS = Map.of(
            "tied", Refused.Reason.TIE,
            "null_key", Refused.Reason.NULL_KEY,
            "null_sequence", Refused.Reason.NULL_SEQUENCE,
            "null_required", Refused.Reason.NULL_REQUIRED);

    private static Refused refused(
            Contract contract, String what, String payload, @Nullable String source, @Nullable String position) {
        Refused.Reason reason = REASONS.getOrDefault(what, Refused.Reason.CONTRACT);
        String message = switch (reason) {
            case TIE ->
                contract.sequenceBy().isEmpty()
                        ? "%s already has this key (%s) with another content"
                                .formatted(contract.table(), String.join(", ", contract.primaryKey()))
                        : "%s already has this key (%s) at the same %s with another content"
                                .formatted(
                                        contract.table(),
                                        String.join(", ", contract.primaryKey()),
                                        String.join(", ", contract.sequenceBy()));
            case NULL_KEY -> "a key column is null: " + String.join(", ", contract.primaryKey());
            case NULL_SEQUENCE -> "a sequence column is null: " + String.join(", ", contract.sequenceBy());
            default -> "a required column is null";
        };
        return new Refused(
                reason,
                message,
                payload,
                source == null ? "" : source,
                position == null ? "" : position,
                java.time.Instant.now());
    }
}
