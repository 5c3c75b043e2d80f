package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.Pin;
import dev.wadi.parts.MovingFolder;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merges, compactions, restores, vacuums and readers at once, by a seed. */
class MaintenanceModelTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");

    @TempDir
    Path folder;

    /** What each version holds, key to sequence, as far as it is known by whoever committed it. */
    private final ConcurrentSkipListMap<Long, Map<String, Integer>> versions = new ConcurrentSkipListMap<>();

    private final AtomicBoolean stop = new AtomicBoolean();

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false"})
    void everyReaderReadsItsVersionAndTheTableEndsEqualToTheModel(boolean vectors, boolean partitioned)
            throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.printf("seed %d, vectors %s, partitioned %s%n", seed, vectors, partitioned);
        Contract contract =
                MergeFixture.bookings(WhenMatched.SEQUENCE, vectors, partitioned ? List.of("day") : List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract);
                ExecutorService threads = Executors.newFixedThreadPool(5)) {
            Compactions compactions = new Compactions(wadi.merger, new CompactionSettings(1 << 20, 10));
            DeltaTable table = wadi.lake.table(contract);
            AtomicInteger compacted = new AtomicInteger();
            AtomicInteger vacuumed = new AtomicInteger();
            AtomicInteger read = new AtomicInteger();
            versions.put(0L, Map.of());
            List<Future<?>> others = new ArrayList<>();
            others.add(threads.submit(
                    whileRunning(() -> compactions.optimize(BOOKINGS).commits(), compacted)));
            others.add(threads.submit(whileRunning(
                    () -> table.vacuum(Duration.ofMillis(200), Duration.ofMinutes(1), false)
                            .files()
                            .size(),
                    vacuumed)));
            for (int reader = 0; reader < 2; reader++) {
                Random random = new Random(seed + reader);
                others.add(threads.submit(whileRunning(() -> read(wadi, random), read)));
            }
            Map<String, Integer> model;
            try {
                model = merge(wadi, contract, new Random(seed), 25);
            } finally {
                stop.set(true);
            }
            for (Future<?> other : others) {
                other.get();
            }
            assertThat(rows(wadi)).as("seed %d", seed).isEqualTo(text(model));
            System.out.printf(
                    "%d compactions, %d files vacuumed, %d versions read%n",
                    compacted.get(), vacuumed.get(), read.get());
            assertThat(compacted.get()).isPositive();
            assertThat(read.get()).isPositive();

            // All files are old now, so what is left is what the newest version has.
            age();
            table.vacuum(Duration.ZERO, Duration.ofMinutes(1), false);
            assertThat(files()).isEqualTo(needed(table.latest()));
            assertThat(rows(wadi)).as("seed %d", seed).isEqualTo(text(model));
        }
    }

    private Callable<Void> whileRunning(Callable<Integer> work, AtomicInteger done) {
        return () -> {
            while (!stop.get()) {
                done.addAndGet(work.call());
                Thread.sleep(5);
            }
            return null;
        };
    }

    private Map<String, Integer> merge(MergeFixture wadi, Contract contract, Random random, int batches) {
        Map<String, Integer> model = new TreeMap<>();
        for (int batch = 1; batch <= batches; batch++) {
            Map<String, Integer> rows = new TreeMap<>();
            int size = 1 + random.nextInt(60);
            for (int i = 0; i < size; i++) {
                rows.put("k" + random.nextInt(300), batch);
            }
            model.putAll(rows);
            String values = rows.entrySet().stream()
                    .map(row -> "('%s', %d, 1.5, NULL, DATE '2026-11-0%d', 'p')"
                            .formatted(
                                    row.getKey(),
                                    row.getValue(),
                                    1 + row.getKey().hashCode() % 2))
                    .collect(Collectors.joining(", "));
            MergeOutcome outcome = wadi.merge(
                    contract, "SELECT * FROM (VALUES %s) v(id, seq, amount, note, day, position)".formatted(values));
            versions.put(((MergeOutcome.Committed) outcome).version(), new TreeMap<>(model));
        }
        return model;
    }

    /** Reads a version three times; versions between two merges are compactions of the first. */
    private int read(MergeFixture wadi, Random random) throws Exception {
        long newest = wadi.lake.table(BOOKINGS).latest().version();
        long version = Math.max(0, newest - random.nextInt(12));
        try (Pin pin = wadi.reader.pin(Map.of(BOOKINGS, version))) {
            List<String> first = MergeFixture.query(pin, "SELECT id || '|' || seq FROM silver.bookings ORDER BY 1");
            for (int again = 0; again < 3; again++) {
                Thread.sleep(random.nextInt(60));
                assertThat(MergeFixture.query(pin, "SELECT id || '|' || seq FROM silver.bookings ORDER BY 1"))
                        .isEqualTo(first);
            }
            Map<String, Integer> known = versions.get(version);
            if (known != null) {
                assertThat(first).as("version %d", version).isEqualTo(text(known));
            }
            return 1;
        } catch (NoSuchVersionException e) {
            assertThat(e.getMessage()).contains("Versions ");
            return 0;
        }
    }

    private static List<String> text(Map<String, Integer> model) {
        return model.entrySet().stream()
                .map(row -> row.getKey() + "|" + row.getValue())
                .sorted()
                .toList();
    }

    private static List<String> rows(MergeFixture wadi) {
        return wadi.rows(BOOKINGS, "id, seq");
    }

    private List<Path> data() throws Exception {
        return MovingFolder.files(folder.resolve("lake/silver/bookings")).stream()
                .filter(file -> !file.toString().contains("_delta_log"))
                .toList();
    }

    private void age() throws Exception {
        for (Path file : data()) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
        }
    }

    private List<String> files() throws Exception {
        return data().stream()
                .map(file ->
                        folder.resolve("lake/silver/bookings").relativize(file).toString())
                .filter(file -> !file.startsWith("deletion_vector"))
                .sorted()
                .toList();
    }

    private static List<String> needed(TableSnapshot snapshot) {
        return snapshot.files().keySet().stream()
                .map(path -> java.net.URI.create(path).getPath())
                .sorted()
                .toList();
    }
}
