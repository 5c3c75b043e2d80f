package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of all that was ever said of keys, were it merged into an empty table at once: decided by the planner of the
 * table itself. Nothing is written. A table that {@link dev.wadi.contract.WhenMatched#REPLACE replaces} goes by when its rows
 * were merged, which nobody can tell afterwards: of it there is no replay.
 */
public final class Replay {
    private final Contract contract;
    private final DeltaTable table;
    private final TableSnapshot base;
    private final Workspace workspace;

    /**
     * @param base the version whose truncates hold; its rows do not count
     * @param workspace in which the tables {@code batch} and those of its planning are made
     */
    public Replay(Contract contract, DeltaTable table, TableSnapshot base, Workspace workspace) {
        this.contract = contract;
        this.table = table;
        this.base = base;
        this.workspace = workspace;
    }

    /**
     * What becomes of a row.
     *
     * @param number of the row, as it was given
     * @param deletes whether it asks for a delete
     * @param reason why it was refused, as quarantine has it; null when it was not
     * @param against the number of the row that it lost to; null when it lost to none, or to several
     */
    public record Fate(
            long number,
            Verdict verdict,
            boolean deletes,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Long against) {}

    /**
     * @param rows a SELECT, for the same workspace, of what the table holds in the end, with its columns; null for nothing
     */
    public record Outcome(List<Fate> fates, @Nullable String rows) {}

    /**
     * @param numbered a SELECT of {@code __ord}, which numbers the rows from 0 in the order in which they came, and the columns
     *     that rows bring; among rows with one sequence the first stands
     */
    public Outcome run(String numbered) throws SQLException {
        Batch batch = Batch.create(contract, workspace);
        String brought = contract.columns().stream()
                .filter(column -> column.derivedBy() == null)
                .map(column -> ", %s::%s AS %s"
                        .formatted(Sql.name(column.name()), column.type().sql(), Sql.name(column.name())))
                .collect(Collectors.joining());
        workspace.execute("INSERT INTO %s BY NAME SELECT %s%s FROM (%s)"
                .formatted(batch.table(), Batch.ORDER, brought, numbered));
        batch.derive();
        Checks checks = new Checks(contract);
        Plan plan = planner(batch, checks).plan(empty(checks.truncates(batch)));
        return new Outcome(fates(checks), plan.newRows());
    }

    private Planner planner(Batch batch, Checks checks) {
        Merging merging = contract.merging();
        if (merging.history()) {
            return merging.systemSequenceBy() == null
                    ? new HistoryPlanner(batch, table, checks)
                    : new BeliefPlanner(batch, table, checks);
        }
        return merging.ignoreNullUpdates().isEmpty()
                ? new ScanPlanner(batch, table, checks)
                : new SparsePlanner(batch, table, checks);
    }

    /** The table without rows, and with nothing remembered but the last truncate. */
    private TableSnapshot empty(@Nullable List<String> truncates) {
        List<String> truncated = Graveyard.of(base).truncated();
        if (truncated == null) {
            truncated = truncates;
        }
        Map<String, String> domains = new HashMap<>();
        if (truncated != null) {
            domains.put(TableSnapshot.GRAVEYARD, new Graveyard(null, null, truncated).json());
        }
        return new TableSnapshot(
                base.table(),
                base.folder(),
                base.version(),
                base.committed(),
                base.columns(),
                base.partitionColumns(),
                Map.of(),
                base.properties(),
                domains,
                base.inEveryFile());
    }

    private List<Fate> fates(Checks checks) throws SQLException {
        Sequence sequence = new Sequence(contract);
        String same = Batch.equal("w", "b", contract.primaryKey());
        String equal = contract.sequenceBy().isEmpty()
                ? same
                : same + " AND row(%s) = row(%s)".formatted(sequence.list("w"), sequence.list("b"));
        String newest = sequence.descending("w") + "w.__ord";
        String sql = """
                WITH stands AS (
                    SELECT b.*, o.what FROM {batch} b JOIN {outcome} o ON o.__ord = b.__ord
                    WHERE o.what NOT IN ('DUPLICATE', 'TIED', 'REFUSED')
                )
                SELECT b.__ord, o.what, g.__ord IS NOT NULL, r.code, CASE o.what
                    WHEN 'DUPLICATE' THEN (SELECT min(w.__ord) FROM stands w WHERE %1$s)
                    WHEN 'TIED' THEN (SELECT min(w.__ord) FROM stands w WHERE %1$s)
                    WHEN 'STALE' THEN (SELECT first(w.__ord ORDER BY %2$s) FROM stands w WHERE w.what <> 'STALE' AND %3$s)
                    END
                FROM {batch} b JOIN {outcome} o ON o.__ord = b.__ord
                LEFT JOIN {gone} g ON g.__ord = b.__ord
                LEFT JOIN {refusal} r ON r.__ord = b.__ord
                ORDER BY b.__ord
                """.formatted(equal, newest, same);
        List<Fate> fates = new ArrayList<>();
        String resolved = sql.replace("{batch}", workspace.table("batch"))
                .replace("{outcome}", workspace.table("outcome"))
                .replace("{gone}", workspace.table("gone"))
                .replace("{refusal}", workspace.table("refusal"));
        try (Statement statement = workspace.session().createStatement();
                ResultSet rows = statement.executeQuery(resolved)) {
            while (rows.next()) {
                Verdict verdict = Verdict.valueOf(rows.getString(2));
                Check check = verdict == Verdict.REFUSED ? checks.check(rows.getInt(4)) : null;
                long number = rows.getLong(5);
                Long against = rows.wasNull() ? null : number;
                fates.add(new Fate(
                        rows.getLong(1),
                        verdict,
                        rows.getBoolean(3),
                        check == null ? null : check.reason().code(),
                        check == null ? null : check.message(),
                        against));
            }
        }
        return fates;
    }
}
