package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Longs;
import dev.wadi.engine.Workspace;
import dev.wadi.index.KeyIndex;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link ScanPlanner} does, with the {@link KeyIndex} of the table: hashes and sequences of the batch come out of
 * DuckDB once, and everything is decided here. Files are read only where content decides: two rows of one key with equal
 * sequence.
 */
final class IndexPlanner implements Planner {
    private static final int FREE = -1;

    private final Batch batch;
    private final Contract contract;
    private final Workspace workspace;
    private final DeltaTable table;
    private final Checks checks;
    private final KeyIndex index;

    private int size;
    private long[] first = new long[0];
    private long[] second = new long[0];
    private long[] sequence = new long[0];
    private int[] code = new int[0];
    private boolean[] gone = new boolean[0];
    private @Nullable Verdict[] verdicts = new Verdict[0];
    /** Rows of the batch that another of the batch came before, at the same sequence. */
    private List<Equal> followers = List.of();
    /** Of a row whose key has a live row, where; for the others it means nothing. */
    private final Map<String, DeletedRows> replaced = new LinkedHashMap<>();

    IndexPlanner(Batch batch, DeltaTable table, Checks checks, KeyIndex index) {
        this.batch = batch;
        this.contract = batch.contract();
        this.workspace = batch.workspace();
        this.table = table;
        this.checks = checks;
        this.index = index;
    }

    /** Rows of one key and sequence: {@code row} of the batch, and another of the batch or of a file of the table. */
    private record Equal(int row, int other, @Nullable DataFile file, long fileRow) {}

    @Override
    public Plan plan(TableSnapshot base) throws SQLException {
        load();
        settleWithinBatch();
        meetTable(base);
        follow(base);
        Tally tally = new Tally();
        for (int row = 0; row < size; row++) {
            tally.add(verdict(row), 1);
        }
        if (tally.refuses()) {
            keepRefusals();
        }
        long written = tally.rows(Verdict.INSERTED) + tally.rows(Verdict.UPDATED);
        long deleted = tally.rows(Verdict.DELETED) + tally.rows(Verdict.BURIED);
        return new Plan(
                replaced,
                written == 0 ? null : choose("chosen", batch.output("b", base), written, this::writes),
                deleted == 0 || contract.whenMatched() != WhenMatched.SEQUENCE
                        ? null
                        : choose(
                                "deletes",
                                Batch.list("b", contract.primaryKey()) + ", " + Batch.list("b", contract.sequenceBy()),
                                deleted,
                                row -> verdict(row) == Verdict.DELETED || verdict(row) == Verdict.BURIED),
                null,
                tally,
                "keys found in the index");
    }

    private boolean writes(int row) {
        return verdict(row) == Verdict.INSERTED || verdict(row) == Verdict.UPDATED;
    }

    private Verdict verdict(int row) {
        Verdict verdict = verdicts[row];
        if (verdict == null) {
            throw new IllegalStateException("row " + row + " of the batch was not decided");
        }
        return verdict;
    }

    private void load() throws SQLException {
        size = Math.toIntExact(batch.size());
        first = new long[size];
        second = new long[size];
        sequence = new long[size];
        code = new int[size];
        gone = new boolean[size];
        verdicts = new Verdict[size];
        Longs.read(
                workspace.session(),
                "SELECT b.__ord, %s, %s::BIGINT, %s::BIGINT FROM %s b"
                        .formatted(index.hash().columns("b"), checks.code(), checks.gone(), batch.table()),
                6,
                (values, rows) -> {
                    for (int i = 0; i < rows; i++) {
                        int row = (int) values[0][i];
                        first[row] = values[1][i];
                        second[row] = values[2][i];
                        sequence[row] = values[3][i];
                        code[row] = (int) values[4][i];
                        gone[row] = values[5][i] != 0;
                    }
                });
    }

    /** Of each key the greatest sequence stands, among equals the first to arrive. */
    private void settleWithinBatch() throws SQLException {
        int slots = Integer.highestOneBit(Math.max(8, size)) << 2;
        int[] winners = new int[slots];
        Arrays.fill(winners, FREE);
        List<Equal> equals = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            if (code[row] != 0) {
                verdicts[row] = code[row] == Checks.TRUNCATES ? Verdict.TRUNCATES : Verdict.REFUSED;
                continue;
            }
            int slot = (int) (first[row] ^ first[row] >>> 32) & slots - 1;
            while (winners[slot] != FREE && !sameKey(winners[slot], row)) {
                slot = slot + 1 & slots - 1;
            }
            int winner = winners[slot];
            if (winner == FREE) {
                winners[slot] = row;
            } else if (sequence[row] > sequence[winner]) {
                verdicts[winner] = Verdict.STALE;
                winners[slot] = row;
            } else if (sequence[row] < sequence[winner]) {
                verdicts[row] = Verdict.STALE;
            } else {
                verdicts[row] = Verdict.TIED; // until told otherwise
                equals.add(new Equal(row, winner, null, 0));
            }
        }
        settleEquals(equals);
    }

    private boolean sameKey(int row, int other) {
        return first[row] == first[other] && second[row] == second[other];
    }

    private void settleEquals(List<Equal> equals) throws SQLException {
        List<Equal> open = new ArrayList<>();
        followers = new ArrayList<>();
        for (Equal pair : equals) {
            if (verdicts[pair.other()] == Verdict.STALE) {
                verdicts[pair.row()] = Verdict.STALE;
                continue;
            }
            followers.add(pair);
            if (gone[pair.row()] && gone[pair.other()]) {
                verdicts[pair.row()] = Verdict.DUPLICATE;
            } else if (!gone[pair.row()] && !gone[pair.other()]) {
                open.add(pair);
            }
        }
        if (open.isEmpty()) {
            return;
        }
        workspace.execute("CREATE OR REPLACE TABLE %s (l BIGINT, w BIGINT)".formatted(workspace.table("pair")));
        try (DuckDBAppender pairs = workspace.appender("pair")) {
            for (Equal pair : open) {
                pairs.beginRow();
                pairs.append((long) pair.row());
                pairs.append((long) pair.other());
                pairs.endRow();
            }
        }
        Longs.read(
                workspace.session(),
                "SELECT p.l FROM %s p JOIN %s l ON l.__ord = p.l JOIN %s w ON w.__ord = p.w WHERE %s"
                        .formatted(workspace.table("pair"), batch.table(), batch.table(), batch.sameContent("l", "w")),
                1,
                this::duplicates);
    }

    private void duplicates(long[][] values, int rows) {
        for (int i = 0; i < rows; i++) {
            verdicts[(int) values[0][i]] = Verdict.DUPLICATE;
        }
    }

    private void meetTable(TableSnapshot base) throws SQLException {
        Graveyard graveyard = Graveyard.of(base);
        long truncated = truncated(graveyard);
        boolean ordered = contract.whenMatched() == WhenMatched.SEQUENCE;
        List<Equal> equals = new ArrayList<>();
        List<Integer> lostToTombstones = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            if (verdicts[row] != null) {
                continue;
            }
            if (sequence[row] < truncated) {
                verdicts[row] = Verdict.STALE;
                continue;
            }
            KeyIndex.Found found = index.look(first[row], second[row]);
            long known = index.sequence();
            if (found == KeyIndex.Found.NOTHING && gone[row] && !ordered) {
                verdicts[row] = Verdict.DUPLICATE; // nothing to delete, and nothing to remember
            } else if (found == KeyIndex.Found.NOTHING) {
                verdicts[row] = buriedAt(row, null);
            } else if (found == KeyIndex.Found.TOMBSTONE) {
                verdicts[row] = buriedAt(row, known);
                if (sequence[row] <= known) {
                    lostToTombstones.add(row);
                }
            } else if (ordered && sequence[row] < known) {
                verdicts[row] = Verdict.STALE;
            } else if (ordered && sequence[row] > known) {
                verdicts[row] = gone[row] ? Verdict.DELETED : Verdict.UPDATED;
                replace(index.file(), index.row());
            } else if (gone[row] && contract.whenMatched() == WhenMatched.REPLACE) {
                verdicts[row] = Verdict.DELETED;
                replace(index.file(), index.row());
            } else if (gone[row]) {
                verdicts[row] = Verdict.TIED;
            } else {
                verdicts[row] = contract.whenMatched() == WhenMatched.REPLACE ? Verdict.UPDATED : Verdict.TIED;
                equals.add(new Equal(row, FREE, index.file(), index.row()));
            }
        }
        compareWithFiles(base, equals);
        recheck(base, graveyard, lostToTombstones);
    }

    private void replace(DataFile file, long row) {
        replaced.computeIfAbsent(file.path(), path -> table.deleted(file).copy())
                .add(row);
    }

    private long truncated(Graveyard graveyard) throws SQLException {
        List<String> at = graveyard.truncated();
        return at == null
                ? Long.MIN_VALUE
                : workspace.count("SELECT " + index.hash().sequenceOf(at.get(0)));
    }

    /** Tells duplicates from ties (or rows to replace) by the content of the files that hold the other row. */
    private void compareWithFiles(TableSnapshot base, List<Equal> equals) throws SQLException {
        if (equals.isEmpty()) {
            return;
        }
        Map<DataFile, Integer> touched = new LinkedHashMap<>();
        equals.forEach(pair -> touched.putIfAbsent(pair.file(), touched.size()));
        workspace.execute("CREATE OR REPLACE TABLE %s (__ord BIGINT, file_index BIGINT, file_row_number BIGINT)"
                .formatted(workspace.table("hit")));
        try (DuckDBAppender hits = workspace.appender("hit")) {
            for (Equal pair : equals) {
                hits.beginRow();
                hits.append((long) pair.row());
                hits.append((long) touched.getOrDefault(pair.file(), FREE));
                hits.append(pair.fileRow());
                hits.endRow();
            }
        }
        FileScan some = FileScan.live(table, base, touched.keySet());
        some.prepare(workspace, "some_files");
        List<String> content =
                contract.content().stream().map(column -> column.name()).toList();
        Longs.read(
                workspace.session(),
                "SELECT h.__ord FROM (%s) t JOIN %s h ON h.file_index = t.file_index AND h.file_row_number = t.file_row_number JOIN %s b ON b.__ord = h.__ord WHERE %s"
                        .formatted(
                                some.select(workspace.table("some_files"), content, true),
                                workspace.table("hit"),
                                batch.table(),
                                batch.sameContent("t", "b")),
                1,
                this::duplicates);
        for (Equal pair : equals) {
            DataFile file = pair.file();
            if (file != null && verdicts[pair.row()] == Verdict.UPDATED) {
                replace(file, pair.fileRow());
            }
        }
    }

    /**
     * The index does not know when a delete was merged, nor that a restore took one back: what lost to a tombstone is held
     * against those that are remembered now.
     */
    private void recheck(TableSnapshot base, Graveyard graveyard, List<Integer> lost) throws SQLException {
        if (lost.isEmpty()) {
            return;
        }
        Map<Integer, Long> remembered = new HashMap<>();
        String tombstones = Tombstones.select(contract, base, graveyard);
        if (tombstones != null) {
            append("lost", lost);
            Longs.read(
                    workspace.session(),
                    "SELECT b.__ord, max(%s) FROM %s l JOIN %s b ON b.__ord = l.__ord JOIN (%s) t ON %s GROUP BY ALL"
                            .formatted(
                                    index.hash().sequence("t"),
                                    workspace.table("lost"),
                                    batch.table(),
                                    tombstones,
                                    Batch.equal("t", "b", contract.primaryKey())),
                    2,
                    (values, rows) -> {
                        for (int i = 0; i < rows; i++) {
                            remembered.put((int) values[0][i], values[1][i]);
                        }
                    });
        }
        for (int row : lost) {
            verdicts[row] = buriedAt(row, remembered.get(row));
        }
    }

    /** @param known the sequence of the key's delete; null when it is not known to be deleted */
    private Verdict buriedAt(int row, @Nullable Long known) {
        if (known == null || sequence[row] > known) {
            return gone[row] ? Verdict.BURIED : Verdict.INSERTED;
        }
        return sequence[row] < known ? Verdict.STALE : gone[row] ? Verdict.DUPLICATE : Verdict.TIED;
    }

    /** Where the row that came before in the batch lost against the table, those after it meet the table, too. */
    private void follow(TableSnapshot base) throws SQLException {
        List<Equal> equals = new ArrayList<>();
        for (Equal pair : followers) {
            int row = pair.row();
            if (verdict(pair.other()) == Verdict.STALE) {
                verdicts[row] = Verdict.STALE;
            } else if (verdict(pair.other()) == Verdict.TIED) {
                verdicts[row] = Verdict.TIED;
                boolean deleted = index.look(first[row], second[row]) == KeyIndex.Found.TOMBSTONE;
                if (deleted && gone[row]) {
                    verdicts[row] = Verdict.DUPLICATE;
                } else if (!deleted && !gone[row]) {
                    equals.add(new Equal(row, FREE, index.file(), index.row()));
                }
            }
        }
        compareWithFiles(base, equals);
    }

    private void append(String name, List<Integer> rows) throws SQLException {
        workspace.execute("CREATE OR REPLACE TABLE %s (__ord BIGINT)".formatted(workspace.table(name)));
        try (DuckDBAppender appender = workspace.appender(name)) {
            for (int row : rows) {
                appender.beginRow();
                appender.append((long) row);
                appender.endRow();
            }
        }
    }

    private void keepRefusals() throws SQLException {
        workspace.execute(
                "CREATE OR REPLACE TABLE %s (__ord BIGINT, code INTEGER)".formatted(workspace.table("refusal")));
        try (DuckDBAppender refusals = workspace.appender("refusal")) {
            for (int row = 0; row < size; row++) {
                if (verdict(row) == Verdict.TIED || verdict(row) == Verdict.REFUSED) {
                    refusals.beginRow();
                    refusals.append((long) row);
                    refusals.append(code[row]);
                    refusals.endRow();
                }
            }
        }
    }

    /** A SELECT of the rows of the batch that {@code wanted} says, by a list of those rows or of the others: the shorter. */
    private String choose(String name, String columns, long count, IntPredicate wanted) throws SQLException {
        String all = "SELECT " + columns + " FROM " + batch.table() + " b";
        if (count == size) {
            return all;
        }
        boolean fewer = count <= size / 2;
        List<Integer> listed = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            if (wanted.test(row) == fewer) {
                listed.add(row);
            }
        }
        append(name, listed);
        return all + (fewer ? " SEMI" : " ANTI") + " JOIN " + workspace.table(name) + " c ON c.__ord = b.__ord";
    }
}
