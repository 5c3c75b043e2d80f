package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.merge.ShippedLake;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of raw events of three sources, out of order, twice, corrected and too late, go through the shipped transforms; then
 * hundreds of random questions are answered as loops over the raw events answer them ({@link KpiModel}). Repeat a run with
 * {@code -Dwadi.seed=N}.
 */
class KpiModelTest {
    private static final int EVENTS = 12_000;
    private static final int BATCHES = 6;
    private static final int QUESTIONS = 600;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Contracts CONTRACTS = Contracts.load(Path.of("schemas", "tables"));

    @TempDir
    Path folder;

    @Test
    void every_answer_is_what_the_raw_events_say() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("KpiModelTest: -Dwadi.seed=" + seed);
        Random random = new Random(seed);
        KpiEvents events = new KpiEvents(random);
        events.some(EVENTS);
        Kpis kpis = Kpis.load(Path.of("schemas", "kpis"), CONTRACTS);
        try (ShippedLake lake = new ShippedLake(folder)) {
            land(lake, events, random);
            Answers answers = new Answers(new LakeReading(lake.reader()));
            Answers summing = new Answers(new LakeReading(lake.reader()), Duration.ofSeconds(30), 0);
            KpiModel model = new KpiModel(events);
            int compared = 0;
            long cells = 0;
            for (int n = 0; n < QUESTIONS; n++) {
                KpiModel.Asked asked = model.ask(random);
                Question question = QuestionReader.read(
                        kpis.find(asked.kpi()).orElseThrow(), asked.parameters(), Clock.systemUTC(), Claims.OPEN);
                Answer answer = answers.answer(question).answer();
                String label = "seed %d, question %d: %s".formatted(seed, n, question.text());
                same(answer, model.answer(asked), model.off(asked), label);
                Answer summed = summing.answer(question).answer();
                same(summed, model.answer(asked), model.off(asked), "summed early, " + label);
                assertThat(summed.columns()).as(label).isEqualTo(answer.columns());
                compared += answer.rows().size();
                if (!answer.rows().isEmpty()) {
                    cells += facts(lake, answers, question, answer, random, seed);
                }
            }
            System.out.printf("%d facts behind cells%n", cells);
            System.out.printf("%d events, %d questions, %d rows compared%n", events.count(), QUESTIONS, compared);
            assertThat(compared).isGreaterThan(QUESTIONS);
        }
    }

    /**
     * The facts of a cell, taken by pages and found again in their table by key alone, make its value; and those of all cells are
     * all facts.
     */
    private static long facts(
            ShippedLake lake, Answers answers, Question question, Answer answer, Random random, long seed)
            throws Exception {
        TableName table = question.kpi().table();
        List<String> key = CONTRACTS.get(table).primaryKey();
        List<@Nullable Object> row =
                answer.rows().get(random.nextInt(answer.rows().size()));
        Cell cell = Cell.of(question, answer.columns(), row, false);
        String label = "seed %d: %s of %s".formatted(seed, cell.words(), question.text());
        Map<String, List<String>> asked = new LinkedHashMap<>(question.parameters(answer.versions(), false));
        asked.put("cell", cell.words());
        Set<List<String>> keys = new LinkedHashSet<>();
        long total;
        long offset = 0;
        do {
            int limit = 1 + random.nextInt(1_000);
            asked.put("limit", List.of(Integer.toString(limit)));
            asked.put("offset", List.of(Long.toString(offset)));
            Facts facts = answers.facts(CellReader.read(question.kpi(), asked, Clock.systemUTC(), Claims.OPEN), key);
            total = facts.total();
            offset += limit;
            facts.rows()
                    .forEach(fact -> assertThat(keys.add(key.stream()
                                    .map(column -> String.valueOf(fact.get(column)))
                                    .toList()))
                            .as(label)
                            .isTrue());
            assertThat(facts.value()).as(label).isEqualTo(row.getLast());
        } while (offset < total);
        assertThat(keys).as(label).hasSize((int) total);
        String values = keys.isEmpty()
                ? ""
                : keys.stream()
                        .map(each -> each.stream().map(Sql::text).collect(Collectors.joining(", ", "(", ")")))
                        .collect(Collectors.joining(
                                ", ",
                                "WHERE ("
                                        + key.stream()
                                                .map(column -> Sql.name(column) + "::"
                                                        + CONTRACTS
                                                                .get(table)
                                                                .column(column)
                                                                .type()
                                                                .sql())
                                                .collect(Collectors.joining(", "))
                                        + ") IN (",
                                ")"));
        if (!keys.isEmpty() && keys.size() < 2_000) {
            try (Pin pin = lake.reader().pin(Set.of(table));
                    Statement statement = pin.connection().createStatement();
                    ResultSet result = statement.executeQuery("SELECT (%s) AS v FROM %s %s"
                            .formatted(question.kpi().measure().sql(), table, values))) {
                result.next();
                Object value = result.getObject(1);
                Object expected = row.getLast();
                if (value == null || expected == null) {
                    assertThat(value).as(label).isEqualTo(expected);
                } else {
                    assertThat(Double.parseDouble(value.toString()))
                            .as(label)
                            .isCloseTo(Double.parseDouble(expected.toString()), within(1e-9));
                }
            }
        }
        return total;
    }

    private void land(ShippedLake lake, KpiEvents events, Random random) throws Exception {
        Map<String, List<JsonNode>> streams = new TreeMap<>();
        events.arrivals()
                .forEach(each -> streams.computeIfAbsent(each.stream(), stream -> new ArrayList<>())
                        .add(row(each)));
        for (int batch = 0; batch < BATCHES; batch++) {
            for (Map.Entry<String, List<JsonNode>> stream : streams.entrySet()) {
                List<JsonNode> all = stream.getValue();
                if (batch == 0) {
                    Collections.shuffle(all, random);
                }
                List<JsonNode> part = all.subList(all.size() * batch / BATCHES, all.size() * (batch + 1) / BATCHES);
                Path file = folder.resolve(stream.getKey() + batch + ".ndjson");
                Files.write(file, part.stream().map(JsonNode::toString).toList());
                lake.land(
                        stream.getKey(),
                        "SELECT * FROM read_json('%s', format = 'newline_delimited', columns = %s)"
                                .formatted(
                                        file,
                                        "{event_id: 'VARCHAR', payload: 'VARCHAR', source: 'VARCHAR', position: 'VARCHAR',"
                                                + " received_at: 'TIMESTAMPTZ'}"));
            }
            lake.settle();
        }
    }

    private static JsonNode row(KpiEvents.Arrival arrival) {
        ObjectNode row = JSON.createObjectNode();
        row.put("event_id", arrival.id());
        row.put("payload", arrival.payload());
        row.put("source", "test");
        row.put("position", arrival.id());
        row.put(
                "received_at",
                Instant.parse("2026-09-01T00:00:00Z")
                        .plusSeconds(arrival.number())
                        .toString());
        return row;
    }

    private static void same(
            Answer answer, Map<List<String>, @Nullable BigDecimal> expected, double off, String question) {
        assertThat(answer.total()).as(question).isEqualTo(expected.size());
        Set<List<String>> seen = new HashSet<>();
        for (List<@Nullable Object> row : answer.rows()) {
            List<String> key = new ArrayList<>();
            for (Object value : row.subList(0, row.size() - 1)) {
                key.add(text(value));
            }
            assertThat(expected).as(question).containsKey(key);
            assertThat(seen.add(key)).as("%s: %s is there once", question, key).isTrue();
            BigDecimal right = expected.get(key);
            Object value = row.getLast();
            boolean same = right == null || value == null
                    ? right == value
                    : right.subtract(new BigDecimal(value.toString())).abs().compareTo(BigDecimal.valueOf(off)) <= 0;
            assertThat(same)
                    .as("%s: %s is %s, not %s", question, key, value, right)
                    .isTrue();
        }
    }

    /** Days as the instant at which they begin in UTC. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case LocalDate day -> day.atStartOfDay(ZoneOffset.UTC).toInstant().toString();
            case OffsetDateTime time -> time.toInstant().toString();
            default -> value.toString();
        };
    }
}
