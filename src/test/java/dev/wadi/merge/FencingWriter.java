package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One of several processes that write the same tables. It merges its share of a random history in batches, says {@code batch N
 * at V} (a version for each table) once one is committed everywhere, and compacts now and then.
 *
 * <p>Arguments: folder, seed, the writer's number, the first batch to merge. It waits for a line on its input before it starts.
 */
final class FencingWriter {
    static final int WRITERS = 2;
    static final int BATCHES = 15;
    private static final int EVENTS = 600;
    private static final int KEYS = 60;

    private FencingWriter() {}

    /** What happened to a key; its content follows from key and sequence, so that an event has one content everywhere. */
    record Event(int key, int seq) {
        boolean deletes() {
            return (key * 31 + seq) % 7 == 0;
        }

        int day() {
            return (key + seq) % 3;
        }

        String sql() {
            return "('k%d', %d, %d.25, '%s', DATE '2026-11-01' + %d, 'p')"
                    .formatted(key, seq, seq, deletes() ? "gone" : "here", day());
        }

        String text() {
            return "k%d|%d|%d.25|%s|2026-11-0%d".formatted(key, seq, seq, deletes() ? "gone" : "here", day() + 1);
        }
    }

    /** The tables: with and without deletion vectors, partitioned and not, one with deletes, and one where the first row stays. */
    static List<Contract> contracts() {
        List<Contract> contracts = new ArrayList<>();
        for (boolean vectors : new boolean[] {true, false}) {
            for (boolean partitioned : new boolean[] {true, false}) {
                contracts.add(named(
                        (vectors ? "vectors" : "rewrite") + (partitioned ? "_by_day" : ""),
                        MergeFixture.bookings(WhenMatched.SEQUENCE, vectors, partitioned ? List.of("day") : List.of()),
                        Merging.newest(List.of("seq"))));
            }
        }
        contracts.add(named(
                "deletes",
                MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of()),
                Merging.newest(List.of("seq")).deleting("note = 'gone'", Merging.TOMBSTONE_RETENTION)));
        contracts.add(
                named("inserts", MergeFixture.bookings(WhenMatched.KEEP_FIRST, true, List.of()), Merging.keepFirst()));
        return contracts;
    }

    private static Contract named(String name, Contract like, Merging merging) {
        return new Contract(
                new TableName("silver", name),
                like.description(),
                like.columns(),
                like.primaryKey(),
                merging,
                like.partitionBy(),
                like.rules(),
                like.event(),
                like.deletionVectors(),
                like.file());
    }

    private static List<Event> history(long seed) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (int n = 0; n < EVENTS; n++) {
            events.add(new Event(random.nextInt(KEYS), random.nextInt(200)));
        }
        return events;
    }

    /** The batches of one writer, in an order of its own; about a third of all events come from both. */
    static List<List<Event>> batches(long seed, int writer) {
        Random shares = new Random(seed ^ 0x5eed);
        List<Event> mine = new ArrayList<>();
        for (Event event : history(seed)) {
            int share = shares.nextInt(WRITERS + 1);
            if (share == writer || share == WRITERS) {
                mine.add(event);
            }
        }
        Collections.shuffle(mine, new Random(seed + writer));
        List<List<Event>> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            batches.add(mine.subList(mine.size() * batch / BATCHES, mine.size() * (batch + 1) / BATCHES));
        }
        return batches;
    }

    /** The rows a table must end with: all events of all writers, by their sequence. */
    static List<String> model(long seed, Contract contract) {
        Map<Integer, Event> rows = new HashMap<>();
        for (Event event : history(seed)) {
            rows.merge(event.key(), event, (a, b) -> a.seq() >= b.seq() ? a : b);
        }
        return rows.values().stream()
                .filter(event -> contract.merging().deleteWhen() == null || !event.deletes())
                .map(Event::text)
                .sorted()
                .toList();
    }

    private static String select(Contract contract, List<Event> events) {
        Map<Object, String> rows = new LinkedHashMap<>();
        for (Event event : events) {
            // Where the first row stays, an event is its own key: every one must be there, once.
            boolean first = contract.merging().whenMatched() == WhenMatched.KEEP_FIRST;
            rows.put(event, first ? event.sql().replaceFirst("'k\\d+'", "'" + id(event) + "'") : event.sql());
        }
        return "SELECT * FROM (VALUES %s) v(id, seq, amount, note, \"day\", position)"
                .formatted(String.join(", ", rows.values()));
    }

    private static String id(Event event) {
        return "k%d-%d".formatted(event.key(), event.seq());
    }

    /** The keys that the table of inserts must end with. */
    static List<String> ids(long seed) {
        return history(seed).stream().map(FencingWriter::id).distinct().sorted().toList();
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        long seed = Long.parseLong(args[1]);
        int writer = Integer.parseInt(args[2]);
        Contract[] contracts = contracts().toArray(Contract[]::new);
        try (MergeFixture wadi = new MergeFixture(folder, folder.resolve("spill" + writer), contracts)) {
            Compactions compactions = new Compactions(wadi.merger);
            System.out.println("ready");
            @Nullable String go = new java.io.BufferedReader(new java.io.InputStreamReader(System.in)).readLine();
            if (go == null) {
                return;
            }
            List<List<Event>> batches = batches(seed, writer);
            Random order = new Random(seed * 31 + writer);
            for (int batch = Integer.parseInt(args[3]); batch < batches.size(); batch++) {
                List<Contract> each = new ArrayList<>(List.of(contracts));
                Collections.shuffle(each, order);
                Map<TableName, Long> versions = new LinkedHashMap<>();
                for (Contract contract : each) {
                    wadi.merge(contract, select(contract, batches.get(batch)));
                    switch (order.nextInt(6)) {
                        case 0, 1 -> compactions.compact(contract.table());
                        case 2 -> compactions.optimize(contract.table());
                        default -> {}
                    }
                    versions.put(
                            contract.table(), wadi.lake.table(contract).latest().version());
                }
                System.out.println("batch %d at %s".formatted(batch, versions));
            }
        }
    }
}
