package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random histories against the simplest model there is: a map that takes the events one by one. Repeat one with
 * {@code -Dwadi.seed=N}.
 */
class MergeModelTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");

    @TempDir
    Path folder;

    private record Row(String id, long seq, int amount, int day) {
        String sql() {
            return "('%s', %d, %d.25, 'note %d', DATE '2026-11-01' + %d, 'p')".formatted(id, seq, amount, amount, day);
        }

        String text() {
            return "%s|%d|%d.25|note %d|2026-11-%02d".formatted(id, seq, amount, amount, day + 1);
        }

        boolean sameContent(Row other) {
            return amount == other.amount && day == other.day;
        }
    }

    private static final class Model {
        final Map<String, Row> rows = new TreeMap<>();
        final WhenMatched whenMatched;
        long inserted;
        long updated;
        long stale;
        long duplicate;
        long tied;

        Model(WhenMatched whenMatched) {
            this.whenMatched = whenMatched;
        }

        void apply(Row row) {
            Row old = rows.get(row.id());
            if (old == null) {
                rows.put(row.id(), row);
                inserted++;
            } else if (whenMatched == WhenMatched.SEQUENCE && row.seq() > old.seq()) {
                rows.put(row.id(), row);
                updated++;
            } else if (whenMatched == WhenMatched.SEQUENCE && row.seq() < old.seq()) {
                stale++;
            } else if (row.sameContent(old) && (whenMatched == WhenMatched.SEQUENCE || row.seq() == old.seq())) {
                duplicate++;
            } else if (whenMatched == WhenMatched.REPLACE) {
                rows.put(row.id(), row);
                updated++;
            } else {
                tied++;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENCE, true, false",
        "SEQUENCE, false, false",
        "SEQUENCE, true, true",
        "SEQUENCE, false, true",
        "KEEP_FIRST, true, false",
        "REPLACE, true, true",
        "REPLACE, false, false"
    })
    void theTableEqualsTheModelAfterEveryBatch(WhenMatched whenMatched, boolean vectors, boolean partitioned) {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        String label = "seed %d, %s, vectors %s, partitioned %s".formatted(seed, whenMatched, vectors, partitioned);
        System.out.println(label);
        Random random = new Random(seed);
        Contract contract = MergeFixture.bookings(whenMatched, vectors, partitioned ? List.of("day") : List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Model model = new Model(whenMatched);
            List<Row> history = new ArrayList<>();
            for (int batch = 0; batch < 12; batch++) {
                List<Row> rows = new ArrayList<>();
                Map<String, Boolean> keysOfBatch = new TreeMap<>();
                int size = 1 + random.nextInt(40);
                for (int i = 0; i < size; i++) {
                    Row row = !history.isEmpty() && random.nextInt(4) == 0
                            ? history.get(random.nextInt(history.size()))
                            : new Row(
                                    "k" + random.nextInt(60), random.nextInt(8), random.nextInt(3), random.nextInt(3));
                    // The later of two rows of one batch wins only by a sequence.
                    if (whenMatched == WhenMatched.SEQUENCE || keysOfBatch.put(row.id(), true) == null) {
                        rows.add(row);
                    }
                }
                rows.forEach(model::apply);
                history.addAll(rows);
                MergeOutcome outcome = wadi.merge(
                        contract,
                        "SELECT * FROM (VALUES "
                                + String.join(", ", rows.stream().map(Row::sql).toList())
                                + ") v(id, seq, amount, note, day, position)");
                assertThat(outcome.counts().received()).as(label).isEqualTo(rows.size());
                assertThat(wadi.rows(BOOKINGS, "id, seq, amount, note, day"))
                        .as(label + ", batch " + batch)
                        .containsExactlyElementsOf(model.rows.values().stream()
                                .map(Row::text)
                                .sorted()
                                .toList());
            }
            double merged = wadi.registry
                    .counter("wadi.merge.rows", "table", "silver.bookings", "result", "received")
                    .count();
            assertThat((long) merged)
                    .as(label)
                    .isEqualTo(model.inserted + model.updated + model.stale + model.duplicate + model.tied);
        }
    }
}
