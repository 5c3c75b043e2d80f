package dev.wadi.kpi;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Random raw events of the clickstream, of partner bookings and of the shop's database. What is said of a customer or a product is
 * a function of its id, so that the order of arrival decides nothing but the state of a booking or an order.
 */
final class KpiEvents {
    /** The clocks of Berlin go back on the third day. */
    private static final Instant START = Instant.parse("2026-10-23T00:00:00Z");

    private static final int HOURS = 24 * 75;
    private static final List<String> ACTIONS =
            List.of("view_product", "add_to_cart", "purchase", "search", "login", "logout");

    private final Random random;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Map<String, Booking> newest = new HashMap<>();
    private final TreeMap<Integer, ShopOrder> orders = new TreeMap<>();
    private final List<Click> clicks = new ArrayList<>();
    private int number;

    /** An event on its way into bronze. */
    record Arrival(String stream, String id, String payload, int number) {}

    record Click(
            String user,
            String action,
            Instant at,
            @Nullable String country,
            @Nullable String device) {}

    record Booking(
            int id,
            int agency,
            int customer,
            int product,
            int quantity,
            BigDecimal price,
            String currency,
            String status,
            Instant bookedAt,
            Instant updatedAt) {
        BigDecimal amount() {
            return price.multiply(BigDecimal.valueOf(quantity));
        }
    }

    record ShopOrder(
            int id,
            int customer,
            int product,
            int quantity,
            BigDecimal amount,
            String currency,
            String status,
            Instant orderedAt) {}

    KpiEvents(Random random) {
        this.random = random;
    }

    void some(int count) {
        while (arrivals.size() < count) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> booking();
                case 4, 5, 6, 7 -> click();
                default -> order();
            }
        }
    }

    List<Arrival> arrivals() {
        return arrivals;
    }

    int count() {
        return arrivals.size();
    }

    List<Click> clicks() {
        return clicks;
    }

    /** The last state of each. */
    List<Booking> bookings() {
        return newest.values().stream()
                .sorted(Comparator.comparing(Booking::id))
                .toList();
    }

    List<ShopOrder> orders() {
        return List.copyOf(orders.values());
    }

    static String country(int customer) {
        return List.of("DE", "FR", "AE", "US", "SE").get(customer % 5);
    }

    static @Nullable String segment(int customer) {
        return customer % 7 == 0
                ? null
                : List.of("business", "leisure", "group").get(customer % 3);
    }

    static String type(int product) {
        return List.of("flight", "hotel", "car").get(product % 3);
    }

    static @Nullable String destination(int product) {
        return product % 11 == 0 ? null : "City " + product % 6;
    }

    private Instant moment() {
        return START.plusMillis(random.nextLong(Duration.ofHours(HOURS).toMillis()));
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "null" : '"' + text + '"';
    }

    private void click() {
        Click click = new Click(
                "u" + random.nextInt(300),
                ACTIONS.get(random.nextInt(ACTIONS.size())),
                moment(),
                random.nextInt(10) == 0 ? null : pick("DE", "FR", "AE"),
                random.nextInt(10) == 0 ? null : pick("mobile", "desktop"));
        clicks.add(click);
        String id = "e" + clicks.size();
        String payload = """
                {"event_id":"%s","user_id":" %s ","action":"%s","event_time":"%s","device":%s,"location":{"country":%s},
                 "engagement":{"time_on_page_ms":%d}}""".formatted(
                        id,
                        click.user(),
                        click.action(),
                        click.at(),
                        quoted(click.device()),
                        click.country() == null
                                ? "null"
                                : quoted(
                                        random.nextInt(5) == 0
                                                ? " " + click.country().toLowerCase(java.util.Locale.ROOT)
                                                : click.country()),
                        random.nextInt(60_000));
        arrive("clickstream", id, payload);
        if (random.nextInt(20) == 0) {
            arrive("clickstream", id, payload);
        }
    }

    private void booking() {
        Instant at = moment();
        Booking booking = new Booking(
                newest.size(),
                random.nextInt(9),
                random.nextInt(120),
                random.nextInt(40),
                1 + random.nextInt(5),
                BigDecimal.valueOf(1 + random.nextInt(90_000), 2),
                pick("EUR", "USD", "AED"),
                "created",
                at,
                at);
        newest.put("b" + booking.id(), booking);
        tell(booking);
        while (random.nextInt(3) == 0) {
            booking = new Booking(
                    booking.id(),
                    booking.agency(),
                    booking.customer(),
                    booking.product(),
                    1 + random.nextInt(5),
                    booking.price(),
                    booking.currency(),
                    pick("created", "confirmed", "cancelled"),
                    booking.bookedAt(),
                    booking.updatedAt().plusSeconds(1 + random.nextInt(100_000)));
            newest.put("b" + booking.id(), booking);
            tell(booking);
        }
    }

    private void tell(Booking booking) {
        String payload = """
                {"booking_id":"b%d","agency_id":"a%d","agency_name":"Agency %d",
                 "customer":{"id":"c%d","name":"Customer","country":"%s","segment":%s},
                 "product":{"id":"p%d","name":"Product %d","type":"%s","destination":%s},
                 "quantity":%d,"unit_price":%s,"currency":"%s","amount":%s,"status":"%s","booked_at":"%s","updated_at":"%s"}""".formatted(
                        booking.id(),
                        booking.agency(),
                        booking.agency(),
                        booking.customer(),
                        country(booking.customer()),
                        quoted(segment(booking.customer())),
                        booking.product(),
                        booking.product(),
                        type(booking.product()),
                        quoted(destination(booking.product())),
                        booking.quantity(),
                        booking.price(),
                        booking.currency(),
                        booking.amount(),
                        booking.status(),
                        booking.bookedAt(),
                        booking.updatedAt());
        arrive("bookings", "h" + booking.id() + booking.updatedAt(), payload);
        if (random.nextInt(20) == 0) {
            arrive("bookings", "h" + booking.id() + booking.updatedAt(), payload);
        }
    }

    /** The shop tells of a customer, a product, and an order that may change and go later. */
    private void order() {
        ShopOrder order = new ShopOrder(
                orders.size() + number,
                random.nextInt(120),
                random.nextInt(40),
                1 + random.nextInt(3),
                BigDecimal.valueOf(1 + random.nextInt(90_000), 2),
                pick("EUR", "USD"),
                "created",
                moment());
        change("customers", "customer_id", "c" + order.customer(), "u", """
                {"customer_id":"c%d","name":"Customer","country":"%s","segment":%s}""".formatted(
                        order.customer(), country(order.customer()), quoted(segment(order.customer()))));
        change("products", "product_id", "p" + order.product(), "u", """
                {"product_id":"p%d","name":"Product %d","type":"%s","destination":%s}""".formatted(
                        order.product(), order.product(), type(order.product()), quoted(destination(order.product()))));
        tell(order);
        if (random.nextInt(4) == 0) {
            order = new ShopOrder(
                    order.id(),
                    order.customer(),
                    order.product(),
                    order.quantity(),
                    order.amount().add(BigDecimal.ONE),
                    order.currency(),
                    pick("paid", "cancelled"),
                    order.orderedAt());
            tell(order);
        }
        if (random.nextInt(10) == 0) {
            orders.remove(order.id());
            change("orders", "order_id", "o" + order.id(), "d", "null");
        }
    }

    private void tell(ShopOrder order) {
        orders.put(order.id(), order);
        change("orders", "order_id", "o" + order.id(), "u", """
                {"order_id":"o%d","customer_id":"c%d","product_id":"p%d","quantity":%d,"amount":%s,"currency":"%s","status":"%s",
                 "ordered_at":"%s"}""".formatted(
                        order.id(),
                        order.customer(),
                        order.product(),
                        order.quantity(),
                        order.amount(),
                        order.currency(),
                        order.status(),
                        order.orderedAt()));
    }

    private void change(String table, String key, String id, String op, String after) {
        int lsn = ++number;
        arrive("shop", "s" + lsn, """
                {"change_id":"s%1$d","schema":"shop","table":"%2$s","op":"%3$s","epoch":1,"lsn":%1$d,"number":0,"changed_at":"%4$s",
                 "key":{"%5$s":"%6$s"},"after":%7$s}""".formatted(lsn, table, op, START.plusSeconds(lsn), key, id, after));
    }

    private void arrive(String stream, String id, String payload) {
        arrivals.add(new Arrival(stream, id, payload.replace("\n", ""), arrivals.size()));
    }
}
