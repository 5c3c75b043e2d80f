package dev.wadi.generator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a silver table must hold of one event, by the words of its contract and without its SQL: this is what the SQL is
 * held against. Numbers that are exact, dates and times are texts.
 */
final class ExpectedRow {
    private final JsonNode event;
    private final Map<String, Object> row = new LinkedHashMap<>();

    private ExpectedRow(JsonNode event) {
        this.event = event;
    }

    static Map<String, Object> booking(JsonNode event) {
        ExpectedRow expected = new ExpectedRow(event);
        expected.texts("booking_id", "agency_id", "agency_name");
        expected.text("customer_id", "/customer/id");
        expected.text("customer_name", "/customer/name");
        expected.put("customer_email", lower(expected.found("/customer/email")));
        expected.put("customer_country", country(expected.found("/customer/country")));
        expected.text("customer_segment", "/customer/segment");
        expected.text("product_id", "/product/id");
        expected.text("product_name", "/product/name");
        expected.text("product_type", "/product/type");
        expected.text("destination", "/product/destination");
        expected.put("quantity", event.at("/quantity").longValue());
        expected.put("unit_price", money(event.at("/unit_price")));
        expected.put("currency", upper(expected.found("/currency")));
        expected.put("amount", money(event.at("/amount")));
        expected.texts("status", "booked_at", "travel_date", "updated_at");
        return expected.row;
    }

    static Map<String, Object> click(JsonNode event) {
        ExpectedRow expected = new ExpectedRow(event);
        expected.texts("event_id");
        expected.put(
                "event_date",
                LocalDate.ofInstant(
                                Instant.parse(Objects.requireNonNull(expected.found("/event_time"))), ZoneOffset.UTC)
                        .toString());
        expected.texts(
                "event_time",
                "user_id",
                "session_id",
                "action",
                "product_id",
                "page_url",
                "referrer",
                "user_agent",
                "device");
        expected.put("country", country(expected.found("/location/country")));
        expected.text("city", "/location/city");
        expected.number("lat", "/location/lat");
        expected.number("lon", "/location/lon");
        expected.number("time_on_page_ms", "/engagement/time_on_page_ms");
        expected.number("scroll_depth", "/engagement/scroll_depth");
        return expected.row;
    }

    /** Without the spaces around it; null when nothing is left. */
    private @Nullable String found(String pointer) {
        JsonNode node = event.at(pointer);
        if (!node.isTextual() || node.textValue().isBlank()) {
            return null;
        }
        return node.textValue().strip();
    }

    /** Columns that have the name of their field. */
    private void texts(String... columns) {
        for (String column : columns) {
            text(column, "/" + column);
        }
    }

    private void text(String column, String pointer) {
        put(column, found(pointer));
    }

    private void number(String column, String pointer) {
        JsonNode node = event.at(pointer);
        put(column, node.isNumber() ? node.numberValue() : null);
    }

    /** A null is left out: the truth says what is there. */
    private void put(String column, @Nullable Object value) {
        if (value != null) {
            row.put(column, value);
        }
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static @Nullable String upper(@Nullable String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private static @Nullable String country(@Nullable String text) {
        return text != null && text.length() == 2 ? upper(text) : text;
    }

    private static String money(JsonNode number) {
        return new BigDecimal(number.asText()).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
