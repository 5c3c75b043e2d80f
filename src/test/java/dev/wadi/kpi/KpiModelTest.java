package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wadi.contract.Contracts;
import dev.wadi.merge.ShippedLake;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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

    @TempDir
    Path folder;

    @Test
    void every_answer_is_what_the_raw_events_say() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("KpiModelTest: -Dwadi.seed=" + seed);
        Random random = new Random(seed);
        KpiEvents events = new KpiEvents(random);
        events.some(EVENTS);
        Kpis kpis = Kpis.load(Path.of("schemas", "kpis"), Contracts.load(Path.of("schemas", "tables")));
        try (ShippedLake lake = new ShippedLake(folder)) {
            land(lake, events, random);
            Answers answers = new Answers(new LakeReading(lake.reader()));
            KpiModel model = new KpiModel(events);
            int compared = 0;
            for (int n = 0; n < QUESTIONS; n++) {
                KpiModel.Asked asked = model.ask(random);
                Question question = QuestionReader.read(
                        kpis.find(asked.kpi()).orElseThrow(), asked.parameters(), Clock.systemUTC(), Claims.OPEN);
                Answer answer = answers.answer(question).answer();
                same(
                        answer,
                        model.answer(asked),
                        model.off(asked),
                        "seed %d, question %d: %s".formatted(seed, n, question.text()));
                compared += answer.rows().size();
            }
            System.out.printf("%d events, %d questions, %d rows compared%n", events.count(), QUESTIONS, compared);
            assertThat(compared).isGreaterThan(QUESTIONS);
        }
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
