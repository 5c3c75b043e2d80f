package dev.wadi.event;

import static dev.wadi.event.Fields.field;
import static dev.wadi.event.Fields.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Type;
import dev.wadi.generator.BookingEvents;
import dev.wadi.generator.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlatRowTest {
    private static final EventShape SHAPE = new EventShape(
            "things",
            null,
            List.of(
                    field("id", Type.STRING, true),
                    field("count", Type.INTEGER, false),
                    field("price", Type.NUMBER, false),
                    field("ok", Type.BOOLEAN, false),
                    field("day", Type.DATE, false),
                    field("at", Type.TIMESTAMP, false),
                    field("tags", Type.ARRAY, false),
                    object(
                            "place",
                            true,
                            field("city", Type.STRING, true),
                            object("geo", false, field("lat", Type.NUMBER, false))),
                    field("properties", Type.OBJECT, false)));

    private static String event(FlatFormat format, List<String> columns, @Nullable String... values) {
        byte[] event = FlatRow.of(SHAPE, columns, format).event(values);
        return new String(event, StandardCharsets.UTF_8);
    }

    private static String one(String column, @Nullable String value) {
        return event(FlatFormat.ISO, List.of(column), value);
    }

    @Test
    void aColumnFillsTheFieldOfItsNameOrTheNestedFieldThatItNames() {
        assertThat(event(
                        FlatFormat.ISO,
                        List.of("place_geo_lat", "ID", "place.city", "count"),
                        "1.5",
                        "x",
                        "Würz\"burg\n",
                        "7"))
                .isEqualTo("{\"id\":\"x\",\"count\":7,\"place\":{\"city\":\"Würz\\\"burg\\n\",\"geo\":{\"lat\":1.5}}}");
    }

    @Test
    void theOrderOfTheColumnsMakesNoOtherEvent() {
        assertThat(event(FlatFormat.ISO, List.of("z", "id", "a"), "1", "x", "2"))
                .isEqualTo(event(FlatFormat.ISO, List.of("a", "z", "id"), "2", "1", "x"))
                .isEqualTo("{\"id\":\"x\",\"a\":\"2\",\"z\":\"1\"}");
    }

    @Test
    void nullIsLeftOutWithTheObjectsThatItEmpties() {
        assertThat(event(FlatFormat.ISO, List.of("id", "place_city", "place_geo_lat", "count"), "", null, "", ""))
                .isEqualTo("{\"id\":\"\"}");
    }

    @Test
    void aFlatNameOfTheShapeGoesBeforeANestedOne() {
        EventShape both = new EventShape(
                "things",
                null,
                List.of(field("a_b", Type.STRING, false), object("a", false, field("b", Type.STRING, false))));
        FlatRow row = FlatRow.of(both, List.of("a_b", "a.b"), FlatFormat.ISO);
        assertThat(new String(row.event("1", "2"), StandardCharsets.UTF_8))
                .isEqualTo("{\"a_b\":\"1\",\"a\":{\"b\":\"2\"}}");
    }

    @Test
    void aColumnWithAPointGoesIntoTheObjectItNames() {
        assertThat(event(FlatFormat.ISO, List.of("properties.color", "other.thing"), "red", "x"))
                .isEqualTo("{\"properties\":{\"color\":\"red\"},\"other.thing\":\"x\"}");
    }

    @Test
    void columnsThatFillOneFieldAreRefused() {
        assertThatThrownBy(() -> FlatRow.of(SHAPE, List.of("place_city", "place.city"), FlatFormat.ISO))
                .hasMessage(
                        "the columns 'place_city' and 'place.city' both fill the field place.city. Rename or remove one");
        assertThatThrownBy(() -> FlatRow.of(SHAPE, List.of("place", "place.city"), FlatFormat.ISO))
                .hasMessage("the columns 'place' and 'place.city' both fill the field place. Rename or remove one");
        assertThatThrownBy(() -> FlatRow.of(SHAPE, List.of("x", "x"), FlatFormat.ISO))
                .hasMessage("the columns 'x' and 'x' both fill the field x. Rename or remove one");
        assertThatThrownBy(() -> FlatRow.of(SHAPE, List.of("id", ""), FlatFormat.ISO))
                .hasMessage("column 2 has no name. Name it, or remove it");
        EventShape twins = new EventShape(
                "things",
                null,
                List.of(
                        object("a", false, field("b_c", Type.STRING, false)),
                        object("a_b", false, field("c", Type.STRING, false))));
        assertThatThrownBy(() -> FlatRow.of(twins, List.of("a_b_c"), FlatFormat.ISO))
                .hasMessage("the column 'a_b_c' may be one of the fields a.b_c, a_b.c. Name it as the one it is");
    }

    @Test
    void itTellsWhichRequiredFieldsNoColumnFills() {
        FlatRow row = FlatRow.of(SHAPE, List.of("count", "strange"), FlatFormat.ISO);
        assertThat(row.known()).isEqualTo(1);
        assertThat(row.missing()).containsExactly("id", "place.city");
        assertThat(FlatRow.of(SHAPE, List.of("id", "place"), FlatFormat.ISO).missing())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count| 7            | 7",
                "count| -12          | -12",
                "count| +7           | 7",
                "count| 007          | 7",
                "count| 5.00         | 5",
                "count| 5.5          | \"5.5\"",
                "count| seven        | \"seven\"",
                "count| 1,000        | \"1,000\"",
                "price| 12.50        | 12.50",
                "price| .5           | 0.5",
                "price| -0.5         | -0.5",
                "price| 1e3          | 1e3",
                "price| NaN          | \"NaN\"",
                "price| -            | \"-\"",
                "price| 1_0          | \"1_0\"",
                "ok   | TRUE         | true",
                "ok   | f            | false",
                "ok   | perhaps      | \"perhaps\"",
                "day  | 2026-01-31   | \"2026-01-31\"",
                "day  | 31.01.2026   | \"31.01.2026\"",
                "at   | 2026-01-31T12:00:00Z           | \"2026-01-31T12:00:00Z\"",
                "at   | 2026-01-31 12:00:00.25+00      | \"2026-01-31T12:00:00.25Z\"",
                "at   | 2026-01-31 12:00:00+01:00      | \"2026-01-31T12:00:00+01:00\"",
                "at   | 2026-01-31 12:00:00            | \"2026-01-31 12:00:00\"",
                "at   | soon                           | \"soon\"",
                "tags | [1, \"a\"]   | [1, \"a\"]",
                "tags | [1           | \"[1\"",
                "tags | {}           | \"{}\"",
            })
    void aTextBecomesWhatTheShapeAsksForOrStaysAText(String column, String text, String json) {
        assertThat(one(column, text)).isEqualTo("{\"%s\":%s}".formatted(column.strip(), json));
    }

    @Test
    void jsonInATextComesOnOneLine() {
        assertThat(one("properties", "{\"a\":\n1}")).isEqualTo("{\"properties\":{\"a\": 1}}");
    }

    @Test
    void aZoneAndFormatsCanBeGiven() {
        FlatFormat berlin = new FlatFormat(
                List.of("dd.MM.yyyy"), List.of("dd.MM.yyyy HH:mm", "dd.MM.yyyy"), ZoneId.of("Europe/Berlin"), true);
        List<String> columns = List.of("day", "at", "price");
        assertThat(event(berlin, columns, "31.01.2026", "31.01.2026 12:00", "-1.234,50"))
                .isEqualTo("{\"price\":-1234.50,\"day\":\"2026-01-31\",\"at\":\"2026-01-31T11:00:00Z\"}");
        assertThat(event(berlin, columns, "31.02.2026", "01.06.2026", "1.5"))
                .isEqualTo("{\"price\":\"1.5\",\"day\":\"31.02.2026 (not in the format that is configured)\","
                        + "\"at\":\"2026-05-31T22:00:00Z\"}");
        FlatFormat utc = new FlatFormat(List.of(), List.of(), ZoneOffset.UTC, false);
        assertThat(event(utc, List.of("at"), "2026-01-31 12:00")).isEqualTo("{\"at\":\"2026-01-31T12:00Z\"}");
        FlatFormat newYork = new FlatFormat(List.of(), List.of(), ZoneId.of("America/New_York"), false);
        assertThat(event(newYork, List.of("at"), "2026-01-31 12:00:00.5"))
                .isEqualTo("{\"at\":\"2026-01-31T17:00:00.500Z\"}");
        assertThatThrownBy(() -> new FlatFormat(List.of("bbb"), List.of(), null, false))
                .hasMessageStartingWith("'bbb' is not a pattern of dates: ");
    }

    @Test
    void typedColumnsThatTheShapeDoesNotKnowKeepTheirType() {
        FlatRow row = FlatRow.typed(
                SHAPE,
                List.of(new FlatRow.Column("n", Type.NUMBER), new FlatRow.Column("list", Type.ARRAY)),
                FlatFormat.ISO);
        assertThat(new String(row.event("1.5", "[1]"), StandardCharsets.UTF_8)).isEqualTo("{\"list\":[1],\"n\":1.5}");
    }

    @Test
    void halfAPairIsForTheDecoderToRefuse() {
        String event = one("id", "a\ud83d");
        assertThat(event).isEqualTo("{\"id\":\"a\\ud83d\"}");
        assertThat(one("id", "\ud83d\ude00\u0001")).isEqualTo("{\"id\":\"\ud83d\ude00\\u0001\"}");
        EventShape anything = new EventShape("things", null, List.of());
        assertThat(new EventDecoder(anything)
                        .decode(event.getBytes(StandardCharsets.UTF_8), null)
                        .refusals())
                .hasSize(1);
    }

    @Test
    void aBookingAsARowIsTheSameBytesAsTheBookingItself() throws Exception {
        EventShape bookings = Contracts.load(Path.of("schemas/tables")).stream("bookings")
                .orElseThrow()
                .event();
        String json = BookingEvents.texts(Options.clean(1, Instant.parse("2026-01-01T00:00:00Z")), 1)
                .findFirst()
                .orElseThrow();
        JsonNode tree = new ObjectMapper()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(json);
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        tree.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                field.getValue().properties().forEach(inner -> {
                    columns.add(field.getKey() + "_" + inner.getKey());
                    values.add(inner.getValue().asText());
                });
            } else {
                columns.add(field.getKey());
                values.add(
                        field.getValue().isBigDecimal()
                                ? field.getValue().decimalValue().setScale(2).toPlainString()
                                : field.getValue().asText());
            }
        });
        FlatRow row = FlatRow.of(Objects.requireNonNull(bookings), columns, FlatFormat.ISO);
        assertThat(new String(row.event(values.toArray(String[]::new)), StandardCharsets.UTF_8))
                .isEqualTo(json);
        assertThat(row.missing()).isEmpty();
    }
}
