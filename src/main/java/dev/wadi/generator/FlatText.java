package dev.wadi.generator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** An event as a row of CSV: nested fields side by side, null as nothing between two commas. */
final class FlatText {
    static final List<String> BOOKING = List.of(
            "booking_id",
            "agency_id",
            "agency_name",
            "customer.id",
            "customer.name",
            "customer.email",
            "customer.country",
            "customer.segment",
            "product.id",
            "product.name",
            "product.type",
            "product.destination",
            "quantity",
            "unit_price",
            "currency",
            "amount",
            "status",
            "booked_at",
            "travel_date",
            "updated_at",
            "loyalty_tier");
    static final List<String> CLICK = List.of(
            "event_id",
            "user_id",
            "session_id",
            "action",
            "event_time",
            "product_id",
            "page_url",
            "referrer",
            "user_agent",
            "device",
            "location.country",
            "location.city",
            "location.lat",
            "location.lon",
            "engagement.time_on_page_ms",
            "engagement.scroll_depth",
            "loyalty_tier");

    private FlatText() {}

    static String header(List<String> columns) {
        return String.join(",", columns) + "\n";
    }

    static void row(JsonNode event, List<String> columns, StringBuilder out) {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            JsonNode node = event;
            for (String step : columns.get(i).split("\\.", -1)) {
                node = node.path(step);
            }
            if (node.isTextual()) {
                quoted(node.textValue(), out);
            } else if (node.isValueNode() && !node.isNull()) {
                out.append(node.asText());
            }
        }
        out.append('\n');
    }

    static void quoted(String text, StringBuilder out) {
        out.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
}
