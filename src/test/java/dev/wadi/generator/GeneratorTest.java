package dev.wadi.generator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.Contracts;
import dev.wadi.event.Decoded;
import dev.wadi.event.EventDecoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    enum Kind {
        BOOKINGS("booking_id", "updated_at", BookingEvents::new, BookingEvents::texts),
        CLICKSTREAM("session_id", "event_time", ClickstreamEvents::new, ClickstreamEvents::texts);

        private interface Texts {
            Stream<String> texts(Options options, long count);
        }

        private final String thread;
        private final String time;
        private final Function<Options, Iterator<SyntheticEvent>> events;
        private final Texts texts;

        Kind(String thread, String time, Function<Options, Iterator<SyntheticEvent>> events, Texts texts) {
            this.thread = thread;
            this.time = time;
            this.events = events;
            this.texts = texts;
        }

        List<SyntheticEvent> first(int count, Options options) {
            Iterator<SyntheticEvent> iterator = events.apply(options);
            return Stream.generate(iterator::next).limit(count).toList();
        }

        List<String> texts(int count, Options options) {
            return texts.texts(options, count).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_same_seed_gives_the_same_texts_and_another_seed_others(Kind kind) {
        Options options = new Options(7, START, 0.05, 0.05, 0.02);

        List<SyntheticEvent> first = kind.first(5_000, options);
        List<SyntheticEvent> again = kind.first(5_000, options);
        assertThat(again).isEqualTo(first);
        assertThat(kind.texts(5_000, options))
                .isEqualTo(kind.first(5_000, options).stream()
                        .map(SyntheticEvent::text)
                        .toList());
        Set<String> others = new HashSet<>(kind.texts(5_000, new Options(8, START, 0.05, 0.05, 0.02)));
        assertThat(kind.texts(5_000, options)).noneMatch(others::contains);
    }

    @ParameterizedTest
    @EnumSource
    void every_event_but_the_malformed_fits_its_contract(Kind kind) {
        EventDecoder decoder = decoder(kind);
        for (SyntheticEvent event : kind.first(20_000, new Options(11, START, 0.05, 0.05, 0.05))) {
            Decoded decoded = decoder.decode(event.text().getBytes(StandardCharsets.UTF_8), "application/json");
            assertThat(decoded.events().size())
                    .as("%s %s %s", event.fault(), event.text(), decoded.refusals())
                    .isEqualTo(event.fault() == Fault.MALFORMED ? 0 : 1);
            assertThat(decoded.events().size() + decoded.refusals().size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_event_is_one_line(Kind kind) {
        assertThat(kind.texts(2_000, new Options(11, START, 0.05, 0.05, 0.05)))
                .noneMatch(text -> text.contains("\n"))
                .allSatisfy(text -> assertThat(json(text).isObject()).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void without_faults_events_come_once_and_in_order_of_time(Kind kind) {
        List<String> texts = kind.texts(20_000, Options.clean(3, START));

        assertThat(new HashSet<>(texts)).hasSize(20_000);
        List<Instant> times = texts.stream()
                .map(text -> Instant.parse(json(text).get(kind.time).asText()))
                .toList();
        assertThat(times).isSorted().first().isEqualTo(START);
        assertThat(kind.first(20_000, Options.clean(3, START)))
                .extracting(SyntheticEvent::fault)
                .containsOnly(Fault.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void faults_come_at_the_rates_asked_for(Kind kind) {
        int count = 50_000;
        List<SyntheticEvent> events = kind.first(count, new Options(5, START, 0.10, 0.20, 0.02));

        Map<Fault, Long> counts =
                events.stream().collect(Collectors.groupingBy(SyntheticEvent::fault, Collectors.counting()));
        // a copy is one more event: 10 of 110
        assertThat(counts.getOrDefault(Fault.DUPLICATE, 0L) / (double) count).isCloseTo(0.10 / 1.10, within(0.01));
        assertThat(counts.getOrDefault(Fault.MALFORMED, 0L) / (double) count).isCloseTo(0.02 / 1.10, within(0.005));
        // of those that have a successor: about half of the bookings' events, most of a session's
        assertThat(counts.getOrDefault(Fault.REORDERED, 0L) / (double) count).isBetween(0.06, 0.20);
    }

    @ParameterizedTest
    @EnumSource
    void faults_change_how_the_story_arrives_and_not_what_it_tells(Kind kind) {
        Set<String> clean = new HashSet<>(kind.texts(40_000, Options.clean(9, START)));
        List<SyntheticEvent> arrived = kind.first(20_000, new Options(9, START, 0.10, 0.20, 0));

        assertThat(arrived).allMatch(event -> clean.contains(event.text()));
        Map<String, Instant> latest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (SyntheticEvent event : arrived) {
            JsonNode json = json(event.text());
            Instant time = Instant.parse(json.get(kind.time).asText());
            Instant before = latest.getOrDefault(json.get(kind.thread).asText(), Instant.MIN);
            switch (event.fault()) {
                case NONE ->
                    assertThat(seen.add(event.text()) && time.isAfter(before)).isTrue();
                case DUPLICATE -> seen.add(event.text());
                case REORDERED -> assertThat(time).isBefore(before);
                case MALFORMED -> throw new AssertionError(event);
            }
            latest.merge(json.get(kind.thread).asText(), time, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    @ParameterizedTest
    @EnumSource
    void more_than_50_000_events_are_made_in_a_second(Kind kind) {
        kind.texts(50_000, Options.clean(1, START));
        // the time of a processor: others may be busy here
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();

        kind.texts(100_000, new Options(2, START, 0.05, 0.05, 0.02));

        double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
        assertThat(seconds).isLessThan(2);
    }

    @Test
    void a_booking_goes_from_created_to_confirmed_or_cancelled_and_its_amount_is_exact() {
        Map<String, List<JsonNode>> bookings = new HashMap<>();
        for (String text : BookingEvents.texts(Options.clean(4, START), 60_000).toList()) {
            JsonNode event = json(text);
            bookings.computeIfAbsent(event.get("booking_id").asText(), id -> new ArrayList<>())
                    .add(event);
            BigDecimal price = event.get("unit_price").decimalValue();
            assertThat(price.multiply(BigDecimal.valueOf(event.get("quantity").asLong())))
                    .isEqualByComparingTo(event.get("amount").decimalValue())
                    .isPositive();
        }
        Map<String, Long> ways = bookings.values().stream()
                .map(events -> events.stream()
                        .sorted(Comparator.comparing(
                                event -> event.get("updated_at").asText()))
                        .map(event -> event.get("status").asText())
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(ways)
                .containsOnlyKeys("created", "created confirmed", "created cancelled", "created confirmed cancelled");
        assertThat(ways.get("created confirmed")).isGreaterThan(bookings.size() / 2);
        assertThat(bookings.values())
                .allSatisfy(events -> assertThat(events.stream()
                                .map(event -> event.get("booked_at").asText())
                                .distinct())
                        .hasSize(1));
    }

    @Test
    void visitors_go_down_a_funnel() {
        Map<String, Long> actions = ClickstreamEvents.texts(Options.clean(4, START), 50_000)
                .map(text -> json(text).get("action").asText())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(actions).containsOnlyKeys("login", "search", "view_product", "add_to_cart", "purchase", "logout");
        assertThat(actions.get("view_product")).isGreaterThan(actions.get("add_to_cart"));
        assertThat(actions.get("add_to_cart")).isGreaterThan(actions.get("purchase"));
        assertThat(actions.get("purchase")).isPositive();
    }

    @Test
    void a_night_is_quieter_than_a_day() {
        Instant night = Instant.parse("2026-03-01T02:00:00Z");
        Instant day = Instant.parse("2026-03-01T19:00:00Z");

        assertThat(lastTime(night))
                .isAfter(night.plusSeconds(3 * (lastTime(day).getEpochSecond() - day.getEpochSecond())));
    }

    @Test
    void a_rate_that_is_no_share_is_refused_with_an_example() {
        assertThatThrownBy(() -> new Options(1, START, 0, 0, 2))
                .hasMessageContaining("malformed")
                .hasMessageContaining("for 2% write 0.02");
        assertThatThrownBy(() -> new Options(1, START, Double.NaN, 0, 0)).hasMessageContaining("duplicates");
    }

    private static Instant lastTime(Instant start) {
        return Instant.parse(json(ClickstreamEvents.texts(Options.clean(1, start), 3_000)
                        .reduce((first, second) -> second)
                        .orElseThrow())
                .get("event_time")
                .asText());
    }

    private static EventDecoder decoder(Kind kind) {
        Contracts contracts = Contracts.load(Path.of("schemas/tables"));
        String stream = kind == Kind.BOOKINGS ? "bookings" : "clickstream";
        return new EventDecoder(
                requireNonNull(contracts.stream(stream).orElseThrow().event()));
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
