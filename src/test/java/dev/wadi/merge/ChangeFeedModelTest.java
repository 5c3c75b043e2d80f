package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.table.DeltaTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Feeds of tables with random histories: upserts, deletes, ties, truncates, compactions and restores. What a feed tells of a
 * version is the difference of two full reads, in whatever batches it comes and however often the reader crashes. Repeat
 * a run with {@code -Dwadi.seed=N}.
 */
class ChangeFeedModelTest {
    private static final int HISTORIES = 3;
    private static final int STEPS = 14;

    @TempDir
    Path folder;

    enum Shape {
        VECTORS(true, false, false),
        VECTORS_PARTITIONED(true, true, false),
        REWRITE(false, false, false),
        REWRITE_PARTITIONED(false, true, false),
        HISTORY(true, false, true),
        HISTORY_REWRITE_PARTITIONED(false, true, true);

        final boolean vectors;
        final boolean partitioned;
        final boolean history;

        Shape(boolean vectors, boolean partitioned, boolean history) {
            this.vectors = vectors;
            this.partitioned = partitioned;
            this.history = history;
        }

        String columns() {
            return history ? "id, seq, amount, day, __START_AT, __END_AT" : "id, seq, amount, day";
        }
    }

    /** A feed's reader that crashes now and then, and what it has acknowledged: the rows of each version as text. */
    private static final class Reader {
        private final ChangeFeeds feeds;
        private final TableName table;
        private final String name;
        private final FeedStart start;
        private final Shape shape;
        private final Random random;
        final Map<Long, List<String>> told = new TreeMap<>();
        private ChangeFeed feed;
        int crashes;

        Reader(ChangeFeeds feeds, TableName table, String name, FeedStart start, Shape shape, Random random) {
            this.feeds = feeds;
            this.table = table;
            this.name = name;
            this.start = start;
            this.shape = shape;
            this.random = random;
            this.feed = open();
        }

        private ChangeFeed open() {
            return feeds.open(name, table, start, 2 + random.nextInt(12));
        }

        void read() {
            for (Optional<ChangeBatch> next = feed.next(); next.isPresent(); next = feed.next()) {
                ChangeBatch batch = next.get();
                if (random.nextInt(5) == 0) {
                    crashes++;
                    feed.close();
                    feed = open();
                    continue;
                }
                assertThat(batch.rows()).isNotEmpty();
                List<String> rows = told.computeIfAbsent(batch.version(), version -> new ArrayList<>());
                assertThat(batch.offset()).isEqualTo(rows.size());
                batch.rows().forEach(row -> {
                    assertThat(row).containsEntry(ChangeBatch.VERSION, batch.version());
                    rows.add(row.get(ChangeBatch.CHANGE) + " " + text(row));
                });
                assertThat(rows.getLast()).doesNotStartWith("update_preimage");
                feed.acknowledge();
            }
        }

        private String text(Map<String, Object> row) {
            return List.of(shape.columns().split(", ")).stream()
                    .map(column ->
                            row.get(column) == null ? "-" : row.get(column).toString())
                    .collect(Collectors.joining("|"));
        }

        void close() {
            feed.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFeedTellsTheDifferenceOfEachVersionToTheOneBefore(Shape shape) throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.printf("ChangeFeedModelTest %s -Dwadi.seed=%d%n", shape, seed);
        Random random = new Random(seed);
        Contract[] contracts = IntStream.range(0, HISTORIES)
                .mapToObj(i -> contract("t" + i, shape))
                .toArray(Contract[]::new);
        int crashes = 0;
        int updates = 0;
        try (MergeFixture wadi = new MergeFixture(folder, contracts)) {
            for (Contract contract : contracts) {
                String label = "%s %s, seed %d".formatted(shape, contract.table(), seed);
                ChangeFeeds feeds = new ChangeFeeds(wadi.contracts, wadi.merger);
                Reader all = new Reader(feeds, contract.table(), "all", new FeedStart.Version(0), shape, random);
                int late = random.nextInt(STEPS);
                steps(wadi, contract, random, late, all);
                long joinedAt = wadi.lake.table(contract).latest().version();
                Reader joined = new Reader(feeds, contract.table(), "joined", new FeedStart.Snapshot(), shape, random);
                steps(wadi, contract, random, STEPS - late, all);
                all.read();
                joined.read();
                check(wadi, contract, shape, all.told, 0, label);
                List<String> whole = joined.told.getOrDefault(joinedAt, List.of());
                assertThat(whole)
                        .as("the rows of version %d, %s", joinedAt, label)
                        .containsExactlyInAnyOrderElementsOf(rows(wadi, contract.table(), shape, joinedAt).stream()
                                .map(row -> "insert " + row)
                                .toList());
                check(wadi, contract, shape, joined.told, joinedAt + 1, label);
                crashes += all.crashes;
                updates += (int) all.told.values().stream()
                        .flatMap(List::stream)
                        .filter(row -> row.startsWith("update_postimage"))
                        .count();
                all.close();
                joined.close();
            }
        }
        assertThat(crashes).isPositive();
        assertThat(updates).isPositive();
    }

    private static void steps(MergeFixture wadi, Contract contract, Random random, int steps, Reader reader) {
        for (int step = 0; step < steps; step++) {
            step(wadi, contract, random);
            if (random.nextInt(3) == 0) {
                reader.read();
            }
        }
    }

    private static void step(MergeFixture wadi, Contract contract, Random random) {
        DeltaTable table = wadi.lake.table(contract);
        int dice = random.nextInt(12);
        if (dice == 0) {
            new Compactions(wadi.merger).compact(contract.table());
        } else if (dice == 1) {
            new Restores(wadi.merger, wadi.commits)
                    .restore(
                            contract.table(),
                            random.nextInt((int) table.latest().version() + 1));
        } else {
            List<String> events = new ArrayList<>();
            for (int i = 0, size = 1 + random.nextInt(20); i < size; i++) {
                int kind = random.nextInt(40);
                events.add("('k%d', %d, %s, DATE '2026-11-01' + %d, '%s')"
                        .formatted(
                                random.nextInt(15),
                                random.nextInt(60),
                                random.nextInt(5) == 0 ? "NULL" : random.nextInt(3) + ".25",
                                random.nextInt(3),
                                kind < 10 ? "DELETE" : kind == 10 ? "TRUNCATE" : "UPSERT"));
            }
            wadi.merge(
                    contract,
                    "SELECT * FROM (VALUES %s) v(id, seq, amount, day, kind)".formatted(String.join(", ", events)));
        }
    }

    private static void check(
            MergeFixture wadi, Contract contract, Shape shape, Map<Long, List<String>> told, long from, String label)
            throws Exception {
        long latest = wadi.lake.table(contract).latest().version();
        for (long version = from; version <= latest; version++) {
            Set<String> before = version == 0 ? Set.of() : Set.copyOf(rows(wadi, contract.table(), shape, version - 1));
            Set<String> after = Set.copyOf(rows(wadi, contract.table(), shape, version));
            Map<String, String> gone = byIdentity(before, after, shape);
            Map<String, String> come = byIdentity(after, before, shape);
            List<String> expected = new ArrayList<>();
            gone.forEach((id, row) -> expected.add((come.containsKey(id) ? "update_preimage " : "delete ") + row));
            come.forEach((id, row) -> expected.add((gone.containsKey(id) ? "update_postimage " : "insert ") + row));
            List<String> rows = told.getOrDefault(version, List.of());
            assertThat(rows)
                    .as("the changes of version %d, %s", version, label)
                    .containsExactlyInAnyOrderElementsOf(expected);
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i).startsWith("update_preimage")) {
                    assertThat(rows.get(i + 1)).startsWith("update_postimage");
                    assertThat(identity(rows.get(i + 1).split(" ")[1], shape))
                            .isEqualTo(identity(rows.get(i).split(" ")[1], shape));
                }
            }
        }
    }

    private static Map<String, String> byIdentity(Set<String> rows, Set<String> without, Shape shape) {
        return rows.stream()
                .filter(row -> !without.contains(row))
                .collect(Collectors.toMap(row -> identity(row, shape), row -> row));
    }

    private static String identity(String row, Shape shape) {
        String[] values = row.split("\\|");
        return shape.history ? values[0] + " " + values[4] : values[0];
    }

    private static List<String> rows(MergeFixture wadi, TableName table, Shape shape, long version) throws Exception {
        String columns = List.of(shape.columns().split(", ")).stream()
                .map("coalesce(%s::VARCHAR, '-')"::formatted)
                .collect(Collectors.joining(", "));
        try (Pin pin = wadi.reader.pin(Map.of(table, version))) {
            return MergeFixture.query(pin, "SELECT concat_ws('|', %s) FROM %s".formatted(columns, table));
        }
    }

    private static Contract contract(String name, Shape shape) {
        return MergeFixture.kinds(
                new TableName("silver", name),
                List.of(MergeFixture.column("seq", ColumnType.Simple.LONG, true, false)),
                List.of("seq"),
                !shape.history,
                shape.history,
                shape.partitioned ? List.of("day") : List.of(),
                shape.vectors);
    }
}
