package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random sparse updates of many keys, in random order and batches, against a model that folds the events of a key in their
 * order. Repeat one with {@code -Dwadi.seed=N}.
 */
class SparseModelTest {
    static final TableName THINGS = new TableName("silver", "things");

    @TempDir
    Path folder;

    /** What an event says follows from its key and sequence, so there are no ties. */
    private record Event(
            int id,
            int seq,
            boolean gone,
            @Nullable Integer one,
            @Nullable Integer two,
            @Nullable Integer dense,
            int day) {
        static Event of(int id, int seq, long seed) {
            Random random = new Random(seed * 31 + id * 1000L + seq);
            random.nextInt();
            return new Event(
                    id,
                    seq,
                    random.nextInt(5) == 0,
                    random.nextBoolean() ? null : random.nextInt(9),
                    random.nextInt(3) > 0 ? null : random.nextInt(9),
                    random.nextInt(3) == 0 ? null : random.nextInt(9),
                    random.nextInt(2));
        }

        String sql() {
            return "(%d, %d, %d, '%s', %s, %s, %s, DATE '2026-11-01' + %d)"
                    .formatted(id, seq / 3, seq % 3, gone ? "D" : "U", one, two, dense, day);
        }
    }

    /** The row of a key: its newest event, but of the sparse columns the newest values since the last delete. */
    private static @Nullable String row(TreeMap<Integer, Event> events) {
        Event last = null;
        Integer one = null;
        Integer two = null;
        for (Event event : events.values()) {
            last = event.gone ? null : event;
            one = event.gone ? null : event.one != null ? event.one : one;
            two = event.gone ? null : event.two != null ? event.two : two;
        }
        return last == null
                ? null
                : "%d|%d|%d|%s|%s|%s|2026-11-%02d"
                        .formatted(last.id, last.seq / 3, last.seq % 3, one, two, last.dense, last.day + 1);
    }

    static Contract things(boolean vectors, boolean partitioned, List<String> sequenceBy) {
        return MergeFixture.contract(
                THINGS,
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.INTEGER, true, false),
                        MergeFixture.column("major", ColumnType.Simple.LONG, true, false),
                        MergeFixture.column("minor", ColumnType.Simple.LONG, true, false),
                        new Column("op", ColumnType.Simple.STRING, false, false, false, null, "op", null),
                        MergeFixture.column("one", ColumnType.Simple.LONG, false, false),
                        MergeFixture.column("two", ColumnType.Simple.STRING, false, false),
                        MergeFixture.column("dense", ColumnType.Simple.LONG, false, false),
                        MergeFixture.column("day", ColumnType.Simple.DATE, false, false)),
                List.of("id"),
                new Merging(
                        WhenMatched.SEQUENCE,
                        sequenceBy,
                        "op = 'D'",
                        "op = 'T'",
                        Merging.TOMBSTONE_RETENTION,
                        Set.of("one", "two"),
                        false,
                        Set.of(),
                        null),
                partitioned ? List.of("day") : List.of(),
                vectors);
    }

    private static MergeOutcome merge(MergeFixture wadi, Contract contract, List<Event> events) {
        boolean tuple = contract.sequenceBy().size() > 1;
        return wadi.merge(
                contract,
                "SELECT * " + (tuple ? "" : "REPLACE (major * 3 + minor AS major)") + " FROM (VALUES "
                        + String.join(", ", events.stream().map(Event::sql).toList())
                        + ") v(id, major, minor, op, one, two, dense, day)");
    }

    /** Each run has 40 keys, each with a history of its own. */
    @ParameterizedTest
    @CsvSource({"true, false, false", "false, true, false", "true, true, true", "false, false, true"})
    void theTableEqualsTheModelAfterEveryBatch(boolean vectors, boolean partitioned, boolean tuple) {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        String label = "seed %d, vectors %s, partitioned %s, tuple %s".formatted(seed, vectors, partitioned, tuple);
        System.out.println(label);
        Random random = new Random(seed);
        Contract contract = things(vectors, partitioned, tuple ? List.of("major", "minor") : List.of("major"));
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Compactions compactions = new Compactions(wadi.merger);
            Map<Integer, TreeMap<Integer, Event>> model = new TreeMap<>();
            long before = 0;
            for (int batch = 0; batch < 14; batch++) {
                List<Event> events = new ArrayList<>();
                int size = 1 + random.nextInt(60);
                for (int i = 0; i < size; i++) {
                    events.add(Event.of(random.nextInt(40), random.nextInt(15), seed));
                }
                events.forEach(event ->
                        model.computeIfAbsent(event.id, id -> new TreeMap<>()).put(event.seq, event));
                MergeOutcome.Counts counts = merge(wadi, contract, events).counts();
                String now = label + ", batch " + batch;
                List<String> rows = wadi.rows(
                        THINGS,
                        (tuple ? "id, major, minor" : "id, major // 3, major % 3")
                                + ", coalesce(one::VARCHAR, 'null'), coalesce(two, 'null'),"
                                + " coalesce(dense::VARCHAR, 'null'), day");
                assertThat(rows)
                        .as(now)
                        .containsExactlyElementsOf(model.values().stream()
                                .map(SparseModelTest::row)
                                .filter(row -> row != null)
                                .sorted()
                                .toList());
                assertThat(counts.received()).as(now).isEqualTo(size);
                assertThat(counts.inserted() - counts.deleted()).as(now).isEqualTo(rows.size() - before);
                assertThat(counts.tied()).as(now).isZero();
                before = rows.size();
                if (random.nextInt(4) == 0) {
                    compactions.compact(THINGS);
                }
            }
            List<Event> all = new ArrayList<>();
            model.values().forEach(each -> all.addAll(each.values()));
            Collections.shuffle(all, random);
            assertThat(merge(wadi, contract, all)).as(label).isInstanceOf(MergeOutcome.Unchanged.class);
        }
    }
}
