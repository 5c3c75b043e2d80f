package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.local.Settings;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lint} and {@code try} on a copy of what Wadi ships. */
class LintAndTryTest {
    private static final String BOOKING = """
            {"booking_id":"b1","agency_id":"a1","agency_name":"Trips","customer":{"id":"c1","name":"Ada","country":"se","segment":"leisure"},\
            "product":{"id":"p1","name":"Rome","type":"flight","destination":"Rome"},"quantity":2,"unit_price":1.5,"currency":"EUR",\
            "amount":3,"status":"created","booked_at":"2026-11-20T09:00:00Z","travel_date":"2026-12-24","updated_at":"2026-11-20T09:00:00Z"}
            """;

    @TempDir
    Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void copy() throws IOException {
        for (String folder : new String[] {"routes", "schemas"}) {
            try (Stream<Path> all = Files.walk(Path.of(folder))) {
                for (Path each : all.filter(Files::isRegularFile).toList()) {
                    Path copy = root.resolve(each.toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(each, copy);
                }
            }
        }
    }

    @Test
    void whatIsShippedIsRight() {
        assertThat(lint(false)).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(root.resolve("data")).doesNotExist();
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsPlace() throws Exception {
        change("routes/ingest/bookings.camel.yaml", "prefetch:", "prefetsch:");
        change("routes/transform/dim_customer.sql", "silver.booking_states", "silver.boking_states");
        change("schemas/kpis/revenue.kpi.yaml", "grains:", "grians:");
        assertThat(lint(true)).isEqualTo(1);
        JsonNode mistakes = new ObjectMapper()
                .readTree(out.toString(StandardCharsets.UTF_8))
                .get("mistakes");
        assertThat(mistakes.findValuesAsText("file"))
                .anyMatch(file -> file.endsWith("bookings.camel.yaml"))
                .anyMatch(file -> file.endsWith("revenue.kpi.yaml"));
        assertThat(mistakes.findValuesAsText("message")).anyMatch(text -> text.contains("write prefetch"));
        for (JsonNode mistake : mistakes) {
            if (mistake.get("file").asText().endsWith(".camel.yaml")) {
                assertThat(mistake.get("line").asInt()).isPositive();
            }
        }
    }

    @Test
    void whatRestsOnABrokenContractIsNotToldWrongly() throws Exception {
        change("schemas/tables/silver.bookings.odcs.yaml", "primaryKey: true", "primaryKye: true");
        assertThat(lint(false)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains(".camel.yaml") || line.contains(".sql"))
                .isEmpty();
    }

    @Test
    void aRouteIsTriedOnAFileOfEvents() throws Exception {
        Path events = Files.writeString(root.resolve("b.ndjson"), BOOKING + "nonsense\n");
        assertThat(attempt("land-bookings", events))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("bronze.bookings: 1 rows")
                .contains("refused: 1")
                .contains(events + ":2: malformed for bronze.bookings");
    }

    @Test
    void aTransformIsTriedOnTheEventsOfItsTable() throws Exception {
        Path events = Files.writeString(root.resolve("b.ndjson"), BOOKING);
        assertThat(attempt("clean-bookings", events))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("silver.bookings: 1 rows")
                .contains("\"customer_country\":\"SE\"");
    }

    private void change(String name, String from, String to) throws IOException {
        Path file = root.resolve(name);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(from), to));
    }

    private int lint(boolean json) {
        return new LintDesk(new PrintStream(out, true, StandardCharsets.UTF_8), System.err).run(settings(), json);
    }

    private int attempt(String route, Path input) {
        return new TryDesk(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(settings(), route, Optional.of(input), false);
    }

    private Settings settings() {
        try (Environment environment = ApplicationContext.builder()
                .deduceEnvironment(false)
                .propertySources(PropertySource.of(Map.of(
                        "wadi.routes-dir", root.resolve("routes").toString(),
                        "wadi.schemas-dir", root.resolve("schemas").toString(),
                        "wadi.data-dir", root.resolve("data").toString())))
                .build()
                .getEnvironment()
                .start()) {
            return Settings.read(environment);
        }
    }
}
