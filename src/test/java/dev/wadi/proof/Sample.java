package dev.wadi.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Made-up events of the two streams. The same seed gives the same events. Attributes of a product, an agency or a
 * customer are functions of its id, so that the order of arrival decides nothing but the state of a booking.
 */
public final class Sample {
    public static final String CLICKSTREAM = "clickstream";
    public static final String BOOKINGS = "bookings";

    /** Events fall into {@link #DAYS} days from here. */
    static final LocalDate FIRST_DAY = LocalDate.of(2026, 5, 20);

    static final int DAYS = 30;

    private static final Instant START = Instant.parse("2026-05-20T00:00:00Z");
    private static final List<String> ACTIONS =
            List.of("view_product", "add_to_cart", "purchase", "search", "login", "logout");
    private static final List<String> DEVICES = List.of("desktop", "mobile", "tablet");
    private static final List<String> COUNTRIES = List.of("DE", "FR", "ES", "AE", "US");
    private static final List<String> CURRENCIES = List.of("EUR", "USD", "AED");
    private static final List<String> TYPES = List.of("flight", "hotel", "car");
    private static final List<String> SEGMENTS = List.of("consumer", "business", "group");
    private static final List<String> STATUSES = List.of("created", "confirmed", "cancelled");

    private final Random random;
    private final String prefix;
    private int clicks;
    private int bookings;

    public Sample(long seed) {
        random = new Random(seed);
        prefix = Long.toHexString(seed & 0xffffff);
    }

    /** A new event of the clickstream. */
    public ObjectNode click() {
        ObjectNode click = Json.MAPPER.createObjectNode();
        String action = pick(ACTIONS);
        int user = random.nextInt(400);
        click.put("event_id", "c-%s-%06d".formatted(prefix, clicks++));
        click.put("user_id", "u-" + user);
        click.put("session_id", "s-" + user + "-" + random.nextInt(20));
        click.put("action", action);
        click.put("event_time", moment().toString());
        if (!action.startsWith("log")) {
            click.put("product_id", "p-" + random.nextInt(60));
        }
        click.put("page_url", "https://shop.example/p/" + random.nextInt(60) + "?q=a%20b&l=é");
        if (random.nextBoolean()) {
            click.put("referrer", "https://search.example/\"quoted\"");
        }
        click.put("user_agent", "Mozilla/5.0 (it's a; test)");
        if (random.nextInt(20) > 0) {
            click.put("device", pick(DEVICES));
        }
        ObjectNode location = click.putObject("location");
        if (random.nextInt(20) > 0) {
            location.put("country", untidy(pick(COUNTRIES)));
        }
        location.put("city", "Zürich");
        location.put("lat", random.nextInt(-90_000, 90_000) / 1000.0);
        location.put("lon", random.nextInt(-180_000, 180_000) / 1000.0);
        ObjectNode engagement = click.putObject("engagement");
        engagement.put("time_on_page_ms", random.nextInt(600_000));
        engagement.put("scroll_depth", random.nextInt(100) / 100.0);
        return click;
    }

    /** A new booking, in its first state. */
    public ObjectNode booking() {
        ObjectNode booking = Json.MAPPER.createObjectNode();
        int agency = random.nextInt(12);
        int customer = random.nextInt(500);
        int product = random.nextInt(60);
        Instant at = moment();
        int quantity = 1 + random.nextInt(5);
        BigDecimal price = BigDecimal.valueOf(random.nextInt(2_000, 90_000), 2);
        booking.put("booking_id", "b-%s-%06d".formatted(prefix, bookings++));
        booking.put("agency_id", "a-" + agency);
        booking.put("agency_name", "Agency " + agency);
        ObjectNode person = booking.putObject("customer");
        person.put("id", "k-" + customer);
        person.put("name", "Customer " + customer);
        person.put("email", "Customer" + customer + "@Example.org");
        person.put("country", untidy(COUNTRIES.get(customer % COUNTRIES.size())));
        person.put("segment", SEGMENTS.get(customer % SEGMENTS.size()));
        ObjectNode what = booking.putObject("product");
        what.put("id", "p-" + product);
        what.put("name", "Product " + product);
        what.put("type", TYPES.get(product % TYPES.size()));
        what.put("destination", "City " + product % 7);
        booking.put("quantity", quantity);
        booking.put("unit_price", Json.plain(price));
        booking.put("currency", untidy(CURRENCIES.get(agency % CURRENCIES.size())));
        booking.put("amount", Json.plain(price.multiply(BigDecimal.valueOf(quantity))));
        booking.put("status", "created");
        booking.put("booked_at", at.toString());
        booking.put("travel_date", FIRST_DAY.plusDays(40 + random.nextInt(100)).toString());
        booking.put("updated_at", at.toString());
        return booking;
    }

    /** A later state of the same booking: another status, perhaps another quantity and so another amount. */
    public ObjectNode update(ObjectNode before) {
        ObjectNode after = before.deepCopy();
        Instant last = Instant.parse(before.get("updated_at").asText());
        after.put("updated_at", last.plusMillis(1 + random.nextInt(86_400_000)).toString());
        after.put("status", pick(STATUSES));
        if (random.nextBoolean()) {
            int quantity = 1 + random.nextInt(5);
            BigDecimal price = before.get("unit_price").decimalValue();
            after.put("quantity", quantity);
            after.put("amount", Json.plain(price.multiply(BigDecimal.valueOf(quantity))));
        }
        return after;
    }

    /** The event with one fault that its contract names. */
    public ObjectNode spoil(ObjectNode event) {
        ObjectNode bad = event.deepCopy();
        boolean click = bad.has("event_id");
        switch (random.nextInt(4)) {
            case 0 -> bad.remove(click ? "user_id" : "booking_id");
            case 1 -> bad.put(click ? "action" : "status", "dance");
            case 2 -> bad.put(click ? "event_time" : "updated_at", "yesterday");
            default -> {
                if (click) {
                    ((ObjectNode) bad.get("engagement")).put("time_on_page_ms", "long");
                } else {
                    bad.put("quantity", "two");
                }
            }
        }
        return bad;
    }

    /** Bytes that are no JSON and hold no line break. */
    public byte[] noise() {
        return ("{\"event_id\": \"half-" + random.nextInt() + "\", ").getBytes(StandardCharsets.UTF_8);
    }

    /** Now and then in lower case and with a space. */
    private String untidy(String code) {
        return random.nextInt(10) == 0 ? " " + code.toLowerCase(Locale.ROOT) : code;
    }

    private Instant moment() {
        return START.plus(random.nextLong(DAYS * 86_400_000L), ChronoUnit.MILLIS);
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
