package dev.wadi.file;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.generator.BookingEvents;
import dev.wadi.generator.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Bookings of the generator as rows of CSV. */
public final class BookingRows {
    public static final String HEADER =
            "booking_id,agency_id,agency_name,customer_id,customer_name,customer_email,customer_country,customer_segment,"
                    + "product_id,product_name,product_type,product_destination,quantity,unit_price,currency,amount,status,"
                    + "booked_at,travel_date,updated_at";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private BookingRows() {}

    /** The events themselves, as they come by other doors. */
    public static Stream<String> events(long seed, long count) {
        return BookingEvents.texts(Options.clean(seed, Instant.parse("2026-01-01T00:00:00Z")), count);
    }

    /** The row of an event, without a line feed. */
    public static String row(String event) {
        return row(event, ",");
    }

    /** The same with another delimiter. */
    public static String row(String event, String delimiter) {
        List<String> values = new ArrayList<>();
        try {
            add(JSON.readTree(event), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return String.join(delimiter, values);
    }

    private static void add(JsonNode object, List<String> values) {
        for (JsonNode value : object) {
            if (value.isObject()) {
                add(value, values);
            } else if (value.isBigDecimal()) {
                values.add(value.decimalValue().setScale(2).toPlainString());
            } else {
                String text = value.asText();
                values.add(
                        text.contains(",") || text.contains(";") || text.contains("\"")
                                ? '"' + text.replace("\"", "\"\"") + '"'
                                : text);
            }
        }
    }

    /** A file with a header and {@code count} rows. */
    public static String file(long seed, long count) {
        StringBuilder file = new StringBuilder(HEADER).append('\n');
        events(seed, count).forEach(event -> file.append(row(event)).append('\n'));
        return file.toString();
    }
}
