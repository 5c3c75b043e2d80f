package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.Workspace;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random events are merged in random batches; then all events of a key are replayed, and what follows from them is what the table
 * has. Repeat a run with {@code -Dwadi.seed=N}.
 */
class ReplayModelTest {
    private static final int HISTORIES = 12;
    private static final int MOST_EVENTS = 60;
    private static final int KEYS = 5;

    @TempDir
    Path folder;

    private enum Shape {
        NEWEST,
        KEEP_FIRST,
        SPARSE,
        HISTORY,
        HISTORY_THAT_ABSORBS;

        Merging merging() {
            boolean first = this == KEEP_FIRST;
            return new Merging(
                    first ? WhenMatched.KEEP_FIRST : WhenMatched.SEQUENCE,
                    first ? List.of() : List.of("seq"),
                    first ? null : "kind = 'D'",
                    null,
                    Merging.TOMBSTONE_RETENTION,
                    this == SPARSE ? Set.of("amount", "note") : Set.of(),
                    this == HISTORY || this == HISTORY_THAT_ABSORBS,
                    this == HISTORY_THAT_ABSORBS ? Set.of("note") : Set.of(),
                    null);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_follows_from_the_events_of_a_key_is_what_the_table_has(Shape shape) throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.printf("ReplayModelTest %s -Dwadi.seed=%d%n", shape, seed);
        Random random = new Random(seed);
        Contract[] contracts = IntStream.range(0, HISTORIES)
                .mapToObj(n -> contract("t" + n, shape.merging()))
                .toArray(Contract[]::new);
        try (MergeFixture wadi = new MergeFixture(folder, contracts)) {
            for (Contract contract : contracts) {
                List<String> events = events(random, shape != Shape.SPARSE);
                for (int from = 0; from < events.size(); ) {
                    int to = Math.min(events.size(), from + 1 + random.nextInt(15));
                    wadi.merge(contract, select(events.subList(from, to), from));
                    from = to;
                }
                for (int key = 0; key < KEYS; key++) {
                    compare(
                            wadi,
                            contract,
                            events,
                            "k" + key,
                            "%s %s seed %d".formatted(shape, contract.table(), seed));
                }
            }
        }
    }

    private static void compare(MergeFixture wadi, Contract contract, List<String> events, String key, String label)
            throws SQLException {
        String columns = contract.stored().stream()
                .map(column -> "coalesce(\"%s\"::VARCHAR, '-')".formatted(column.name()))
                .collect(Collectors.joining(", "));
        List<String> has = wadi.rows(
                "(SELECT * FROM %s WHERE id = '%s')".formatted(contract.table(), key), contract.table(), columns);
        List<String> places = wadi.rows(
                "(SELECT * FROM %s WHERE id = '%s')".formatted(contract.table(), key), contract.table(), "position");
        String named = places.isEmpty()
                ? "false"
                : places.stream()
                        .map(place -> "'" + place + "'")
                        .collect(Collectors.joining(", ", "position IN (", ")"));
        try (Workspace workspace = Workspace.open(wadi.duckDb)) {
            Replay.Outcome outcome = new Replay(
                            contract,
                            wadi.lake.table(contract.table()),
                            wadi.lake.table(contract.table()).latest(),
                            workspace)
                    .run(
                            "SELECT row_number() OVER (ORDER BY %s DESC, number) - 1 AS __ord, * EXCLUDE number FROM (%s) WHERE id = '%s'"
                                    .formatted(named, select(events, 0), key));
            List<String> follows = new ArrayList<>();
            if (outcome.rows() != null) {
                try (Statement statement = workspace.session().createStatement();
                        ResultSet rows = statement.executeQuery(
                                "SELECT concat_ws('|', %s) FROM (%s) ORDER BY 1".formatted(columns, outcome.rows()))) {
                    while (rows.next()) {
                        follows.add(rows.getString(1));
                    }
                }
            }
            assertThat(follows).as(label + " " + key).isEqualTo(has);
            long of = events.stream()
                    .filter(event -> event.startsWith("'" + key + "'"))
                    .count();
            assertThat(outcome.fates()).as(label).hasSize((int) of);
            List<Replay.Fate> won = outcome.fates().stream()
                    .filter(fate -> fate.verdict().changesTable())
                    .toList();
            assertThat(won.size()).as(label + " " + key + " " + outcome).isGreaterThanOrEqualTo(of == 0 ? 0 : 1);
            for (Replay.Fate fate : outcome.fates()) {
                if (!fate.verdict().changesTable()) {
                    assertThat(fate.against()).as(label + " " + fate).isNotNull();
                }
            }
        }
    }

    /**
     * Values of id, seq, amount, note, kind.
     *
     * @param ties whether two events of a key may have one sequence and another content. Where updates leave values out, the table does
     *     not know its older events as a whole, and which of two stood depends on the batches
     */
    private static List<String> events(Random random, boolean ties) {
        List<String> events = new ArrayList<>();
        int size = 1 + random.nextInt(MOST_EVENTS);
        for (int n = 0; n < size; n++) {
            if (!events.isEmpty() && random.nextInt(5) == 0) {
                events.add(events.get(random.nextInt(events.size())));
                continue;
            }
            String place = "'k%d', %d, ".formatted(random.nextInt(KEYS), random.nextInt(9));
            if (!ties && events.stream().anyMatch(event -> event.startsWith(place))) {
                continue;
            }
            events.add(place
                    + "%s, %s, '%s'"
                            .formatted(
                                    random.nextInt(3) == 0 ? "NULL" : random.nextInt(2),
                                    random.nextInt(3) == 0 ? "NULL" : "'n" + random.nextInt(2) + "'",
                                    random.nextInt(5) == 0 ? "D" : "U"));
        }
        return events;
    }

    /** @param first the number of the first of them */
    private static String select(List<String> events, int first) {
        return "SELECT * FROM (VALUES "
                + IntStream.range(0, events.size())
                        .mapToObj(n -> "(%s, 'p%d', %d)".formatted(events.get(n), first + n, first + n))
                        .collect(Collectors.joining(", "))
                + ") v(id, seq, amount, note, kind, position, number)";
    }

    private static Contract contract(String name, Merging merging) {
        return MergeFixture.contract(
                new TableName("silver", name),
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("seq", ColumnType.Simple.LONG, true, false),
                        MergeFixture.column("amount", new ColumnType.Decimal(18, 2), false, false),
                        MergeFixture.column("note", ColumnType.Simple.STRING, false, false),
                        new Column("kind", ColumnType.Simple.STRING, true, false, false, null, "", null),
                        MergeFixture.column("position", ColumnType.Simple.STRING, false, true)),
                List.of("id"),
                merging,
                List.of(),
                true);
    }
}
