package dev.wadi.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random bodies, held against a model that reads trees. */
class EventDecoderFuzzTest {
    private static final long SEED = Long.getLong("wadi.seed", 4711L);
    private static final ObjectMapper TREES = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "7",
            "100",
            "101",
            "1.0",
            "52.5",
            "1e2",
            "1E400",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1000000",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"purchase\"",
            "\"login\"",
            "\"confirmed\"",
            "\"hotel\"",
            "\"2026-01-31\"",
            "\"2026-02-30\"",
            "\"2026-01-31T10:00:00Z\"",
            "\"2026-01-31T10:00:00\"",
            "\"2026-01-31T10:00:00.5+02:00\"",
            "\"\\u00fc\\n\\\"\"",
            "\"日本\"",
            "{}",
            "[]",
            "[1,{\"a\":null}]",
            "{\"id\":\"x\",\"name\":3}",
            "{\"country\":\"DE\",\"lat\":91,\"lon\":-180}");

    private final Random random = new Random(SEED);
    private final List<EventShape> shapes = Contracts.load(Path.of("schemas", "tables")).all().stream()
            .map(contract -> contract.event())
            .filter(shape -> shape != null)
            .map(shape -> new EventShape(shape.stream(), shape.id(), strict(shape.fields()), shape.closed()))
            .toList();

    /** Without the other names and types that a field accepts: the model knows nothing of them. */
    private static List<EventShape.Field> strict(List<EventShape.Field> fields) {
        return fields.stream()
                .map(field -> new EventShape.Field(
                        field.name(),
                        field.type(),
                        field.required(),
                        field.description(),
                        field.allowed(),
                        field.minimum(),
                        field.maximum(),
                        strict(field.fields())))
                .toList();
    }

    @Test
    void theDecoderFindsTheProblemsThatATreeHas() throws JsonProcessingException {
        int accepted = 0;
        for (EventShape shape : shapes) {
            EventDecoder decoder = new EventDecoder(shape);
            for (int round = 0; round < 2_000; round++) {
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < 1 + random.nextInt(6); i++) {
                    texts.add(object(shape.fields(), random.nextInt(4) == 0 ? 0 : 0.03 + random.nextDouble() / 4));
                }
                boolean lines = random.nextBoolean();
                String body = lines ? String.join("\n", texts) : "[%s]".formatted(String.join(" , ", texts));
                Decoded decoded = decoder.decode(
                        body.getBytes(StandardCharsets.UTF_8), lines ? "application/x-ndjson" : "application/json");

                for (Event event : decoded.events()) {
                    String text = texts.get(event.index());
                    assertThat(event.payload()).isEqualTo(text);
                    assertThat(model(shape, text)).as("seed %d: %s", SEED, text).isEmpty();
                    if (shape.id() != null && TREES.readTree(text).hasNonNull(shape.id())) {
                        assertThat(event.id())
                                .isEqualTo(TREES.readTree(text).get(shape.id()).asText());
                    }
                }
                for (Refusal refusal : decoded.refusals()) {
                    String text = texts.get(refusal.index());
                    assertThat(refusal.payload()).isEqualTo(text);
                    assertThat(new TreeSet<>(refusal.problems().stream()
                                    .map(Problem::pointer)
                                    .toList()))
                            .as("seed %d: %s", SEED, text)
                            .isEqualTo(model(shape, text));
                }
                assertThat(decoded.events().size() + decoded.refusals().size()).isEqualTo(texts.size());
                accepted += decoded.events().size();
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    @Test
    void noBytesCrashTheDecoderAndWhatItAcceptsEveryReaderCanRead() throws SQLException, JsonProcessingException {
        int accepted = 0;
        try (Connection session = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement valid = session.prepareStatement("SELECT json_valid(?)")) {
            for (int round = 0; round < 20_000; round++) {
                EventShape shape = shapes.get(random.nextInt(shapes.size()));
                byte[] body = mutated((random.nextBoolean() ? "[%s,%s]" : "%s\n%s")
                        .formatted(object(shape.fields(), 0), object(shape.fields(), 0))
                        .getBytes(StandardCharsets.UTF_8));
                List<Event> events;
                try {
                    events = new EventDecoder(shape).decode(body, null).events();
                } catch (UnreadableBodyException e) {
                    assertThat(e).hasMessageContaining("line ");
                    continue;
                }
                for (Event event : events) {
                    accepted++;
                    String about = "seed %d, round %d: %s".formatted(SEED, round, event.payload());
                    assertThat(TREES.readTree(event.payload()).isObject())
                            .as(about)
                            .isTrue();
                    valid.setString(1, event.payload());
                    try (ResultSet result = valid.executeQuery()) {
                        result.next();
                        assertThat(result.getBoolean(1)).as(about).isTrue();
                    }
                }
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    private byte[] mutated(byte[] body) {
        byte[] pieces = "{}[]\",:\\u0d8\n \u0000Z-.".getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i >= 0; i--) {
            byte piece = random.nextInt(5) == 0 ? (byte) random.nextInt(256) : pieces[random.nextInt(pieces.length)];
            body[random.nextInt(body.length)] = piece;
        }
        return body;
    }

    /** An object in which each field is wrong or absent with the probability {@code mess}. */
    private String object(List<EventShape.Field> fields, double mess) {
        List<String> members = new ArrayList<>();
        for (EventShape.Field field : fields) {
            if (random.nextDouble() < mess / 2 || !field.required() && random.nextInt(3) == 0) {
                continue;
            }
            String value = random.nextDouble() < mess ? VALUES.get(random.nextInt(VALUES.size())) : good(field, mess);
            members.add("\"%s\":%s".formatted(field.name(), value));
        }
        if (random.nextInt(3) == 0) {
            members.add("\"extra\\u002f~\":" + VALUES.get(random.nextInt(VALUES.size())));
        }
        Collections.shuffle(members, random);
        return "{%s}".formatted(String.join(random.nextBoolean() ? "," : " , ", members));
    }

    private String good(EventShape.Field field, double mess) {
        if (!field.allowed().isEmpty()) {
            return "\"%s\""
                    .formatted(
                            field.allowed().get(random.nextInt(field.allowed().size())));
        }
        return switch (field.type()) {
            case STRING -> "\"ä\\ud83d\\ude00 %d\"".formatted(random.nextInt(1000));
            case INTEGER -> Integer.toString(random.nextInt(100));
            case NUMBER -> "%d.%02d".formatted(random.nextInt(90), random.nextInt(100));
            case BOOLEAN -> "false";
            case DATE -> "\"2026-12-24\"";
            case TIMESTAMP -> "\"2026-11-21T10:%02d:00Z\"".formatted(random.nextInt(60));
            case OBJECT -> object(field.fields(), mess);
            case ARRAY -> "[]";
        };
    }

    private static TreeSet<String> model(EventShape shape, String text) throws JsonProcessingException {
        TreeSet<String> pointers = new TreeSet<>();
        model(shape.fields(), shape.id(), TREES.readTree(text), "", pointers);
        return pointers;
    }

    private static void model(
            List<EventShape.Field> fields,
            @Nullable String id,
            JsonNode object,
            String path,
            TreeSet<String> pointers) {
        for (EventShape.Field field : fields) {
            String pointer = path + "/" + field.name();
            JsonNode value = object.get(field.name());
            if (value == null || value.isNull()) {
                if (field.required()) {
                    pointers.add(pointer);
                }
            } else if (!fits(field, value)
                    || field.name().equals(id) && value.asText().isBlank()) {
                pointers.add(pointer);
            } else if (field.type() == EventShape.Type.OBJECT) {
                model(field.fields(), null, value, pointer, pointers);
            }
        }
    }

    private static boolean fits(EventShape.Field field, JsonNode value) {
        boolean type = switch (field.type()) {
            case STRING ->
                value.isTextual() && !(field.required() && value.asText().isBlank());
            case INTEGER -> value.isIntegralNumber() && value.canConvertToLong();
            case NUMBER -> value.isNumber() && Double.isFinite(value.doubleValue());
            case BOOLEAN -> value.isBoolean();
            case DATE -> value.asText().equals("2026-12-24") || value.asText().equals("2026-01-31");
            case TIMESTAMP -> value.asText().matches("2026-..-..T.*(Z|\\+02:00)");
            case OBJECT -> value.isObject();
            case ARRAY -> value.isArray();
        };
        return type
                && (field.allowed().isEmpty() || field.allowed().contains(value.asText()))
                && (field.minimum() == null || value.doubleValue() >= field.minimum())
                && (field.maximum() == null || value.doubleValue() <= field.maximum());
    }
}
