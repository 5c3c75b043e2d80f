package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.DuckDb;
import dev.wadi.store.FaultyStore;
import dev.wadi.store.FaultyStore.Aftermath;
import dev.wadi.store.FaultyStore.Call;
import dev.wadi.store.FaultyStore.Fault;
import dev.wadi.store.FaultyStore.Moment;
import dev.wadi.table.TableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Breaks each step of a piece of work in turn: before it, in the midst of it and after it, once as a hiccup and once as the
 * end of the process. Whatever broke, the tables stand as they were before or as they are after, and doing the work again
 * ends right. {@code -Dwadi.faults.all=true} breaks each read in both ways.
 */
class FaultsTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");
    private static DuckDb duckDb;

    @TempDir
    Path folder;

    /** Faults whose call never came. */
    private int missed;

    @BeforeAll
    static void openEngine(@TempDir Path spill) {
        duckDb = new DuckDb("512MB", 1, spill);
    }

    @AfterAll
    static void closeEngine() {
        duckDb.close();
    }

    /** Something done to a lake; what it answers is null when it counts no rows. */
    @FunctionalInterface
    interface Work {
        MergeOutcome.@Nullable Counts run(MergeFixture wadi);
    }

    /**
     * @param prepare brings the lake to where the work begins
     * @param work what is broken; doing it again must change nothing
     */
    record Scenario(String name, List<Contract> contracts, Work prepare, Work work) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Scenario merge(String name, Contract contract, String before, String batch) {
        return new Scenario(
                name,
                List.of(contract),
                wadi -> before.isEmpty() ? null : wadi.merge(contract, before).counts(),
                wadi -> wadi.merge(contract, batch).counts());
    }

    /** Rows {@code from} to {@code to}, exclusive, on three days, with the sequence and the amount given. */
    private static String rows(int from, int to, int seq, int amount) {
        return ("SELECT 'k' || i AS id, %d AS seq, %d.25 AS amount, NULL AS note, DATE '2026-11-01' + (i %% 3)::INTEGER"
                        + " AS \"day\", 'p' AS position FROM range(%d, %d) t(i)")
                .formatted(seq, amount, from, to);
    }

    private static Contract bookings(boolean vectors, String... partitionBy) {
        return MergeFixture.bookings(WhenMatched.SEQUENCE, vectors, List.of(partitionBy));
    }

    static Stream<Scenario> scenarios() {
        String before = rows(0, 12, 1, 1);
        String upserts = rows(6, 18, 2, 2);
        String withRefused = upserts + " UNION ALL " + rows(0, 1, 1, 9) // a tie
                + " UNION ALL SELECT NULL, 3, 3, NULL, NULL, 'p'";
        Contract wider = bookings(true);
        wider = new Contract(
                wider.table(),
                wider.description(),
                Stream.concat(
                                wider.columns().stream(),
                                Stream.of(MergeFixture.column("colour", ColumnType.Simple.STRING, false, false)))
                        .toList(),
                wider.primaryKey(),
                wider.merging(),
                wider.partitionBy(),
                List.of(),
                null,
                true,
                wider.file());
        Contract gained = wider;
        return Stream.of(
                merge("a table is made and filled", bookings(true), "", before),
                merge("append", bookings(true), before, rows(20, 30, 1, 1)),
                merge("deletion vectors", bookings(true), before, upserts),
                merge("deletion vectors, partitioned", bookings(true, "day"), before, upserts),
                merge("rewrite", bookings(false), before, upserts),
                merge("rewrite, partitioned", bookings(false, "day"), before, upserts),
                new Scenario(
                        "deletion vectors on top of deletion vectors",
                        List.of(bookings(true)),
                        wadi -> {
                            wadi.merge(bookings(true), before);
                            return wadi.merge(bookings(true), upserts).counts();
                        },
                        wadi -> wadi.merge(bookings(true), rows(3, 18, 3, 3)).counts()),
                merge("quarantine", bookings(true), before, withRefused),
                new Scenario(
                        "compaction",
                        List.of(bookings(true)),
                        wadi -> {
                            for (int batch = 0; batch < 17; batch++) {
                                wadi.merge(bookings(true), rows(batch * 2, batch * 2 + 4, batch, batch));
                            }
                            return null;
                        },
                        wadi -> {
                            new Compactions(wadi.merger).compact(BOOKINGS);
                            return null;
                        }),
                new Scenario(
                        "transform",
                        List.of(MergeFixture.bookings(WhenMatched.KEEP_FIRST, true, List.of()), BookingCounts.CONTRACT),
                        wadi -> {
                            Contract source = wadi.contracts.get(BOOKINGS);
                            wadi.merge(source, before);
                            wadi.transforms.run(BookingCounts.COUNT);
                            return wadi.merge(source, rows(20, 30, 1, 1)).counts();
                        },
                        wadi -> wadi.transforms.run(BookingCounts.COUNT).counts()),
                new Scenario(
                        "a column is added",
                        List.of(gained),
                        wadi -> wadi.merge(bookings(true), before).counts(),
                        wadi -> wadi.merge(gained, "SELECT *, 'red' AS colour FROM (" + upserts + ")")
                                .counts()));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whateverBreaksTheTablesStandBeforeOrAfterAndDoingItAgainEndsRight(Scenario scenario) throws IOException {
        Path template = folder.resolve("template");
        FaultyStore store = new FaultyStore();
        try (MergeFixture wadi = open(template, store, scenario)) {
            scenario.prepare().run(wadi);
        }
        Map<String, List<String>> before = look(copy(template, "before"), store, scenario);
        Path undisturbed = copy(template, "undisturbed");
        List<Call> calls;
        MergeOutcome.Counts counts;
        try (MergeFixture wadi = open(undisturbed, store, scenario)) {
            store.watch(null);
            counts = scenario.work().run(wadi);
            calls = store.calls();
            store.heal();
        }
        Map<String, List<String>> after = look(undisturbed, store, scenario);
        int runs = 0;
        List<String> broken = new ArrayList<>();
        for (int number = 1; number <= calls.size(); number++) {
            for (Moment moment : calls.get(number - 1).reads() ? new Moment[] {Moment.BEFORE} : Moment.values()) {
                for (Aftermath aftermath : aftermaths(calls.get(number - 1), number)) {
                    Fault fault = new Fault(number, moment, aftermath);
                    Path lake = copy(template, "run" + runs++);
                    String label = "%s, %s, %s of %s"
                            .formatted(
                                    scenario.name(),
                                    fault,
                                    calls.get(number - 1).what(),
                                    Path.of(calls.get(number - 1).file()).getFileName());
                    try {
                        disturb(label, lake, store, scenario, fault, before, after, counts);
                    } catch (RuntimeException | AssertionError e) {
                        broken.add(label + " -> " + e);
                    } finally {
                        store.heal();
                    }
                    delete(lake);
                }
            }
        }
        assertThat(broken).isEmpty();
        // What the background has written meanwhile (a checksum) saves the work a call or two at its end.
        assertThat(missed).isLessThan(runs / 3);
        System.out.println(
                "%s: %d store calls, %d faults, %d never came".formatted(scenario.name(), calls.size(), runs, missed));
    }

    /** A call that only looks leaves nothing half done, so one end of it each will do. */
    private static Aftermath[] aftermaths(Call call, int number) {
        return call.reads() && !Boolean.getBoolean("wadi.faults.all")
                ? new Aftermath[] {number % 2 == 0 ? Aftermath.DEAD : Aftermath.RECOVERS}
                : Aftermath.values();
    }

    private void disturb(
            String label,
            Path lake,
            FaultyStore store,
            Scenario scenario,
            Fault fault,
            Map<String, List<String>> before,
            Map<String, List<String>> after,
            MergeOutcome.@Nullable Counts counts) {
        try (MergeFixture wadi = open(lake, store, scenario)) {
            store.watch(fault);
            try {
                scenario.work().run(wadi);
            } catch (MergeException | TableException e) {
                assertThat(e.getMessage()).as(label).containsAnyOf("silver.", "gold.", "quarantine.");
            } finally {
                if (!store.hit()) {
                    missed++;
                }
                store.heal();
            }
            // Here, and in a process that starts now, each table stands before or after.
            Map<String, List<String>> here = look(wadi, scenario);
            assertThat(look(lake, store, scenario)).as(label).isEqualTo(here);
            here.forEach((table, rows) -> assertThat(rows)
                    .as(label + ": " + table)
                    .isIn(before.getOrDefault(table, List.of()), after.getOrDefault(table, List.of())));
            boolean committed = here.equals(after) && !before.equals(after);

            MergeOutcome.Counts again = scenario.work().run(wadi);
            assertThat(look(wadi, scenario)).as(label + ", again").isEqualTo(after);
            if (counts != null && again != null) {
                long changed = again.inserted() + again.updated() + again.deleted();
                assertThat(changed)
                        .as(label + ", rows changed the second time")
                        .isEqualTo(committed ? 0 : counts.inserted() + counts.updated() + counts.deleted());
            }
        }
        // Once more by a process that knows nothing of it: no row moves.
        try (MergeFixture wadi = open(lake, store, scenario)) {
            MergeOutcome.Counts again = scenario.work().run(wadi);
            if (again != null) {
                assertThat(again.inserted() + again.updated() + again.deleted())
                        .as(label)
                        .isZero();
            }
            assertThat(look(wadi, scenario)).as(label + ", once more").isEqualTo(after);
        }
    }

    private MergeFixture open(Path lake, FaultyStore store, Scenario scenario) {
        return new MergeFixture(lake, store, duckDb, scenario.contracts().toArray(Contract[]::new));
    }

    private Map<String, List<String>> look(Path lake, FaultyStore store, Scenario scenario) {
        try (MergeFixture wadi = open(lake, store, scenario)) {
            return look(wadi, scenario);
        }
    }

    /** The rows of each table that is there, with duplicates if there are any. */
    private static Map<String, List<String>> look(MergeFixture wadi, Scenario scenario) {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        for (TableName table : wadi.lake.tables()) {
            Contract contract = scenario.contracts().stream()
                    .filter(each -> each.table().equals(table))
                    .findFirst()
                    .orElse(null);
            String columns = contract == null
                    ? "id, reason"
                    : String.join(
                            ", ",
                            contract.columns().stream()
                                    .map(column -> "coalesce(\"" + column.name() + "\"::VARCHAR, '')")
                                    .toList());
            tables.put(table.toString(), wadi.rows(table, columns));
        }
        return tables;
    }

    private Path copy(Path template, String name) throws IOException {
        Path target = folder.resolve(name);
        List<Path> all = new ArrayList<>();
        if (Files.exists(template)) {
            try (Stream<Path> files = Files.walk(template)) {
                files.forEach(all::add);
            }
        }
        for (Path each : all) {
            Path twin = target.resolve(template.relativize(each));
            if (Files.isDirectory(each)) {
                Files.createDirectories(twin);
            } else {
                Files.copy(each, twin, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return target;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(each -> {
                try {
                    Files.delete(each);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
