package dev.wadi.generator;

import dev.wadi.generator.World.Agency;
import dev.wadi.generator.World.Customer;
import dev.wadi.generator.World.Product;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;

/**
 * Partner agencies sell journeys: each booking is created, most are confirmed within the hour, some are cancelled, at
 * once or days later.
 */
final class BookingStory implements Story {
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;

    /** Between two new bookings in the busiest hour. */
    private static final long BETWEEN_BOOKINGS = 2_000;

    private static final List<Spoiling> SPOILINGS = List.of(
            new Spoiling("\"booking_id\":", "\"bookingId\":"),
            new Spoiling("\"status\":\"", "\"status\":\"maybe "),
            new Spoiling("\"quantity\":", "\"quantity\":\"some\",\"was\":"),
            new Spoiling("\"updated_at\":\"", "\"updated_at\":\"about "),
            new Spoiling("\"type\":\"", "\"type\":\"slow "));

    private static final Spoiling TIE = new Spoiling("\"agency_name\":\"", "\"agency_name\":\"New ");

    private static final List<String> OPTIONAL = List.of(
            "\"agency_name\":", "\"email\":", "\"country\":", "\"segment\":", "\"destination\":", "\"travel_date\":");

    /** A booking whose next change happens {@code at}; {@code then} is where it stands afterwards. */
    private record Change(Booking booking, String status, long at, boolean last) {}

    private record Booking(
            String id,
            Agency agency,
            Customer customer,
            Product product,
            int quantity,
            long bookedAt,
            String travelDate) {}

    private final Random random;
    private final Pace pace;
    private final String prefix;
    private final Queue<Change> changes = new PriorityQueue<>(Comparator.comparingLong(Change::at)
            .thenComparing(change -> change.booking().id()));
    private long nextBookingAt;
    private int bookings;

    BookingStory(Options options) {
        random = new Random(options.seed());
        pace = new Pace(random);
        prefix = "B-%08x-".formatted(Long.hashCode(options.seed() * 0x9E3779B97F4A7C15L));
        nextBookingAt = options.start().toEpochMilli();
    }

    @Override
    public List<Spoiling> spoilings() {
        return SPOILINGS;
    }

    @Override
    public List<String> optional() {
        return OPTIONAL;
    }

    @Override
    public Spoiling tie() {
        return TIE;
    }

    @Override
    public Moment next() {
        Change due = changes.peek();
        if (due != null && due.at() <= nextBookingAt) {
            changes.remove();
            return moment(due);
        }
        long now = nextBookingAt;
        nextBookingAt = now + pace.aboutAt(now, BETWEEN_BOOKINGS);
        return moment(create(now));
    }

    private Change create(long now) {
        // products of two random numbers are mostly small: few agencies, customers and products make most bookings
        double skew = random.nextDouble();
        Product product = World.product((int) (random.nextDouble() * random.nextDouble() * World.PRODUCTS));
        Booking booking = new Booking(
                prefix + "%07d".formatted(bookings++),
                World.agency((int) (skew * skew * World.AGENCIES)),
                World.customer((int) (random.nextDouble() * random.nextDouble() * World.CUSTOMERS)),
                product,
                1 + random.nextInt(product.type().equals("hotel") ? 10 : 4),
                now,
                LocalDate.ofEpochDay(Math.floorDiv(now, DAY) + 1 + random.nextInt(180))
                        .toString());
        // 4 of 100 stay as they were created
        boolean changes = random.nextInt(100) >= 4;
        return new Change(booking, "created", now, !changes);
    }

    /** Tells {@code change}, and plans what follows from it. */
    private Moment moment(Change change) {
        if (!change.last()) {
            plan(change);
        }
        return new Moment(change.booking().id(), json(change), change.last());
    }

    private void plan(Change change) {
        boolean created = change.status().equals("created");
        boolean cancels = !created || random.nextInt(100) < 7;
        long at = change.at() + pace.about(created ? 20 * MINUTE : 2 * DAY);
        boolean last = cancels || random.nextInt(100) >= 8;
        changes.add(new Change(change.booking(), cancels ? "cancelled" : "confirmed", at, last));
    }

    private static String json(Change change) {
        Booking booking = change.booking();
        Customer customer = booking.customer();
        Product product = booking.product();
        StringBuilder out = new StringBuilder(640);
        out.append("{\"booking_id\":\"").append(booking.id());
        out.append("\",\"agency_id\":\"").append(booking.agency().id());
        out.append("\",\"agency_name\":\"").append(booking.agency().name());
        out.append("\",\"customer\":{\"id\":\"").append(customer.id());
        out.append("\",\"name\":\"").append(customer.name());
        out.append("\",\"email\":\"").append(customer.email());
        out.append("\",\"country\":\"").append(customer.home().country());
        out.append("\",\"segment\":\"").append(customer.segment());
        out.append("\"},\"product\":{\"id\":\"").append(product.id());
        out.append("\",\"name\":\"").append(product.name());
        out.append("\",\"type\":\"").append(product.type());
        out.append("\",\"destination\":\"").append(product.destination());
        out.append("\"},\"quantity\":").append(booking.quantity());
        out.append(",\"unit_price\":");
        money(out, product.cents());
        out.append(",\"currency\":\"").append(booking.agency().currency());
        out.append("\",\"amount\":");
        money(out, product.cents() * booking.quantity());
        out.append(",\"status\":\"").append(change.status());
        out.append("\",\"booked_at\":\"");
        Pace.write(out, booking.bookedAt());
        out.append("\",\"travel_date\":\"").append(booking.travelDate());
        out.append("\",\"updated_at\":\"");
        Pace.write(out, change.at());
        return out.append("\"}").toString();
    }

    private static void money(StringBuilder out, long cents) {
        out.append(cents / 100).append('.');
        long rest = cents % 100;
        if (rest < 10) {
            out.append('0');
        }
        out.append(rest);
    }
}
