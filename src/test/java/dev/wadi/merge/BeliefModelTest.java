package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random bitemporal histories of many keys, in random order and batches. What the table believed at each system time is held
 * against a model of one axis that is told the events known then. Repeat one with {@code -Dwadi.seed=N}.
 */
class BeliefModelTest {
    private static final TableName THINGS = new TableName("silver", "things");
    private static final int KEYS = 30;
    private static final int VALID = 9;
    private static final int SYSTEM = 12;

    @TempDir
    Path folder;

    private record Event(int id, int valid, int known, State state, int position) {
        String at() {
            return id + "/" + valid + "/" + known;
        }

        String sql() {
            return "(%d, %d, %d, %d, %s, 'p%d')".formatted(id, valid / 3, valid % 3, known, state.sql(), position);
        }

        /** @param start and {@code end} of the row that shows it; null for what still holds */
        String row(int start, @Nullable Integer end) {
            return String.join(
                    "|",
                    "" + id,
                    "" + valid,
                    "" + known,
                    state.text(""),
                    "p" + position,
                    "" + start,
                    end == null ? "-" : "" + end);
        }
    }

    /** A row of the table: what it shows, and between which system times. */
    private record Row(String shows, int from, @Nullable Integer until) {
        boolean believed(int at) {
            return from <= at && (until == null || at < until);
        }
    }

    /** The events that stand, by {@link Event#at}. */
    private static final class Model {
        final Map<String, Event> events = new TreeMap<>();
        long duplicates;
        long ties;

        void take(Event event) {
            Event there = events.putIfAbsent(event.at(), event);
            if (there != null && there.state.says(event.state)) {
                duplicates++;
            } else if (there != null) {
                ties++;
            }
        }

        /** The history of one axis of what was known at a system time. */
        List<String> slice(int at, boolean absorbs) {
            List<String> rows = new ArrayList<>();
            for (int id = 0; id < KEYS; id++) {
                TreeMap<Integer, Event> states = new TreeMap<>();
                for (Event event : known(id, at)) {
                    Event believed = states.get(event.valid);
                    if (believed == null || !believed.state.says(event.state)) {
                        states.put(event.valid, event);
                    }
                }
                lay(states, absorbs, rows);
            }
            Collections.sort(rows);
            return rows;
        }

        private List<Event> known(int id, int at) {
            return events.values().stream()
                    .filter(event -> event.id == id && event.known <= at)
                    .sorted(Comparator.comparingInt(Event::known))
                    .toList();
        }

        private static void lay(TreeMap<Integer, Event> states, boolean absorbs, List<String> rows) {
            Event shown = null;
            int start = 0;
            for (Event event : states.values()) {
                if (absorbs && shown != null && !event.state.gone() && shown.state.sameTracked(event.state)) {
                    shown = event;
                    continue;
                }
                if (shown != null) {
                    rows.add(shown.row(start, event.valid));
                }
                shown = event.state.gone() ? null : event;
                start = event.valid;
            }
            if (shown != null) {
                rows.add(shown.row(start, null));
            }
        }
    }

    private static Contract things(boolean vectors, boolean partitioned, boolean absorbs, boolean tuple) {
        return MergeFixture.contract(
                THINGS,
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.INTEGER, true, false),
                        MergeFixture.column("valid", ColumnType.Simple.LONG, true, tuple),
                        MergeFixture.column("major", ColumnType.Simple.LONG, true, !tuple),
                        MergeFixture.column("minor", ColumnType.Simple.INTEGER, true, !tuple),
                        MergeFixture.column("known", ColumnType.Simple.TIMESTAMP, true, false),
                        new Column("op", ColumnType.Simple.STRING, false, false, false, null, "op", null),
                        MergeFixture.column("tracked", ColumnType.Simple.INTEGER, false, false),
                        MergeFixture.column("untracked", ColumnType.Simple.LONG, false, false),
                        MergeFixture.column("day", ColumnType.Simple.DATE, false, false),
                        MergeFixture.column("position", ColumnType.Simple.STRING, false, true)),
                List.of("id"),
                MergeFixture.history(
                                tuple ? List.of("major", "minor") : List.of("valid"),
                                absorbs ? Set.of("untracked") : Set.of(),
                                "known")
                        .deleting("op = 'D'", Merging.TOMBSTONE_RETENTION),
                partitioned ? List.of("day") : List.of(),
                vectors);
    }

    private static MergeOutcome merge(MergeFixture wadi, Contract contract, List<Event> events) {
        return wadi.merge(
                contract,
                "SELECT * REPLACE (make_timestamptz(known * 1000000) AS known), major * 3 + minor AS valid FROM (VALUES "
                        + String.join(", ", events.stream().map(Event::sql).toList())
                        + ") v(id, major, minor, known, op, tracked, untracked, day, position)");
    }

    private static List<Row> table(MergeFixture wadi, boolean tuple) {
        String bound = tuple ? "%1$s.major * 3 + %1$s.minor" : "%s";
        String columns = "id, valid, epoch(known)::INTEGER, coalesce(tracked::VARCHAR, '-'),"
                + " coalesce(untracked::VARCHAR, '-'), day, position, " + bound.formatted("__START_AT")
                + ", coalesce((" + bound.formatted("__END_AT")
                + ")::VARCHAR, '-'), '#', epoch(__SYSTEM_START_AT)::INTEGER,"
                + " coalesce(epoch(__SYSTEM_END_AT)::INTEGER::VARCHAR, '-')";
        return wadi.rows(THINGS, columns).stream()
                .map(text -> {
                    String[] parts = text.split("\\|#\\|");
                    String[] system = parts[1].split("\\|");
                    return new Row(
                            parts[0],
                            Integer.parseInt(system[0]),
                            system[1].equals("-") ? null : Integer.valueOf(system[1]));
                })
                .toList();
    }

    /** Each run has 30 keys, each with a history of its own. */
    @ParameterizedTest
    @CsvSource({
        "true, false, false, false, false",
        "false, true, false, false, false",
        "true, false, true, false, false",
        "false, true, true, false, false",
        "true, true, true, true, false",
        "true, false, false, true, false",
        "true, false, false, false, true",
        "false, true, false, false, true",
        "true, true, true, false, true",
        "false, false, true, true, true",
    })
    void eachSliceEqualsTheModelAfterEveryBatch(
            boolean vectors, boolean partitioned, boolean absorbs, boolean tuple, boolean inOrder) {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        String label = "seed %d, vectors %s, partitioned %s, absorbs %s, tuple %s, in order %s"
                .formatted(seed, vectors, partitioned, absorbs, tuple, inOrder);
        System.out.println(label);
        Random random = new Random(seed);
        Contract contract = things(vectors, partitioned, absorbs, tuple);
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Compactions compactions = new Compactions(wadi.merger);
            Model model = new Model();
            List<Event> past = new ArrayList<>();
            List<Row> before = List.of();
            int batches = SYSTEM - 1;
            for (int batch = 0; batch < batches; batch++) {
                List<Event> events = new ArrayList<>();
                int size = 1 + random.nextInt(60);
                for (int i = 0; i < size; i++) {
                    events.add(
                            !past.isEmpty() && random.nextInt(5) == 0
                                    ? past.get(random.nextInt(past.size()))
                                    : event(random, inOrder ? batch + random.nextInt(2) : random.nextInt(SYSTEM)));
                }
                long duplicates = model.duplicates;
                long ties = model.ties;
                events.forEach(model::take);
                past.addAll(events);
                MergeOutcome.Counts counts = merge(wadi, contract, events).counts();
                String now = label + ", batch " + batch;
                List<Row> rows = table(wadi, tuple);
                for (int at = 0; at <= SYSTEM; at++) {
                    int system = at;
                    assertThat(rows.stream()
                                    .filter(row -> row.believed(system))
                                    .map(Row::shows)
                                    .sorted()
                                    .toList())
                            .as(now + ", system time " + at)
                            .containsExactlyElementsOf(model.slice(at, absorbs));
                }
                for (Row row : rows) {
                    Integer until = row.until;
                    assertThat(until == null || row.from < until)
                            .as("%s: %s", now, row)
                            .isTrue();
                    assertThat(rows)
                            .as("%s: once %s", now, row)
                            .noneMatch(other -> other.shows.equals(row.shows) && Objects.equals(until, other.from));
                }
                if (inOrder) {
                    onlyEnded(now, before, rows, batch);
                }
                before = rows;
                assertThat(counts.duplicate()).as(now).isEqualTo(model.duplicates - duplicates);
                assertThat(counts.tied()).as(now).isEqualTo(model.ties - ties);
                assertThat(counts.inserted() + counts.updated() + counts.deleted() + counts.buried())
                        .as(now)
                        .isEqualTo(size - counts.duplicate() - counts.tied());
                if (random.nextInt(4) == 0) {
                    compactions.compact(THINGS);
                }
            }
            List<Event> standing = new ArrayList<>(model.events.values());
            Collections.shuffle(standing, random);
            assertThat(merge(wadi, contract, standing)).as(label).isInstanceOf(MergeOutcome.Unchanged.class);
        }
    }

    /** Of what was believed before a system time each row is still there, at most ended since. */
    private static void onlyEnded(String now, List<Row> before, List<Row> after, int since) {
        Set<Row> there = new HashSet<>(after);
        for (Row row : before) {
            if (row.from >= since) {
                continue;
            }
            assertThat(there.contains(row)
                            || (row.until == null || row.until >= since)
                                    && after.stream()
                                            .anyMatch(other -> other.shows.equals(row.shows)
                                                    && other.from == row.from
                                                    && (other.until == null || other.until >= since)))
                    .as("%s: %s is kept", now, row)
                    .isTrue();
        }
    }

    private static Event event(Random random, int known) {
        return new Event(random.nextInt(KEYS), random.nextInt(VALID), known, State.random(random), random.nextInt(100));
    }
}
