package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.index.KeyIndexes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SCD type 1 against a model, in random histories: upserts, deletes, duplicates, ties, truncates, in any order and any split
 * into batches, with compactions between them, and replayed as a whole in the end. Each history has its own table. Repeat a
 * run with {@code -Dwadi.seed=N}.
 */
class LatestRowModelTest {
    private static final int HISTORIES = 30;
    private static final int MOST_EVENTS = 100;
    private static final int KEYS = 15;

    @TempDir
    Path folder;

    /** What the tables of a run have in common. A sequence of two columns is always found by scans. */
    enum Shape {
        SCANNED(true, false, false, false),
        SCANNED_PARTITIONED(true, true, false, false),
        SCANNED_REWRITE(false, false, false, false),
        SCANNED_TUPLE(true, false, true, false),
        INDEXED(true, false, false, true),
        INDEXED_BESIDE(true, false, false, true),
        INDEXED_PARTITIONED(true, true, false, true),
        SCANNED_REWRITE_PARTITIONED(false, true, false, false);

        final boolean vectors;
        final boolean partitioned;
        final boolean tuple;
        final long indexBytes;

        Shape(boolean vectors, boolean partitioned, boolean tuple, boolean indexed) {
            this.vectors = vectors;
            this.partitioned = partitioned;
            this.tuple = tuple;
            this.indexBytes = indexed ? 64 << 20 : 0;
        }

        /** Beside the merges an index is built that some of them find ready. */
        KeyIndexes indexes() {
            return new KeyIndexes(indexBytes, this == INDEXED_BESIDE ? KEYS : Long.MAX_VALUE);
        }
    }

    private enum Kind {
        UPSERT,
        DELETE,
        TRUNCATE
    }

    /** {@code seq} is two digits: where the sequence is a tuple, one for each column. */
    private record Event(
            Kind kind, String id, int seq, @Nullable Integer amount, int day) {
        String sql() {
            return "('%s', %d, %d, %d, %s, DATE '2026-11-01' + %d, '%s')"
                    .formatted(id, seq, seq / 10, seq % 10, amount == null ? "NULL" : amount + ".25", day, kind);
        }

        String text() {
            return "%s|%d|%s|2026-11-%02d".formatted(id, seq, amount == null ? "null" : amount + ".25", day + 1);
        }

        boolean same(Event other) {
            return kind == other.kind
                    && (kind == Kind.DELETE || day == other.day && Objects.equals(amount, other.amount));
        }
    }

    /** Applies events one by one, in whatever order they come. */
    private static final class Model {
        final Map<String, Event> newest = new HashMap<>();
        final Map<Verdict, Long> verdicts = new TreeMap<>();
        int truncated = -1;

        void apply(Event event) {
            verdicts.merge(verdict(event), 1L, Long::sum);
        }

        private Verdict verdict(Event event) {
            if (event.kind() == Kind.TRUNCATE) {
                return Verdict.TRUNCATES; // applied before its batch
            }
            Event old = newest.get(event.id());
            if (event.seq() < truncated || old != null && event.seq() < old.seq()) {
                return Verdict.STALE;
            }
            if (old != null && event.seq() == old.seq()) {
                return event.same(old) ? Verdict.DUPLICATE : Verdict.TIED;
            }
            newest.put(event.id(), event);
            return event.kind() == Kind.DELETE ? Verdict.DELETED : Verdict.UPDATED;
        }

        void truncate(int seq) {
            if (seq > truncated) {
                truncated = seq;
                newest.values().removeIf(event -> event.kind() == Kind.UPSERT && event.seq() < seq);
            }
        }

        List<String> rows() {
            return newest.values().stream()
                    .filter(event -> event.kind() == Kind.UPSERT)
                    .map(Event::text)
                    .sorted()
                    .toList();
        }

        long count(Verdict verdict) {
            return verdicts.getOrDefault(verdict, 0L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_table_equals_the_model_after_every_batch_and_a_replay_changes_nothing(Shape shape) {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.printf("LatestRowModelTest %s -Dwadi.seed=%d%n", shape, seed);
        Random random = new Random(seed);
        Contract[] contracts = new Contract[HISTORIES];
        for (int i = 0; i < HISTORIES; i++) {
            contracts[i] = contract("t" + i, shape);
        }
        try (MergeFixture wadi = new MergeFixture(folder, shape.indexes(), contracts)) {
            Compactions compactions = new Compactions(wadi.merger);
            for (Contract contract : contracts) {
                history(wadi, compactions, contract, random, "%s %s, seed %d".formatted(shape, contract.table(), seed));
            }
        }
    }

    private static void history(
            MergeFixture wadi, Compactions compactions, Contract contract, Random random, String label) {
        List<Event> events = events(random);
        Model model = new Model();
        List<List<Event>> batches = new ArrayList<>();
        for (int i = 0; i < events.size(); ) {
            int end = Math.min(events.size(), i + 1 + random.nextInt(40));
            batches.add(events.subList(i, end));
            i = end;
        }
        for (List<Event> batch : batches) {
            merge(wadi, contract, model, batch, label);
            if (random.nextInt(6) == 0) {
                compactions.compact(contract.table());
            }
        }
        long version = wadi.lake.table(contract.table()).latest().version();
        wadi.merge(contract, select(events));
        assertThat(wadi.lake.table(contract.table()).latest().version())
                .as("version after a replay, " + label)
                .isEqualTo(version);
    }

    private static void merge(MergeFixture wadi, Contract contract, Model model, List<Event> batch, String label) {
        Map<Verdict, Long> before = new HashMap<>(model.verdicts);
        batch.stream()
                .filter(event -> event.kind() == Kind.TRUNCATE)
                .mapToInt(Event::seq)
                .max()
                .ifPresent(model::truncate);
        applySettled(model, batch);
        MergeOutcome.Counts counts = wadi.merge(contract, select(batch)).counts();
        assertThat(wadi.rows(contract.table(), "id, seq, coalesce(amount::VARCHAR, 'null'), day"))
                .as(label)
                .containsExactlyElementsOf(model.rows());
        Map<Verdict, Long> expected = new LinkedHashMap<>();
        for (Verdict verdict : List.of(Verdict.STALE, Verdict.DUPLICATE, Verdict.TIED)) {
            expected.put(verdict, model.count(verdict) - before.getOrDefault(verdict, 0L));
        }
        assertThat(Map.of(
                        Verdict.STALE, counts.stale(),
                        Verdict.DUPLICATE, counts.duplicate(),
                        Verdict.TIED, counts.tied()))
                .as(label)
                .isEqualTo(expected);
        assertThat(counts.received()).as(label).isEqualTo(batch.size());
    }

    /** Of a key only the rows of the batch's greatest sequence meet the table, one after the other. */
    private static void applySettled(Model model, List<Event> batch) {
        Map<String, Integer> greatest = new HashMap<>();
        for (Event event : batch) {
            if (event.kind() != Kind.TRUNCATE) {
                greatest.merge(event.id(), event.seq(), Math::max);
            }
        }
        for (Event event : batch) {
            if (event.kind() != Kind.TRUNCATE && event.seq() < greatest.getOrDefault(event.id(), 0)) {
                model.verdicts.merge(Verdict.STALE, 1L, Long::sum);
            } else {
                model.apply(event);
            }
        }
    }

    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        int size = 1 + random.nextInt(MOST_EVENTS);
        boolean truncates = random.nextInt(4) == 0;
        for (int i = 0; i < size; i++) {
            int dice = random.nextInt(100);
            if (!events.isEmpty() && dice < 20) {
                events.add(events.get(random.nextInt(events.size())));
                continue;
            }
            Kind kind = dice < 40 ? Kind.DELETE : dice < 42 && truncates ? Kind.TRUNCATE : Kind.UPSERT;
            events.add(new Event(
                    kind,
                    "k" + random.nextInt(KEYS),
                    random.nextInt(40),
                    random.nextInt(5) == 0 ? null : random.nextInt(3),
                    random.nextInt(3)));
        }
        Collections.shuffle(events, random);
        return events;
    }

    private static String select(List<Event> events) {
        return "SELECT * FROM (VALUES "
                + String.join(", ", events.stream().map(Event::sql).toList())
                + ") v(id, seq, high, low, amount, day, kind)";
    }

    private static Contract contract(String name, Shape shape) {
        return MergeFixture.kinds(
                new TableName("silver", name),
                Stream.of("seq", "high", "low")
                        .map(column -> MergeFixture.column(column, ColumnType.Simple.LONG, true, false))
                        .toList(),
                shape.tuple ? List.of("high", "low") : List.of("seq"),
                true,
                false,
                shape.partitioned ? List.of("day") : List.of(),
                shape.vectors);
    }
}
