package dev.wadi.merge;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random events of all streams, close together, so that they meet: few ids, few moments, late words about customers, sessions
 * across the end of a month, orders of the shop that are deleted and truncated.
 */
final class GoldEvents {
    private static final Instant START = Instant.parse("2026-10-30T00:00:00Z");
    private static final int HOURS = 96;

    private final Random random;

    /** Something a booking or the shop said. */
    record Word(String customer, Instant at, String by, String name, String country) {}

    record Booking(
            String id,
            String customer,
            String name,
            String country,
            String product,
            String currency,
            int amount,
            String status,
            Instant bookedAt,
            Instant updatedAt) {}

    record Click(String id, String user, String action, Instant at, String page) {}

    record Rate(String currency, LocalDate day, int rate, int number) {}

    /** An event on its way into bronze, as a SELECT of one row. */
    record Arrival(String stream, String row) {}

    final TreeMap<String, Booking> bookings = new TreeMap<>();
    final List<Word> words = new ArrayList<>();
    final List<Click> clicks = new ArrayList<>();
    final List<Rate> rates = new ArrayList<>();
    final List<Arrival> arrivals = new ArrayList<>();
    private int number;

    GoldEvents(Random random) {
        this.random = random;
    }

    /** Makes {@code count} events. */
    void some(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> booking();
                case 4, 5, 6 -> click();
                case 7, 8 -> shop();
                default -> rateOrHoliday();
            }
        }
    }

    private Instant moment(int minutes) {
        return START.plus(Duration.ofMinutes((long) random.nextInt(HOURS * 60 / minutes) * minutes));
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }

    private void booking() {
        String id = "b" + random.nextInt(25);
        Instant updated = moment(60);
        if (bookings.containsKey(id + " " + updated)) {
            return; // two states at one time are decided by who comes first
        }
        Booking booking = new Booking(
                id,
                "c" + random.nextInt(6),
                pick("Ann", "Ann", "Anna"),
                pick("DE", "SE"),
                "p" + random.nextInt(4),
                pick("EUR", "USD", "XTS"),
                100 + random.nextInt(900),
                pick("created", "confirmed", "cancelled"),
                moment(60),
                updated);
        bookings.put(id + " " + updated, booking);
        words.add(new Word(booking.customer(), updated, id, booking.name(), booking.country()));
        arrive("bookings", """
                {"booking_id":"%s","agency_id":"a%d","agency_name":"Agency","customer":{"id":"%s","name":"%s","country":"%s"},
                 "product":{"id":"%s","name":"Product","type":"hotel"},"quantity":1,"unit_price":1,"currency":"%s","amount":%d,
                 "status":"%s","booked_at":"%s","updated_at":"%s"}""".formatted(
                        booking.id(),
                        random.nextInt(3),
                        booking.customer(),
                        booking.name(),
                        booking.country(),
                        booking.product(),
                        booking.currency(),
                        booking.amount(),
                        booking.status(),
                        booking.bookedAt(),
                        booking.updatedAt()));
    }

    private void click() {
        Click click = new Click(
                "e%04d".formatted(random.nextInt(10_000)),
                "u" + random.nextInt(4),
                pick("search", "view", "purchase"),
                moment(10),
                "/" + random.nextInt(3));
        if (clicks.stream().anyMatch(other -> other.id().equals(click.id()))) {
            return;
        }
        clicks.add(click);
        arrive(
                "clickstream",
                """
                {"event_id":"%s","user_id":"%s","action":"%s","event_time":"%s","page_url":"%s","device":"mobile",
                 "engagement":{"time_on_page_ms":%d}}""".formatted(click.id(), click.user(), click.action(), click.at(), click.page(), random.nextInt(9)),
                click.id());
    }

    private void shop() {
        int lsn = ++number;
        Instant at = moment(60);
        switch (random.nextInt(4)) {
            case 0 -> {
                String id = "c" + random.nextInt(6);
                Word word = new Word(id, at, "~shop %020d".formatted(lsn), pick("Ann", "Anne"), pick("DE", "FR"));
                boolean deleted = random.nextInt(4) == 0;
                if (!deleted) {
                    words.add(word);
                }
                change("customers", "customer_id", id, deleted ? "d" : "u", lsn, at, """
                        {"customer_id":"%s","name":"%s","country":"%s"}""".formatted(
                                id, word.name(), word.country()));
            }
            case 1 -> {
                String id = "p" + random.nextInt(5);
                change("products", "product_id", id, random.nextInt(4) == 0 ? "d" : "u", lsn, at, """
                        {"product_id":"%s","name":"%s","type":"car"}""".formatted(
                                id, pick("Car", "Van")));
            }
            default -> {
                String id = "o" + random.nextInt(6);
                int kind = random.nextInt(12);
                String op = kind == 0 ? "t" : kind < 3 ? "d" : "u";
                change("orders", "order_id", id, op, lsn, at, """
                        {"order_id":"%s","customer_id":"c%d","product_id":"p%d","quantity":1,"amount":%d,"currency":"usd",
                         "status":"%s","ordered_at":"%s"}""".formatted(
                                id,
                                random.nextInt(8),
                                random.nextInt(6),
                                random.nextInt(500),
                                pick("created", "paid"),
                                moment(60)));
            }
        }
    }

    private void change(String table, String key, String id, String op, int lsn, Instant at, String after) {
        String row = op.equals("d") || op.equals("t") ? "null" : after;
        String keys = op.equals("t") ? "null" : "{\"%s\":\"%s\"}".formatted(key, id);
        arrive("shop", """
                {"change_id":"%1$d","schema":"shop","table":"%2$s","op":"%3$s","epoch":1,"lsn":%1$d,"number":0,"changed_at":"%4$s",
                 "key":%5$s,"after":%6$s}""".formatted(lsn, table, op, at, keys, row));
    }

    private void rateOrHoliday() {
        LocalDate day = LocalDate.ofInstant(moment(60), ZoneOffset.UTC);
        if (random.nextInt(4) == 0) {
            arrive(
                    "holidays",
                    "{\"day\":\"%s\",\"name\":\"%s\"}".formatted(day, pick("Reformation Day", "All Saints")));
            return;
        }
        Rate rate = new Rate("USD", day, 1 + random.nextInt(4), ++number);
        rates.add(rate);
        arrive("rates", "{\"currency\":\"usd\",\"day\":\"%s\",\"rate\":%d}".formatted(day, rate.rate()));
    }

    private void arrive(String stream, String payload) {
        arrive(stream, payload, stream + arrivals.size());
    }

    /** Received in the order in which they were made, whatever the order in which they are merged. */
    private void arrive(String stream, String payload, String id) {
        String received =
                START.plusSeconds(1_000_000L + number + arrivals.size()).toString();
        arrivals.add(new Arrival(
                stream,
                "SELECT '%s' AS event_id, '%s' AS payload, 'test' AS source, '%s' AS position, TIMESTAMPTZ '%s' AS received_at"
                        .formatted(id, payload.replace("'", "''"), id, received)));
    }
}
