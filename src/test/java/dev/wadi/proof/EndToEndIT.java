package dev.wadi.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wadi.parts.RabbitMqServer;
import dev.wadi.proof.Parcel.Form;
import dev.wadi.proof.Parcel.Item;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 20,000 mixed events go in by HTTP and AMQP in every form the doors take: duplicates, updates of bookings in any order,
 * 2 % that do not fit. Then bronze, silver, gold, quarantine and KPIs are compared with a {@link Model}. Give
 * {@code -Dwadi.seed=N} to repeat a run.
 */
class EndToEndIT {
    private static final int EVENTS = 20_000;
    private static final int DUPLICATES = 1_200;
    private static final int MALFORMED = EVENTS / 50;
    private static final int SENDERS = 3;
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(120);

    enum Broker {
        EMBEDDED,
        RABBITMQ
    }

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Model model = new Model();

    @ParameterizedTest(name = "with broker {0}")
    @EnumSource(Broker.class)
    @Timeout(900)
    void twenty_thousand_mixed_events_become_the_tables_and_kpis_that_the_model_computes(Broker broker)
            throws Exception {
        System.out.println("EndToEndIT " + broker + ": -Dwadi.seed=" + seed);
        try (RabbitMqServer rabbit = broker == Broker.RABBITMQ ? RabbitMqServer.start() : null;
                WadiProcess wadi =
                        new WadiProcess(folder, rabbit == null ? Map.of() : Map.of("RABBITMQ_URI", rabbit.uri()))) {
            wadi.start();
            String amqp = rabbit == null ? wadi.embeddedAmqp() : rabbit.uri();
            LakeReader lake = new LakeReader(wadi.lake());
            List<Parcel> parcels = parcels();

            Sender.Outcome sent = send(wadi, amqp, parcels.subList(0, parcels.size() / 2));
            Map<Object, Object> keysAtHalf = awaitProductKeys(lake);
            sent.add(send(wadi, amqp, parcels.subList(parcels.size() / 2, parcels.size())));

            assertThat(Eventually.same(DRAINED_WITHIN, () -> differences(wadi, lake, sent)))
                    .as("tables, seed %d\n%s", seed, wadi.tail())
                    .isEmpty();
            assertThat(LakeCheck.keys(lake, "gold.dim_product", "product_id", "product_key"))
                    .as("surrogate keys stay, seed %d", seed)
                    .containsAllEntriesOf(keysAtHalf);
            numbersAddUp(wadi, sent);
            kpisEqualTheOracle(wadi);
            assertThat(wadi.stop()).as("a stop in order").isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Tables are read whole only once they have the right number of rows. */
    private List<String> differences(WadiProcess wadi, LakeReader lake, Sender.Outcome sent) throws Exception {
        long bronze = rows(wadi, "bronze.clickstream") + rows(wadi, "bronze.bookings");
        long silver = rows(wadi, "silver.clickstream") + rows(wadi, "silver.bookings");
        long expected = model.clicks().size() + model.bookings().size();
        long quarantine = quarantined(wadi, "bronze.clickstream") + quarantined(wadi, "bronze.bookings");
        long bad = sent.documents(Sample.CLICKSTREAM).size()
                + sent.documents(Sample.BOOKINGS).size();
        if (bronze == model.distinct() && silver == expected && quarantine == bad) {
            return LakeCheck.all(lake, model);
        }
        return List.of("bronze has %d rows, not %d; silver %d, not %d; quarantine %d, not %d"
                .formatted(bronze, model.distinct(), silver, expected, quarantine, bad));
    }

    /** Every event that was sent is in bronze, or a duplicate of one, or quarantined, or was refused. */
    private void numbersAddUp(WadiProcess wadi, Sender.Outcome sent) throws Exception {
        for (String stream : List.of(Sample.CLICKSTREAM, Sample.BOOKINGS)) {
            assertThat(quarantined(wadi, "bronze." + stream))
                    .as("different bad documents of " + stream)
                    .isEqualTo(sent.documents(stream).size());
        }
        assertThat(sent.accepted).as("accepted").isEqualTo(model.accepted());
        long bronze = rows(wadi, "bronze.clickstream") + rows(wadi, "bronze.bookings");
        assertThat(bronze).as("distinct events in bronze").isEqualTo(model.distinct());
        long duplicates = sent.accepted - model.distinct();
        assertThat(bronze + duplicates + sent.quarantined + sent.refused)
                .as("sent")
                .isEqualTo(EVENTS);
        Map<String, Double> meters = new TreeMap<>();
        for (String result : List.of("received", "merged", "stale", "duplicate", "quarantined")) {
            meters.put(result, meter(wadi, result));
        }
        assertThat(meters)
                .as("the meters of bronze")
                .containsEntry("received", (double) sent.accepted + sent.quarantined)
                .containsEntry("merged", (double) model.distinct())
                .containsEntry("stale", 0.0)
                .containsEntry("duplicate", (double) duplicates)
                .containsEntry("quarantined", (double) sent.quarantined);
        System.out.printf(
                "EndToEndIT: sent %,d = bronze %,d + duplicates %,d + quarantined %,d + refused %,d%n",
                EVENTS, bronze, duplicates, sent.quarantined, sent.refused);
    }

    private static long quarantined(WadiProcess wadi, String table) throws IOException, InterruptedException {
        JsonNode answer =
                wadi.http().get("/api/quarantine?limit=1000&table=" + table).json();
        for (JsonNode row : answer.path("rows")) {
            assertThat(row.path("reason").asText()).as("reason in %s", row).isNotEmpty();
            assertThat(row.hasNonNull("payload")).as("payload in %s", row).isTrue();
            assertThat(row.path("source").asText()).as("source in %s", row).isNotEmpty();
        }
        return answer.path("total").asLong();
    }

    /** Rows of both bronze tables by what became of them, as the meters say. */
    private static double meter(WadiProcess wadi, String result) throws IOException, InterruptedException {
        return wadi.http()
                .get("/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("wadi_merge_rows_total{")
                        && line.contains("result=\"" + result + "\"")
                        && (line.contains("table=\"bronze.clickstream\"")
                                || line.contains("table=\"bronze.bookings\"")))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static long rows(WadiProcess wadi, String table) throws IOException, InterruptedException {
        return wadi.http().get("/api/tables/" + table).json().path("rows").asLong(-1);
    }

    private void kpisEqualTheOracle(WadiProcess wadi) throws Exception {
        KpiOracle oracle = new KpiOracle(model);
        for (KpiOracle.Question question : questions()) {
            Http.Answer answer = wadi.http().get(question.path());
            assertThat(answer.status())
                    .as("%s\n%s", question.path(), answer.body())
                    .isEqualTo(200);
            Map<String, BigDecimal> expected = oracle.answer(question);
            Map<String, BigDecimal> actual = KpiOracle.read(question, answer.json());
            assertThat(actual.keySet())
                    .as("groups of %s, seed %d", question.path(), seed)
                    .isEqualTo(expected.keySet());
            expected.forEach((group, value) -> assertThat(actual.get(group))
                    .as("%s of %s, seed %d", group, question.path(), seed)
                    .isCloseTo(value, org.assertj.core.data.Offset.offset(new BigDecimal("0.0051"))));
            String etag = answer.headers().firstValue("ETag").orElseThrow();
            assertThat(wadi.http().get(question.path(), "If-None-Match", etag).status())
                    .as("the same question again")
                    .isEqualTo(304);
        }
    }

    private static List<KpiOracle.Question> questions() {
        List<KpiOracle.Question> questions = new ArrayList<>();
        for (String kpi : List.of("revenue", "orders", "average-order-value")) {
            questions.add(ask(kpi, null, List.of(), List.of()));
            questions.add(ask(kpi, "day", List.of("currency"), List.of()));
            questions.add(ask(kpi, "week", List.of("product_type", "segment"), List.of("country:in:DE,FR")));
            questions.add(ask(kpi, "month", List.of("destination"), List.of("currency:eq:EUR", "status:ne:created")));
            questions.add(ask(kpi, "year", List.of("agency", "currency"), List.of("product_type:eq:hotel")));
        }
        questions.add(ask("active-users", null, List.of(), List.of()));
        questions.add(ask("active-users", "day", List.of("device"), List.of()));
        questions.add(ask("active-users", "week", List.of("country"), List.of("device:ne:tablet")));
        questions.add(ask("active-users", "month", List.of(), List.of("country:in:AE,US")));
        questions.add(ask("events", null, List.of("action"), List.of()));
        questions.add(ask("events", "day", List.of(), List.of("action:eq:purchase")));
        questions.add(ask("events", "month", List.of("action"), List.of("action:ne:login")));
        return questions;
    }

    private static KpiOracle.Question ask(String kpi, @Nullable String grain, List<String> by, List<String> where) {
        return new KpiOracle.Question(
                kpi, Sample.FIRST_DAY.plusDays(2), Sample.FIRST_DAY.plusDays(Sample.DAYS - 3), grain, by, where);
    }

    private static Map<Object, Object> awaitProductKeys(LakeReader lake) throws Exception {
        assertThat(Eventually.same(
                        DRAINED_WITHIN,
                        () -> lake.rows("gold.dim_product").size() < 2 ? List.of("no product in gold yet") : List.of()))
                .isEmpty();
        return LakeCheck.keys(lake, "gold.dim_product", "product_id", "product_key");
    }

    private Sender.Outcome send(WadiProcess wadi, String amqp, List<Parcel> parcels) throws Exception {
        for (Parcel parcel : parcels) {
            accept(parcel);
        }
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<Sender.Outcome>> parts = new ArrayList<>();
            for (int part = 0; part < SENDERS; part++) {
                int first = part;
                Callable<Sender.Outcome> task = () -> {
                    try (Sender sender = new Sender(wadi.http(), amqp)) {
                        for (int i = first; i < parcels.size(); i += SENDERS) {
                            sender.send(parcels.get(i));
                        }
                        sender.flush();
                        return sender.outcome();
                    }
                };
                parts.add(threads.submit(task));
            }
            Sender.Outcome sum = new Sender.Outcome();
            for (Future<Sender.Outcome> part : parts) {
                sum.add(part.get());
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }

    /** A CloudEvent is the same as another by its id; of the others, the document is all there is. */
    private void accept(Parcel parcel) {
        for (Item item : parcel.goodOnly().items()) {
            Object identity = parcel.form().cloudEvents() ? item.cloudEventId() : item.text();
            model.accept(parcel.stream(), item.event(), identity);
        }
    }

    /** {@link #EVENTS} events in random order, cut into parcels of every form. */
    private List<Parcel> parcels() {
        Sample sample = new Sample(seed);
        List<ObjectNode> clicks = new ArrayList<>();
        List<ObjectNode> bookings = new ArrayList<>();
        int distinct = EVENTS - DUPLICATES - MALFORMED;
        while (clicks.size() < distinct * 3 / 5) {
            clicks.add(sample.click());
        }
        // The newest state of each booking: only from there does an update have a time of its own.
        List<ObjectNode> newest = new ArrayList<>();
        while (clicks.size() + bookings.size() < distinct) {
            if (newest.isEmpty() || random.nextInt(3) == 0) {
                newest.add(sample.booking());
                bookings.add(newest.getLast());
            } else {
                int which = random.nextInt(newest.size());
                newest.set(which, sample.update(newest.get(which)));
                bookings.add(newest.get(which));
            }
        }
        List<Parcel> parcels = new ArrayList<>();
        parcels.addAll(cut(Sample.CLICKSTREAM, items(sample, clicks)));
        parcels.addAll(cut(Sample.BOOKINGS, items(sample, bookings)));
        Collections.shuffle(parcels, random);
        return parcels;
    }

    private List<Item> items(Sample sample, List<ObjectNode> events) {
        List<Item> items = new ArrayList<>();
        events.forEach(event -> items.add(new Item(event.toString(), true)));
        for (int i = 0; i < DUPLICATES / 2; i++) {
            items.add(items.get(random.nextInt(events.size())));
        }
        for (int i = 0; i < MALFORMED / 2; i++) {
            boolean noise = i % 5 == 0;
            String text = noise
                    ? new String(sample.noise(), StandardCharsets.UTF_8)
                    : sample.spoil(events.get(random.nextInt(events.size()))).toString();
            items.add(new Item(text, false));
        }
        Collections.shuffle(items, random);
        return items;
    }

    private List<Parcel> cut(String stream, List<Item> items) {
        List<Parcel> parcels = new ArrayList<>();
        Form[] forms = Form.values();
        int turn = 0;
        for (int i = 0; i < items.size(); ) {
            // Half of the parcels hold one event, so that the costly single ones meet all the rest.
            Form form = turn++ % 3 > 0 ? single(turn) : forms[random.nextInt(forms.length)];
            List<Item> load = new ArrayList<>();
            int size = 1 + random.nextInt(form.size);
            while (load.size() < size && i < items.size()) {
                load.add(items.get(i++));
            }
            boolean noise =
                    load.stream().anyMatch(item -> !item.good() && !item.text().endsWith("}"));
            Form fit = noise && !form.carriesNoise() ? Form.AMQP_NDJSON : form;
            parcels.add(new Parcel(stream, fit, load));
        }
        return parcels;
    }

    private static Form single(int turn) {
        return turn % 2 == 0 ? Form.HTTP_OBJECT : Form.AMQP_OBJECT;
    }
}
