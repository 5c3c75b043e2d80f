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
 * Random histories of many keys, in random order and batches, against a model that lays out the events of a key anew each
 * time. Repeat one with {@code -Dwadi.seed=N}.
 */
class HistoryModelTest {
    private static final TableName THINGS = new TableName("silver", "things");

    @TempDir
    Path folder;

    private record Key(String tenant, int id) {}

    private record Seq(long major, int minor) implements Comparable<Seq> {
        @Override
        public int compareTo(Seq other) {
            return major == other.major ? Integer.compare(minor, other.minor) : Long.compare(major, other.major);
        }
    }

    private record Event(Key key, Seq seq, State state, int position) {
        String sql() {
            return "('%s', %d, %d, %d, %s, 'p%d')"
                    .formatted(key.tenant, key.id, seq.major, seq.minor, state.sql(), position);
        }
    }

    /** A row of the table, that shows {@code last}. */
    private static final class Row {
        final Seq start;
        Event last;

        @Nullable
        Seq end;

        Row(Event first) {
            start = first.seq;
            last = first;
        }

        String text(boolean tuple) {
            return String.join(
                    "|",
                    last.key.tenant,
                    "" + last.key.id,
                    "" + last.seq.major,
                    "" + last.seq.minor,
                    last.state.text(".50"),
                    "p" + last.position,
                    text(start, tuple),
                    end == null ? "-" : text(end, tuple));
        }

        static String text(Seq seq, boolean tuple) {
            return tuple ? seq.major + "/" + seq.minor : "" + seq.major;
        }
    }

    /** Of each key the events that stand, in their order. */
    private static final class Model {
        final Map<Key, TreeMap<Seq, Event>> events =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        long duplicates;
        long ties;

        void take(Event event) {
            Event known =
                    events.computeIfAbsent(event.key, key -> new TreeMap<>()).putIfAbsent(event.seq, event);
            if (known != null && known.state.says(event.state)) {
                duplicates++;
            } else if (known != null) {
                ties++;
            }
        }

        List<Row> rows(boolean absorbs) {
            List<Row> rows = new ArrayList<>();
            for (TreeMap<Seq, Event> each : events.values()) {
                Row current = null;
                for (Event event : each.values()) {
                    if (absorbs
                            && current != null
                            && !event.state.gone()
                            && current.last.state.sameTracked(event.state)) {
                        current.last = event;
                        continue;
                    }
                    if (current != null) {
                        current.end = event.seq;
                    }
                    current = event.state.gone() ? null : new Row(event);
                    if (current != null) {
                        rows.add(current);
                    }
                }
            }
            return rows;
        }
    }

    static Contract things(boolean vectors, boolean partitioned, boolean absorbs, boolean tuple) {
        return MergeFixture.contract(
                THINGS,
                List.of(
                        MergeFixture.column("tenant", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("id", ColumnType.Simple.INTEGER, true, false),
                        MergeFixture.column("major", ColumnType.Simple.LONG, true, false),
                        MergeFixture.column("minor", ColumnType.Simple.INTEGER, true, !tuple),
                        new Column("op", ColumnType.Simple.STRING, false, false, false, null, "op", null),
                        MergeFixture.column("tracked", new ColumnType.Decimal(18, 2), false, false),
                        MergeFixture.column("untracked", ColumnType.Simple.LONG, false, false),
                        MergeFixture.column("day", ColumnType.Simple.DATE, false, false),
                        MergeFixture.column("position", ColumnType.Simple.STRING, false, true)),
                List.of("tenant", "id"),
                MergeFixture.history(
                                tuple ? List.of("major", "minor") : List.of("major"),
                                absorbs ? Set.of("untracked") : Set.of(),
                                null)
                        .deleting("op = 'D'", Merging.TOMBSTONE_RETENTION),
                partitioned ? List.of("day") : List.of(),
                vectors);
    }

    private static MergeOutcome merge(MergeFixture wadi, Contract contract, List<Event> events) {
        return wadi.merge(
                contract,
                "SELECT * REPLACE (tracked + 0.5 AS tracked) FROM (VALUES "
                        + String.join(", ", events.stream().map(Event::sql).toList())
                        + ") v(tenant, id, major, minor, op, tracked, untracked, day, position)");
    }

    private static List<String> table(MergeFixture wadi, boolean tuple) {
        String bound = tuple ? "%1$s.major || '/' || %1$s.minor" : "%s::VARCHAR";
        return wadi.rows(
                THINGS,
                "tenant, id, major, minor, coalesce(tracked::VARCHAR, '-'), coalesce(untracked::VARCHAR, '-'), day,"
                        + " position, " + bound.formatted("__START_AT") + ", coalesce(" + bound.formatted("__END_AT")
                        + ", '-')");
    }

    /** Each run has 40 keys, each with a history of its own. */
    @ParameterizedTest
    @CsvSource({
        "true, false, false, false",
        "false, true, false, false",
        "true, false, true, false",
        "false, false, true, false",
        "true, true, true, false",
        "true, true, false, false",
        "true, true, true, true",
        "false, false, false, true",
    })
    void theTableEqualsTheModelAfterEveryBatch(boolean vectors, boolean partitioned, boolean absorbs, boolean tuple) {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        String label = "seed %d, vectors %s, partitioned %s, absorbs %s, tuple %s"
                .formatted(seed, vectors, partitioned, absorbs, tuple);
        System.out.println(label);
        Random random = new Random(seed);
        Contract contract = things(vectors, partitioned, absorbs, tuple);
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Compactions compactions = new Compactions(wadi.merger);
            Model model = new Model();
            List<Event> history = new ArrayList<>();
            for (int batch = 0; batch < 14; batch++) {
                List<Event> events = new ArrayList<>();
                int size = 1 + random.nextInt(60);
                for (int i = 0; i < size; i++) {
                    events.add(
                            !history.isEmpty() && random.nextInt(5) == 0
                                    ? history.get(random.nextInt(history.size()))
                                    : event(random, tuple));
                }
                long duplicates = model.duplicates;
                long ties = model.ties;
                events.forEach(model::take);
                history.addAll(events);
                MergeOutcome.Counts counts = merge(wadi, contract, events).counts();
                String now = label + ", batch " + batch;
                assertThat(table(wadi, tuple))
                        .as(now)
                        .containsExactlyElementsOf(model.rows(absorbs).stream()
                                .map(row -> row.text(tuple))
                                .sorted()
                                .toList());
                assertThat(counts.duplicate()).as(now).isEqualTo(model.duplicates - duplicates);
                assertThat(counts.tied()).as(now).isEqualTo(model.ties - ties);
                assertThat(counts.inserted() + counts.updated() + counts.deleted() + counts.buried())
                        .as(now)
                        .isEqualTo(size - counts.duplicate() - counts.tied());
                if (random.nextInt(4) == 0) {
                    compactions.compact(THINGS);
                }
            }
            List<Event> standing = new ArrayList<>();
            model.events.values().forEach(each -> standing.addAll(each.values()));
            Collections.shuffle(standing, random);
            assertThat(merge(wadi, contract, standing)).as(label).isInstanceOf(MergeOutcome.Unchanged.class);
        }
    }

    private static Event event(Random random, boolean tuple) {
        return new Event(
                new Key("t" + random.nextInt(2), random.nextInt(20)),
                new Seq(random.nextInt(tuple ? 5 : 15), tuple ? random.nextInt(3) : 0),
                State.random(random),
                random.nextInt(100));
    }
}
