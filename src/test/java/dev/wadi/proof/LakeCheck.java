package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the tables of a lake, row by row, with a {@link Model}. Each check returns what differs; nothing is good. */
final class LakeCheck {
    /** More would drown the reader. */
    private static final int SHOWN = 5;

    /** Column of silver.clickstream, and where its value is in the event. */
    private static final Map<String, String> CLICK_COLUMNS = columns("""
            event_id /event_id
            user_id /user_id
            session_id /session_id
            action /action
            event_time /event_time
            product_id /product_id
            page_url /page_url
            referrer /referrer
            user_agent /user_agent
            device /device
            country /location/country
            city /location/city
            lat /location/lat
            lon /location/lon
            time_on_page_ms /engagement/time_on_page_ms
            scroll_depth /engagement/scroll_depth
            """);

    /** Column of silver.bookings, and where its value is in the event. */
    private static final Map<String, String> BOOKING_COLUMNS = columns("""
            booking_id /booking_id
            agency_id /agency_id
            agency_name /agency_name
            customer_id /customer/id
            customer_name /customer/name
            customer_email /customer/email
            customer_country /customer/country
            customer_segment /customer/segment
            product_id /product/id
            product_name /product/name
            product_type /product/type
            destination /product/destination
            quantity /quantity
            unit_price /unit_price
            currency /currency
            amount /amount
            status /status
            booked_at /booked_at
            travel_date /travel_date
            updated_at /updated_at
            """);

    private final LakeReader lake;
    private final Model model;
    private final List<String> differences = new ArrayList<>();

    private LakeCheck(LakeReader lake, Model model) {
        this.lake = lake;
        this.model = model;
    }

    /** Differences of bronze, silver and gold, those of the first layer first. */
    static List<String> all(LakeReader lake, Model model) throws IOException {
        LakeCheck check = new LakeCheck(lake, model);
        check.bronze();
        if (check.differences.isEmpty()) {
            check.silver();
        }
        if (check.differences.isEmpty()) {
            check.gold();
        }
        return check.differences;
    }

    private void bronze() throws IOException {
        Map<Object, Object> clicks = new HashMap<>();
        model.clicks().forEach((id, click) -> clicks.put(id, Objects.requireNonNull(Json.meaning(click))));
        compare("bronze.clickstream", clicks, keyed("bronze.clickstream", List.of("event_id"), LakeCheck::payload));

        Map<Object, Object> stored = new HashMap<>();
        for (Map<String, @Nullable Object> row : lake.rows("bronze.bookings")) {
            stored.merge(payload(row), 1, (a, b) -> (Integer) a + (Integer) b);
        }
        compare("bronze.bookings", model.bookingDocuments(), stored);
        keyed("bronze.bookings", List.of("event_id"), row -> row);
    }

    private void silver() throws IOException {
        compare(
                "silver.clickstream",
                expected(model.cleanClicks(), CLICK_COLUMNS),
                keyed("silver.clickstream", List.of("event_id"), row -> actual(row, CLICK_COLUMNS)));
        for (Map<String, @Nullable Object> row : lake.rows("silver.clickstream")) {
            String id = String.valueOf(row.get("event_id"));
            JsonNode click = model.clicks().get(id);
            if (click == null) {
                continue; // said above
            }
            if (!Model.day(click, "event_time").equals(row.get("event_date"))) {
                differ("silver.clickstream " + id + " has event_date " + row.get("event_date"));
            }
            if (!Objects.equals(Json.meaning(click), Json.meaning(Json.read(String.valueOf(row.get("_doc")))))) {
                differ("silver.clickstream " + id + " has another document in _doc: " + row.get("_doc"));
            }
        }
        compare(
                "silver.bookings",
                expected(model.cleanBookings(), BOOKING_COLUMNS),
                keyed("silver.bookings", List.of("booking_id"), row -> actual(row, BOOKING_COLUMNS)));
    }

    private void gold() throws IOException {
        Map<Object, Object> products = dimension(
                "gold.dim_product", "product_id", "product_key", "/product/id", shop("silver.products", "product_id"));
        Map<Object, Object> customers = dimension(
                "gold.dim_customer",
                "customer_id",
                "customer_key",
                "/customer/id",
                shop("silver.customers", "customer_id"));
        Map<Object, Object> agencies = dimension("gold.dim_agency", "agency_id", "agency_key", "/agency_id", Set.of());

        Map<Object, Object> days =
                keyed("gold.dim_time", List.of("date"), row -> Objects.requireNonNull(row.get("date_key")));

        Map<Object, Object> orders = new HashMap<>();
        model.cleanBookings().forEach((id, booking) -> {
            Map<String, @Nullable Object> order = new LinkedHashMap<>();
            LocalDate booked = Model.day(booking, "booked_at");
            order.put("booked_date", booked);
            long dateKey = Long.parseLong(booked.toString().replace("-", ""));
            order.put("date_key", dateKey);
            if (!Long.valueOf(dateKey).equals(days.get(booked.toString()))) {
                differ("gold.dim_time knows " + booked + " as " + days.get(booked.toString()));
            }
            order.put("agency_id", booking.get("agency_id").asText());
            order.put("agency_key", agencies.get(booking.get("agency_id").asText()));
            order.put("product_key", products.get(booking.at("/product/id").asText()));
            order.put("customer_key", customers.get(booking.at("/customer/id").asText()));
            order.put("quantity", number(booking.get("quantity").decimalValue()));
            order.put("unit_price", number(booking.get("unit_price").decimalValue()));
            order.put("currency", booking.get("currency").asText());
            order.put("amount", number(Model.amount(booking)));
            order.put("status", booking.get("status").asText());
            order.put("updated_at", Instant.parse(booking.get("updated_at").asText()));
            orders.put(id, order);
        });
        compare(
                "gold.fact_orders",
                orders,
                keyed(
                        lake.rows("gold.fact_orders").stream()
                                .filter(row -> "bookings".equals(row.get("source_system")))
                                .toList(),
                        "gold.fact_orders",
                        List.of("order_id"),
                        row -> {
                            Map<String, @Nullable Object> order = new LinkedHashMap<>();
                            for (String column : List.of(
                                    "booked_date",
                                    "date_key",
                                    "agency_id",
                                    "agency_key",
                                    "product_key",
                                    "customer_key",
                                    "quantity",
                                    "unit_price",
                                    "currency",
                                    "amount",
                                    "status",
                                    "updated_at")) {
                                Object value = row.get(column);
                                order.put(column, column.endsWith("_key") ? value : number(value));
                            }
                            return order;
                        }));

        counts("gold.fact_events", List.of("event_date", "action"), List.of("/action"));
        counts(
                "gold.fact_user_days",
                List.of("event_date", "user_id", "country", "device"),
                List.of("/user_id", "/location/country", "/device"));
    }

    /**
     * Checks that a dimension has one row for each id met, and each row a key of its own; gives key by id.
     *
     * @param others ids that another source knows
     */
    private Map<Object, Object> dimension(String table, String id, String key, String pointer, Set<Object> others)
            throws IOException {
        // what a fact refers to that does not know has no id
        Map<Object, Object> keys = keyed(
                lake.rows(table).stream().filter(row -> row.get(id) != null).toList(),
                table,
                List.of(id),
                row -> Objects.requireNonNull(row.get(key), table));
        if (keys.values().stream().distinct().count() != keys.size()) {
            differ(table + ": two rows share a " + key);
        }
        Map<Object, Object> met = new HashMap<>();
        others.forEach(member -> met.put(member, true));
        model.cleanBookings()
                .values()
                .forEach(booking -> met.put(booking.at(pointer).asText(), true));
        Map<Object, Object> stored = new HashMap<>();
        keys.keySet().forEach(member -> stored.put(member, true));
        compare(table, met, stored);
        return keys;
    }

    /** Surrogate keys by business id, to see that they stay. */
    static Map<Object, Object> keys(LakeReader lake, String table, String id, String key) throws IOException {
        Map<Object, Object> keys = new HashMap<>();
        for (Map<String, @Nullable Object> row : lake.rows(table)) {
            keys.put(String.valueOf(row.get(id)), Objects.requireNonNull(row.get(key)));
        }
        return keys;
    }

    private void counts(String table, List<String> key, List<String> pointers) throws IOException {
        Map<Object, Object> counts = new HashMap<>(model.clickCounts(pointers));
        compare(table, counts, keyed(table, key, row -> Objects.requireNonNull(row.get("events"))));
    }

    private interface Shape {
        Object of(Map<String, @Nullable Object> row);
    }

    /** Ids of what the shop has. */
    private Set<Object> shop(String table, String id) throws IOException {
        return keyed(table, List.of(id), row -> row).keySet();
    }

    private Map<Object, Object> keyed(String table, List<String> key, Shape shape) throws IOException {
        return keyed(lake.rows(table), table, key, shape);
    }

    /** Rows by key, each reduced to a shape that can be compared. A key of one column is its value, else a list. */
    private Map<Object, Object> keyed(
            List<Map<String, @Nullable Object>> all, String table, List<String> key, Shape shape) {
        Map<Object, Object> rows = new HashMap<>();
        for (Map<String, @Nullable Object> row : all) {
            List<@Nullable Object> values = new ArrayList<>();
            key.forEach(column -> values.add(row.get(column)));
            Object name = values.size() == 1 ? String.valueOf(values.get(0)) : values;
            if (rows.put(name, shape.of(row)) != null) {
                differ(table + " holds twice " + name);
            }
        }
        return rows;
    }

    private void compare(String table, Map<Object, Object> expected, Map<Object, Object> actual) {
        int wrong = 0;
        for (Map.Entry<Object, Object> entry : expected.entrySet()) {
            Object found = actual.get(entry.getKey());
            if (!entry.getValue().equals(found) && wrong++ < SHOWN) {
                differ(table + " " + entry.getKey() + "\n    expected " + entry.getValue() + "\n    but was  " + found);
            }
        }
        for (Object key : actual.keySet()) {
            if (!expected.containsKey(key) && wrong++ < SHOWN) {
                differ(table + " holds what nobody sent: " + key);
            }
        }
        if (wrong > 0) {
            differ(table + ": " + wrong + " differences; expected " + expected.size() + " rows, found "
                    + actual.size());
        }
    }

    private void differ(String what) {
        if (differences.size() < 4 * SHOWN) {
            differences.add(what);
        }
    }

    private static Object payload(Map<String, @Nullable Object> row) {
        return Objects.requireNonNull(Json.meaning(Json.read(String.valueOf(row.get("payload")))));
    }

    private static Map<Object, Object> expected(Map<String, JsonNode> events, Map<String, String> columns) {
        Map<Object, Object> rows = new HashMap<>();
        events.forEach((id, event) -> {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            columns.forEach((column, pointer) -> row.put(column, typed(column, event.at(pointer))));
            rows.put(id, row);
        });
        return rows;
    }

    private static Map<String, @Nullable Object> actual(
            Map<String, @Nullable Object> row, Map<String, String> columns) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        columns.keySet().forEach(column -> values.put(column, number(row.get(column))));
        return values;
    }

    private static @Nullable Object typed(String column, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isNumber()) {
            return Json.plain(value.decimalValue());
        }
        if (column.equals("event_time") || column.endsWith("_at")) {
            return Instant.parse(value.asText());
        }
        return column.endsWith("_date") ? LocalDate.parse(value.asText()) : value.asText();
    }

    /** Numbers of any type as plain decimals, so that a table is free in its choice of type. */
    private static @Nullable Object number(@Nullable Object value) {
        return value instanceof Number number ? Json.plain(new BigDecimal(number.toString())) : value;
    }

    private static Map<String, String> columns(String text) {
        Map<String, String> columns = new LinkedHashMap<>();
        text.lines().forEach(line -> columns.put(line.split(" ")[0], line.split(" ")[1]));
        return columns;
    }
}
