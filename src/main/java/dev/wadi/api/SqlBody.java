package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wadi.contract.TableName;
import dev.wadi.sql.SqlQuestion;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request with a statement asks: a JSON object, or the statement itself as text with the rest in the address.
 *
 * @param format how the answer is written
 */
record SqlBody(SqlQuestion question, SqlFormat format) {
    static final List<String> MEMBERS = List.of("sql", "parameters", "limit", "timeout", "as_of", "versions", "format");
    private static final List<String> IN_ADDRESS = List.of("limit", "timeout", "as_of", "format");
    private static final int MOST_SECONDS = 86_400;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws Problem that says which member is wrong and what could be written */
    static SqlBody of(HttpRequest<?> request, byte[] body) {
        boolean json = request.getContentType()
                .filter(type -> type.matches(MediaType.APPLICATION_JSON_TYPE))
                .isPresent();
        return json ? read(request, object(body)) : plain(request, body);
    }

    private static SqlBody plain(HttpRequest<?> request, byte[] body) {
        Parameters parameters = Parameters.of(request).only(IN_ADDRESS);
        Integer limit =
                parameters.text("limit").isPresent() ? parameters.number("limit", 1, 1, Integer.MAX_VALUE) : null;
        Duration timeout = parameters
                .text("timeout")
                .map(text -> seconds(new Text(text).number()))
                .orElse(null);
        SqlQuestion question = new SqlQuestion(
                text(body),
                List.of(),
                limit,
                timeout,
                Map.of(),
                parameters.time("as_of").orElse(null));
        return new SqlBody(question, SqlFormat.of(parameters.text("format").orElse(null), request));
    }

    private record Text(String text) {
        @Nullable
        BigDecimal number() {
            return text.matches("\\d{1,6}(\\.\\d{1,3})?") ? new BigDecimal(text) : null;
        }
    }

    private static SqlBody read(HttpRequest<?> request, JsonNode object) {
        Parameters parameters = Parameters.of(request).only(List.of("format"));
        object.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw wrong(
                        name, "There is no member '%s'. Use %s.".formatted(name, String.join(", ", MEMBERS)), MEMBERS);
            }
        });
        JsonNode sql = object.path("sql");
        if (!sql.isTextual()) {
            throw wrong("sql", "`sql` is missing. Send the statement as a text.", List.of("{\"sql\": \"SELECT ...\"}"));
        }
        String format = parameters
                .text("format")
                .orElse(member(object, "format") ? object.path("format").asText() : null);
        return new SqlBody(
                new SqlQuestion(
                        sql.asText(), values(object), limit(object), timeout(object), versions(object), asOf(object)),
                SqlFormat.of(format, request));
    }

    private static boolean member(JsonNode object, String name) {
        return object.hasNonNull(name);
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode object = JSON.readTree(text(body));
            if (object != null && object.isObject()) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new Problem(
                    HttpStatus.BAD_REQUEST,
                    "Unreadable body",
                    "Line %d, column %d: expected JSON, but %s. Send {\"sql\": \"SELECT ...\"}, or the statement as text/plain"
                            .formatted(
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()));
        }
        throw new Problem(
                HttpStatus.BAD_REQUEST,
                "Unreadable body",
                "The body is no JSON object. Send {\"sql\": \"SELECT ...\"}, or the statement as text/plain");
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem(HttpStatus.BAD_REQUEST, "Unreadable body", "The body is not UTF-8. Send it as UTF-8");
        }
    }

    private static List<@Nullable Object> values(JsonNode object) {
        List<@Nullable Object> values = new ArrayList<>();
        if (!member(object, "parameters")) {
            return values;
        }
        JsonNode all = object.path("parameters");
        if (!all.isArray()) {
            throw wrong(
                    "parameters",
                    "`parameters` is no array. Send a value for each ?, in order.",
                    List.of("[1, \"a\"]"));
        }
        for (JsonNode value : all) {
            values.add(
                    switch (value.getNodeType()) {
                        case NULL -> null;
                        case BOOLEAN -> value.booleanValue();
                        case STRING -> value.textValue();
                        case NUMBER ->
                            value.canConvertToExactIntegral() && value.canConvertToLong() && value.isIntegralNumber()
                                    ? (Object) value.longValue()
                                    : value.decimalValue();
                        default ->
                            throw wrong(
                                    "parameters",
                                    "A parameter is an array or an object. Send texts, numbers, true, false or null.",
                                    List.of("text", "number", "true", "false", "null"));
                    });
        }
        return values;
    }

    private static @Nullable Integer limit(JsonNode object) {
        if (!member(object, "limit")) {
            return null;
        }
        JsonNode limit = object.path("limit");
        if (!limit.isIntegralNumber() || !limit.canConvertToInt() || limit.intValue() < 1) {
            throw wrong("limit", "`limit` is %s. Write a whole number from 1 on.".formatted(limit), List.of("1.."));
        }
        return limit.intValue();
    }

    private static @Nullable Duration timeout(JsonNode object) {
        return member(object, "timeout")
                ? seconds(
                        object.path("timeout").isNumber()
                                ? object.path("timeout").decimalValue()
                                : null)
                : null;
    }

    private static Duration seconds(@Nullable BigDecimal seconds) {
        if (seconds == null
                || seconds.compareTo(new BigDecimal("0.001")) < 0
                || seconds.compareTo(BigDecimal.valueOf(MOST_SECONDS)) > 0) {
            throw wrong("timeout", "`timeout` is a number of seconds, such as 5 or 0.5.", List.of("0.001..86400"));
        }
        return Duration.ofMillis(seconds.movePointRight(3).longValue());
    }

    private static @Nullable Instant asOf(JsonNode object) {
        if (!member(object, "as_of")) {
            return null;
        }
        try {
            return OffsetDateTime.parse(object.path("as_of").asText()).toInstant();
        } catch (DateTimeException e) {
            throw wrong(
                    "as_of",
                    "`as_of` is no time. Write it with its offset, such as 2026-01-31T12:00:00Z.",
                    List.of("YYYY-MM-DDThh:mm:ssZ"));
        }
    }

    private static Map<TableName, Long> versions(JsonNode object) {
        Map<TableName, Long> versions = new TreeMap<>();
        if (member(object, "versions") && !object.path("versions").isObject()) {
            throw wrong(
                    "versions",
                    "`versions` is no object. Write the version of each table, as an answer has it.",
                    List.of("{\"gold.fact_orders\": 7}"));
        }
        for (Map.Entry<String, JsonNode> each : object.path("versions").properties()) {
            JsonNode version = each.getValue();
            if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 0) {
                throw wrong(
                        "versions",
                        "The version of %s is %s. Write a whole number from 0 on.".formatted(each.getKey(), version),
                        List.of("0.."));
            }
            try {
                versions.put(TableName.parse(each.getKey()), version.longValue());
            } catch (IllegalArgumentException e) {
                throw wrong("versions", e.getMessage() + ".", List.of("{\"gold.fact_orders\": 7}"));
            }
        }
        return versions;
    }

    private static Problem wrong(String member, String detail, List<String> allowed) {
        return Parameters.problem(member, detail, allowed);
    }
}
