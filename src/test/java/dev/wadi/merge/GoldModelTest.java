package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random events of all streams go through the shipped contracts and transforms, in any order, in random batches, with transforms
 * that run when they like and processes that restart. Then each table of gold equals what its transforms make of their
 * sources at once, each key of a fact is in its dimension, and facts are what loops over the events say. Repeat a run with
 * {@code -Dwadi.seed=N}.
 */
class GoldModelTest {
    private static final Contracts SHIPPED = Contracts.load(Path.of("schemas", "tables"));
    private static final int EVENTS = 160;
    private static final int LARGEST_BATCH = 40;

    @TempDir
    Path folder;

    private final List<Transforms.Transform> transforms = ShippedTransforms.all();
    private Random random = new Random();
    private GoldEvents events = new GoldEvents(random);

    @RepeatedTest(2)
    void gold_is_what_its_sources_say_however_they_came(RepetitionInfo repetition) throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime()) + repetition.getCurrentRepetition() - 1;
        System.out.println("GoldModelTest: -Dwadi.seed=" + seed);
        random = new Random(seed);
        events = new GoldEvents(random);
        events.some(EVENTS);
        List<GoldEvents.Arrival> arrivals = new ArrayList<>(events.arrivals);
        Collections.shuffle(arrivals, random);
        int at = 0;
        while (at < arrivals.size()) {
            try (MergeFixture wadi = new MergeFixture(folder, SHIPPED.all().toArray(Contract[]::new))) {
                for (int step = 0; step < 6 && at < arrivals.size(); step++) {
                    int end = Math.min(arrivals.size(), at + 1 + random.nextInt(LARGEST_BATCH));
                    land(wadi, arrivals.subList(at, end));
                    at = end;
                    transform(wadi, random.nextInt(transforms.size()));
                }
            }
        }
        try (MergeFixture wadi = new MergeFixture(folder, SHIPPED.all().toArray(Contract[]::new))) {
            while (transform(wadi, transforms.size())) {
                // until nothing is left to do
            }
            assertThat(different(wadi)).as("seed %d", seed).isEmpty();
            everyKeyIsInItsDimension(wadi);
            customersAreWhoTheyWere(wadi);
            amountsInEuroFollowTheRates(wadi);
            statusesFollowEachOther(wadi);
            sessionsEndAfterHalfAnHour(wadi);
        }
    }

    private static void land(MergeFixture wadi, List<GoldEvents.Arrival> batch) {
        batch.stream()
                .collect(Collectors.groupingBy(
                        GoldEvents.Arrival::stream,
                        TreeMap::new,
                        Collectors.mapping(GoldEvents.Arrival::row, Collectors.joining(" UNION ALL "))))
                .forEach((stream, rows) -> wadi.merge(SHIPPED.get(TableName.parse("bronze." + stream)), rows));
    }

    /** Runs {@code count} of the transforms, in any order. @return whether one of them changed something */
    private boolean transform(MergeFixture wadi, int count) {
        List<Transforms.Transform> order = new ArrayList<>(transforms);
        Collections.shuffle(order, random);
        boolean changed = false;
        for (Transforms.Transform transform : order.subList(0, count)) {
            changed |= wadi.transforms.run(transform) instanceof MergeOutcome.Committed;
        }
        return changed;
    }

    private List<String> different(MergeFixture wadi) throws Exception {
        List<String> different = new ArrayList<>();
        Path scratch = Files.createTempDirectory(folder, "scratch");
        try (Rebuild rebuild = new Rebuild(wadi.contracts, wadi.lake, wadi.duckDb, scratch)) {
            for (TableName table : gold()) {
                Rebuild.Comparison found = rebuild.compare(table, ShippedTransforms.of(table));
                if (!found.isEqual()) {
                    different.add(found.toString());
                }
            }
        }
        return different;
    }

    private TreeSet<TableName> gold() {
        return transforms.stream()
                .map(Transforms.Transform::target)
                .filter(table -> table.layer().equals("gold"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void everyKeyIsInItsDimension(MergeFixture wadi) throws Exception {
        for (String[] link : new String[][] {
            {"fact_orders", "date_key", "dim_time", "date_key"},
            {"fact_orders", "travel_date_key", "dim_time", "date_key"},
            {"fact_orders", "product_key", "dim_product", "product_key"},
            {"fact_orders", "customer_key", "dim_customer", "customer_key"},
            {"fact_orders", "agency_key", "dim_agency", "agency_key"},
            {"fact_order_status", "date_key", "dim_time", "date_key"},
            {"fact_events", "date_key", "dim_time", "date_key"},
            {"fact_user_days", "date_key", "dim_time", "date_key"},
            {"fact_sessions", "date_key", "dim_time", "date_key"},
            {"agg_monthly_user_activity", "date_key", "dim_time", "date_key"},
            {"agg_daily_metrics", "date_key", "dim_time", "date_key"},
            {"fact_intake", "date_key", "dim_time", "date_key"},
        }) {
            TreeSet<String> known = new TreeSet<>(wadi.rows(TableName.parse("gold." + link[2]), link[3]));
            assertThat(wadi.rows(TableName.parse("gold." + link[0]), link[1]))
                    .as("%s.%s", link[0], link[1])
                    .isNotEmpty()
                    .isSubsetOf(known);
        }
    }

    /** Each booking refers to what was the last word about its customer when it was made, or else the first one. */
    private void customersAreWhoTheyWere(MergeFixture wadi) throws Exception {
        TreeMap<String, String> keys = new TreeMap<>();
        for (String row : wadi.rows(TableName.parse("gold.dim_customer"), "customer_key, name, country")) {
            keys.put(row.substring(0, row.indexOf('|')), row.substring(row.indexOf('|') + 1));
        }
        List<String> found = wadi
                .rows(TableName.parse("gold.fact_orders"), "source_system, order_id, customer_id, customer_key")
                .stream()
                .filter(row -> row.startsWith("bookings|"))
                .map(row ->
                        row.substring(9, row.lastIndexOf('|') + 1) + keys.get(row.substring(row.lastIndexOf('|') + 1)))
                .toList();
        List<String> expected = newest().values().stream()
                .map(booking -> {
                    List<GoldEvents.Word> words = events.words.stream()
                            .filter(word -> word.customer().equals(booking.customer()))
                            .sorted(Comparator.comparing(GoldEvents.Word::at).thenComparing(GoldEvents.Word::by))
                            .toList();
                    // several words of one moment: the last of them is what was said then
                    GoldEvents.Word then = words.stream()
                            .filter(word -> !word.at().isAfter(booking.bookedAt()))
                            .reduce((a, b) -> b)
                            .orElseGet(() -> words.stream()
                                    .filter(word ->
                                            word.at().equals(words.getFirst().at()))
                                    .reduce((a, b) -> b)
                                    .orElseThrow());
                    return "%s|%s|%s|%s".formatted(booking.id(), booking.customer(), then.name(), then.country());
                })
                .toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    private TreeMap<String, GoldEvents.Booking> newest() {
        TreeMap<String, GoldEvents.Booking> newest = new TreeMap<>();
        events.bookings
                .values()
                .forEach(booking -> newest.merge(
                        booking.id(), booking, (a, b) -> a.updatedAt().isAfter(b.updatedAt()) ? a : b));
        return newest;
    }

    private void amountsInEuroFollowTheRates(MergeFixture wadi) throws Exception {
        List<String> expected = newest().values().stream()
                .map(booking -> {
                    LocalDate day = LocalDate.ofInstant(booking.bookedAt(), ZoneOffset.UTC);
                    Integer rate = booking.currency().equals("EUR")
                            ? Integer.valueOf(1)
                            : events.rates.stream()
                                    .filter(each -> each.currency().equals(booking.currency())
                                            && !each.day().isAfter(day))
                                    .max(Comparator.comparing(GoldEvents.Rate::day)
                                            .thenComparing(GoldEvents.Rate::number))
                                    .map(GoldEvents.Rate::rate)
                                    .orElse(null);
                    return "bookings|%s|%s"
                            .formatted(
                                    booking.id(),
                                    rate == null
                                            ? "null"
                                            : "%.2f".formatted(Math.round(booking.amount() * 100.0 / rate) / 100.0));
                })
                .toList();
        assertThat(wadi.rows(
                        TableName.parse("gold.fact_orders"),
                        "source_system, order_id, coalesce(amount_eur::VARCHAR, 'null')"))
                .filteredOn(row -> row.startsWith("bookings|"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private void statusesFollowEachOther(MergeFixture wadi) throws Exception {
        List<String> expected = new ArrayList<>();
        String id = "";
        String before = "";
        for (GoldEvents.Booking booking : events.bookings.values()) {
            before = booking.id().equals(id) ? before : "null";
            id = booking.id();
            if (!booking.status().equals(before)) {
                expected.add("bookings|%s|%d|%s|%s"
                        .formatted(id, booking.updatedAt().getEpochSecond(), before, booking.status()));
            }
            before = booking.status();
        }
        assertThat(
                        wadi.rows(
                                TableName.parse("gold.fact_order_status"),
                                "source_system, order_id, CAST(epoch(changed_at) AS BIGINT), coalesce(previous_status, 'null'), status"))
                .filteredOn(row -> row.startsWith("bookings|"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private void sessionsEndAfterHalfAnHour(MergeFixture wadi) throws Exception {
        List<GoldEvents.Click> clicks = events.clicks.stream()
                .sorted(Comparator.comparing(GoldEvents.Click::user)
                        .thenComparing(GoldEvents.Click::at)
                        .thenComparing(GoldEvents.Click::id))
                .toList();
        List<List<GoldEvents.Click>> sessions = new ArrayList<>();
        for (GoldEvents.Click click : clicks) {
            GoldEvents.Click last =
                    sessions.isEmpty() ? null : sessions.getLast().getLast();
            if (last == null
                    || !last.user().equals(click.user())
                    || Duration.between(last.at(), click.at()).compareTo(Duration.ofMinutes(30)) > 0) {
                sessions.add(new ArrayList<>());
            }
            sessions.getLast().add(click);
        }
        List<String> expected = sessions.stream()
                .map(session -> "%s|%d|%d|%d|%d|%s|%s|%s"
                        .formatted(
                                session.getFirst().user(),
                                session.getFirst().at().getEpochSecond(),
                                seconds(
                                        session.getFirst().at(),
                                        session.getLast().at()),
                                session.size(),
                                session.stream()
                                        .filter(click -> click.action().equals("purchase"))
                                        .count(),
                                session.getFirst().page(),
                                session.getLast().page(),
                                session.size() == 1))
                .toList();
        assertThat(
                        wadi.rows(
                                TableName.parse("gold.fact_sessions"),
                                "user_id, CAST(epoch(started_at) AS BIGINT), duration_seconds, events, purchases, entry_page, exit_page, bounced"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static long seconds(Instant from, Instant to) {
        return Objects.requireNonNull(Duration.between(from, to)).toSeconds();
    }
}
