package dev.wadi.merge;

import dev.wadi.contract.Column;
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
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.net.URI;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link Plan}: writes Parquet files, and commits them with the marks on replaced rows. A conflict is the
 * caller's: it plans again on a fresh version.
 */
final class TableMerge {
    private final Batch batch;
    private final Contract contract;
    private final DeltaTable table;
    private final TableSnapshot base;
    private final Store store;

    TableMerge(Batch batch, DeltaTable table, TableSnapshot base, Store store) {
        this.batch = batch;
        this.contract = batch.contract();
        this.table = table;
        this.base = base;
        this.store = store;
    }

    /** The result of writing: the version, and what it took. */
    record Written(TableSnapshot version, MergeOutcome.Plan plan, MergeOutcome.Files files) {}

    /** What a merge says about itself in the log: who brought the rows, and what became of them. */
    record Label(String door, Set<Via> routes, MergeOutcome.Counts counts) {}

    /**
     * @param watermarks by domain
     * @throws CommitConflictException when another commit came first; the files written are then nobody's, for vacuum to clean
     */
    Written write(Plan planned, Change.@Nullable Progress progress, Map<String, String> watermarks, Label label)
            throws SQLException, IOException, CommitConflictException {
        List<Change.NewFile> added = new ArrayList<>();
        String newRows = planned.newRows();
        if (newRows != null) {
            added.addAll(ParquetWriter.write(batch.workspace().session(), newRows, base, false));
        }
        Map<String, DeletedRows> marked = new LinkedHashMap<>();
        List<String> removed = new ArrayList<>();
        long rewritten = 0;
        boolean vectors = contract.deletionVectors();
        List<DataFile> survivors = new ArrayList<>();
        planned.replaced().forEach((path, rows) -> {
            DataFile file = base.files().get(path);
            if (file != null && rows.count() == file.rows()) {
                removed.add(path); // nothing in it lives any more
            } else if (vectors && file != null && file.rows() >= 0) {
                marked.put(path, rows);
            } else if (file != null) {
                // Delta allows no vector on a file without statistics, which other engines may write.
                removed.add(path);
                survivors.add(file);
            }
        });
        if (!survivors.isEmpty()) {
            List<Change.NewFile> files = rewrite(survivors, planned.replaced());
            rewritten = files.stream().mapToLong(Change.NewFile::rows).sum();
            added.addAll(files);
        }
        Map<String, String> domains = new HashMap<>(watermarks);
        if (planned.tombstones() != null || planned.absorbed() != null || planned.truncated() != null) {
            Graveyard graveyard = new Tombstones(contract, base, batch.workspace(), store).write(planned);
            domains.put(TableSnapshot.GRAVEYARD, graveyard.json());
        }
        store.sync(added.stream()
                .map(file -> base.folder() + "/" + URI.create(file.path()).getPath())
                .toList());
        MergeOutcome.Plan plan = planned.replaced().isEmpty()
                ? MergeOutcome.Plan.APPEND
                : vectors ? MergeOutcome.Plan.DELETION_VECTORS : MergeOutcome.Plan.REWRITE;
        MergeOutcome.Files files = new MergeOutcome.Files(
                base.files().size(),
                added.size(),
                removed.size(),
                marked.size(),
                added.stream().mapToLong(Change.NewFile::bytes).sum(),
                added.stream().mapToLong(Change.NewFile::rows).sum());
        TableSnapshot version = table.commit(
                base,
                new Change(
                        added,
                        marked,
                        removed,
                        false,
                        progress,
                        domains,
                        note(plan, planned, files, rewritten, label)));
        return new Written(version, plan, files);
    }

    /** Metrics have the names that Delta's own MERGE gives them, where it has one. */
    private static CommitNote note(
            MergeOutcome.Plan plan, Plan planned, MergeOutcome.Files files, long rewritten, Label label) {
        Map<String, String> metrics = new LinkedHashMap<>();
        MergeOutcome.Counts counts = label.counts();
        metrics.put("numSourceRows", Long.toString(counts.received()));
        metrics.put("numTargetRowsInserted", Long.toString(counts.inserted()));
        metrics.put("numTargetRowsUpdated", Long.toString(counts.updated()));
        metrics.put("numTargetRowsDeleted", Long.toString(counts.deleted()));
        metrics.put("numTargetRowsCopied", Long.toString(rewritten));
        metrics.put("numRowsBuried", Long.toString(counts.buried()));
        metrics.put("numRowsStale", Long.toString(counts.stale()));
        metrics.put("numRowsDuplicate", Long.toString(counts.duplicate()));
        metrics.put("numRowsTied", Long.toString(counts.tied()));
        metrics.put("numRowsRefused", Long.toString(counts.refused()));
        metrics.put("numTargetFilesRead", Integer.toString(files.read()));
        metrics.put("numTargetFilesAdded", Integer.toString(files.written()));
        metrics.put("numTargetFilesRemoved", Integer.toString(files.removed()));
        metrics.put("numTargetDeletionVectorsAdded", Integer.toString(files.marked()));
        metrics.put("numTargetBytesAdded", Long.toString(files.bytesWritten()));
        metrics.put("writeAmplification", files.amplification(counts));
        planned.tally().warnings().forEach((rule, rows) -> metrics.put("warning." + rule, Long.toString(rows)));
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("source", label.door());
        parameters.put("plan", plan.name());
        parameters.put("why", planned.why());
        if (!label.routes().isEmpty()) {
            parameters.put(Via.PARAMETER, Via.json(label.routes()));
        }
        return new CommitNote("MERGE", parameters, metrics);
    }

    /** Writes what lives on of files that lose rows, without deletion vectors. */
    private List<Change.NewFile> rewrite(List<DataFile> files, Map<String, DeletedRows> replaced) throws SQLException {
        Workspace workspace = batch.workspace();
        FileScan scan = FileScan.without(base, files, replaced);
        scan.prepare(workspace, "rewritten_files");
        List<String> all = base.columns().stream().map(TableColumn::name).toList();
        return ParquetWriter.write(
                workspace.session(), scan.select(workspace.table("rewritten_files"), all, false), base, true);
    }

    /** The refused rows of the batch, as they go to quarantine. */
    List<Refused> refused(String door, Checks checks) throws SQLException {
        List<Refused> refused = new ArrayList<>();
        String source = provenance("source", "?");
        String position = provenance("position", "b." + Batch.ORDER + "::VARCHAR");
        String select = "SELECT o.code, %s, %s, %s FROM %s o JOIN %s b ON b.%s = o.%s WHERE o.code >= 0 ORDER BY b.%s"
                .formatted(
                        payload(),
                        source,
                        position,
                        batch.workspace().table("refusal"),
                        batch.table(),
                        Batch.ORDER,
                        Batch.ORDER,
                        Batch.ORDER);
        try (PreparedStatement statement = batch.workspace().session().prepareStatement(select)) {
            if (source.equals("?")) {
                statement.setString(1, door);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Check check = rows.getInt(1) == 0 ? tie() : checks.check(rows.getInt(1));
                    refused.add(new Refused(
                            check.reason(),
                            check.message(),
                            rows.getString(2),
                            text(rows.getString(3)),
                            text(rows.getString(4)),
                            Instant.now()));
                }
            }
        }
        return refused;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private String payload() {
        return contract.columns().stream()
                .filter(column -> column.fill() == Column.Fill.PAYLOAD)
                .findFirst()
                .map(column -> "b." + Sql.name(column.name()))
                .orElseGet(() -> "to_json({%s})"
                        .formatted(batch.columns().stream()
                                .map(name -> Sql.name(name) + ": b." + Sql.name(name))
                                .collect(Collectors.joining(", "))));
    }

    private String provenance(String column, String otherwise) {
        return contract.columns().stream().anyMatch(each -> each.name().equals(column) && each.provenance())
                ? "b." + Sql.name(column)
                : otherwise;
    }

    private Check tie() {
        String key = String.join(", ", contract.primaryKey());
        String system = contract.merging().systemSequenceBy();
        return new Check(
                "",
                Refused.Reason.TIE,
                contract.sequenceBy().isEmpty()
                        ? "%s already has this key (%s) with another content".formatted(contract.table(), key)
                        : "%s already has this key (%s) at the same %s with another content"
                                .formatted(
                                        contract.table(),
                                        key,
                                        String.join(", ", contract.sequenceBy())
                                                + (system == null ? "" : ", " + system)));
    }
}
