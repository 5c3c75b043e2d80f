package dev.wadi.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.Transforms;
import dev.wadi.merge.Via;
import dev.wadi.route.Flow;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped tables of bookings, filled through the intake by a route of a test. Repeat a run with {@code -Dwadi.seed=N}. */
class WhyTest {
    private static final TableName BRONZE = new TableName("bronze", "bookings");
    private static final TableName SILVER = new TableName("silver", "bookings");
    private static final TableName STATES = new TableName("silver", "booking_states");
    private static final TableName ORDERS = new TableName("gold", "fact_orders");
    private static final TableName PRODUCTS = new TableName("gold", "dim_product");
    private static final Via ROUTE = new Via("rabbitmq:events.bookings", "land-bookings", "0123456789ab");

    @TempDir
    Path folder;

    private final Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
    private final List<Transforms.Transform> transforms = new ArrayList<>();
    private MergeInProcess lake;
    private Freshness freshness;
    private Tracing tracing;
    private Why why;

    @BeforeEach
    void open() throws Exception {
        transform("clean", BRONZE, SILVER, "silver_bookings.sql");
        transform("keep", BRONZE, STATES, "silver_bookings.sql");
        transform("record", STATES, PRODUCTS, "dim_product.sql");
        transform("record", STATES, ORDERS, "fact_orders.sql");
        lake = new MergeInProcess(folder, contracts, "200MB", 1, "32MB");
        contracts.all().forEach(contract -> lake.lake().table(contract));
        Lineage lineage = new Lineage(transforms.stream()
                .map(each -> new Flow(each.id(), each.source(), each.target(), each.sql()))
                .toList());
        freshness = new Freshness(lake.lake(), lake.intakes(), lake.transforms(), lake.commits(), () -> lineage);
        tracing = new Tracing(lake.lake(), lake.reader(), lake.duckDb(), contracts, freshness);
        why = new Why(lake.lake(), lake.reader(), lake.duckDb(), contracts, freshness, lake.transforms(), tracing);
    }

    private void transform(String id, TableName from, TableName to, String query) throws Exception {
        transforms.add(new Transforms.Transform(
                id, from, to, Files.readString(Path.of("routes", "transform").resolve(query))));
    }

    @AfterEach
    void close() throws Exception {
        freshness.close();
        lake.close();
    }

    /** An event of a booking; two of the same are one to bronze. */
    private record Event(String id, int minute, int amount) {
        String json() {
            return """
                    {"booking_id": "%s", "agency_id": "A1", "agency_name": "Atlas", "customer": {"id": "C1"},
                     "product": {"id": "P1", "type": "hotel", "name": "Inn"}, "quantity": 1, "unit_price": %d, "currency": "EUR",
                     "amount": %d, "status": "created", "booked_at": "2026-11-01T10:00:00Z",
                     "updated_at": "2026-11-01T10:%02d:00Z"}""".formatted(id, amount, amount, minute);
        }
    }

    private void land(String position, String json) throws Exception {
        lake.intake(BRONZE)
                .submit(new Delivery(json.getBytes(UTF_8), "application/json", ROUTE.door(), position, Instant.now())
                        .by(ROUTE))
                .get();
    }

    private void settle() {
        transforms.forEach(lake::run);
    }

    private Told why(TableName table, String key) {
        return why.why(RowKey.read(contracts.get(table), key));
    }

    private Traced trace(TableName table, String key) {
        return tracing.trace(RowKey.read(contracts.get(table), key), null, 100, 0);
    }

    @Test
    void each_event_has_its_verdict_and_the_winner_is_the_row() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("WhyTest: -Dwadi.seed=" + seed);
        Random random = new Random(seed);
        List<Event> came = new ArrayList<>();
        for (int n = 0; n < 120; n++) {
            Event event = new Event("B" + random.nextInt(8), random.nextInt(6), 10 + random.nextInt(3));
            if (!came.contains(event)) {
                land("m" + came.size(), event.json());
                came.add(event);
            }
            if (random.nextInt(6) == 0) {
                settle();
            }
        }
        settle();
        for (String id : came.stream().map(Event::id).distinct().toList()) {
            List<Event> of =
                    came.stream().filter(event -> event.id().equals(id)).toList();
            Told told = why(SILVER, id);
            String label = "seed %d %s: %s".formatted(seed, id, told);
            assertThat(told.agrees()).as(label).isTrue();
            assertThat(told.events()).as(label).hasSize(of.size());
            int newest = of.stream().mapToInt(Event::minute).max().orElseThrow();
            Event winner = of.stream()
                    .filter(event -> event.minute() == newest)
                    .min(Comparator.comparing(came::indexOf))
                    .orElseThrow();
            Told.Event won = told.events().stream()
                    .filter(event -> event.verdict() == Told.Verdict.WON)
                    .reduce((one, other) -> {
                        throw new AssertionError(label);
                    })
                    .orElseThrow();
            Map<String, ?> row = told.rows().getFirst();
            assertThat(won.position())
                    .as(label)
                    .isEqualTo("m" + came.indexOf(winner))
                    .isEqualTo(row.get("position"));
            assertThat(row.get("amount")).as(label).isEqualTo(new BigDecimal(winner.amount() + ".00"));
            for (Told.Event event : told.events()) {
                Event is = came.get(
                        Integer.parseInt(String.valueOf(event.position()).substring(1)));
                if (is.minute() == newest && is != winner) {
                    assertThat(event.verdict()).as(label + event).isEqualTo(Told.Verdict.TIED);
                    assertThat(event.lostTo()).isEqualTo(new Told.Place(won.source(), won.position()));
                } else if (is != winner) {
                    assertThat(event.verdict()).as(label + event).isIn(Told.Verdict.STALE, Told.Verdict.TIED);
                }
                assertThat(event.event()).as(label).isNotNull();
            }
            assertThat(told.events().stream()
                            .map(event -> String.valueOf(event.sequence().get("updated_at"))))
                    .as(label)
                    .isSorted();
        }
    }

    @Test
    void what_quarantine_refused_of_a_key_is_told() throws Exception {
        land("m0", new Event("B1", 1, 10).json());
        settle();
        land("m1", new Event("B1", 1, 11).json());
        settle();
        land("m2", new Event("B1", 2, 12).json());
        land("m3", new Event("B1", 3, 13).json().replace("\"created\"", "\"lost\""));
        land("m4", new Event("B2", 3, 13).json().replace("\"created\"", "\"lost\""));
        settle();

        Told told = why(SILVER, "B1");

        Map<Object, Told.Verdict> verdicts =
                told.events().stream().collect(Collectors.toMap(Told.Event::position, Told.Event::verdict));
        assertThat(verdicts)
                .isEqualTo(Map.of(
                        "m0", Told.Verdict.STALE,
                        "m1", Told.Verdict.TIED,
                        "m2", Told.Verdict.WON,
                        "m3", Told.Verdict.REFUSED));
        assertThat(told.events().stream()
                        .filter(event -> event.verdict() == Told.Verdict.REFUSED)
                        .map(Told.Event::reason))
                .singleElement()
                .asString()
                .contains("status");
        assertThat(told.agrees()).isTrue();
    }

    @Test
    void a_number_is_followed_back_to_the_message() throws Exception {
        land("m0", new Event("B1", 1, 10).json());
        land("m1", new Event("B1", 2, 12).json());
        settle();

        Traced fact = trace(ORDERS, "bookings,B1");
        assertThat(fact.rows()).hasSize(1);
        assertThat(fact.from()).extracting(Traced.Source::table).contains(STATES);
        Traced.Source states = source(fact, STATES);
        assertThat(states.total()).isEqualTo(2);
        assertThat(source(fact, new TableName("silver", "orders")).rows()).isEmpty();

        Traced state = trace(STATES, "B1,2026-11-01T10:02:00Z");
        Map<String, ?> event = source(state, BRONZE).rows().getFirst();
        Traced message = trace(BRONZE, String.valueOf(event.get("event_id")));
        Traced.Event from = requireNonNull(message.rows().getFirst().event());
        assertThat(from.source()).isEqualTo(ROUTE.door());
        assertThat(from.position()).isEqualTo("m1");
        assertThat(from.route()).isEqualTo(ROUTE.route());
        assertThat(from.routeVersion()).isEqualTo(ROUTE.version());
        assertThat(message.notKnown()).isEmpty();
        assertThat(requireNonNull(state.rows().getFirst().written()).by()).isEqualTo("keep");
    }

    private static Traced.Source source(Traced traced, TableName table) {
        return traced.from().stream()
                .filter(source -> source.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void gold_is_told_by_the_rows_it_is_made_from() throws Exception {
        land("m0", new Event("B1", 1, 10).json());
        land("m1", new Event("B1", 2, 12).json());
        settle();
        String product = trace(STATES, "B1,2026-11-01T10:02:00Z")
                        .rows()
                        .getFirst()
                        .values()
                        .get("product_id") + "";
        assertThat(product).isEqualTo("P1");

        Told told = why(ORDERS, "bookings,B1");

        assertThat(told.decidedIn())
                .extracting(Told.Ref::table)
                .containsOnly(STATES)
                .hasSize(2);
        assertThat(told.events()).extracting(Told.Event::position).containsExactlyInAnyOrder("m0", "m1");
        assertThat(told.rows()).hasSize(1);
    }

    @Test
    void what_a_transform_has_not_read_yet_is_said() throws Exception {
        land("m0", new Event("B1", 1, 10).json());
        settle();
        land("m1", new Event("B1", 2, 12).json());

        Told told = why(SILVER, "B1");

        assertThat(told.events()).extracting(Told.Event::position).containsExactly("m0");
        assertThat(told.notKnown()).singleElement().asString().contains("clean", "version 1 of 2");
        assertThat(told.agrees()).isTrue();
    }

    @Test
    void a_wrong_key_says_what_to_write() {
        assertThatThrownBy(() -> why(STATES, "B1"))
                .isInstanceOf(RowKey.WrongKeyException.class)
                .hasMessageContaining("booking_id,updated_at");
        assertThatThrownBy(() -> why(STATES, "B1,yesterday"))
                .isInstanceOf(RowKey.WrongKeyException.class)
                .hasMessageContaining("'yesterday' is no value of updated_at");
        assertThat(RowKey.read(contracts.get(STATES), "a\\,b\\\\,c").texts()).containsExactly("a,b\\", "c");
        assertThat(Optional.of(why(SILVER, "nobody").events())).contains(List.of());
    }
}
