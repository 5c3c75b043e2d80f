package dev.wadi.generator;

import dev.wadi.generator.World.City;
import dev.wadi.generator.World.Customer;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Visitors of a travel site: they search, look, put into the cart and, a few of them, buy. */
final class ClickstreamStory implements Story {
    /** Between two new sessions in the busiest hour, in milliseconds. */
    private static final long BETWEEN_SESSIONS = 300;
    /** On one page, in milliseconds. */
    private static final long ON_PAGE = 25_000;

    private static final String SITE = "https://travel.example.com";

    private static final List<Spoiling> SPOILINGS = List.of(
            new Spoiling("\"user_id\":", "\"userId\":"),
            new Spoiling("\"action\":\"", "\"action\":\"do_"),
            new Spoiling("\"event_time\":\"", "\"event_time\":\"about "),
            new Spoiling("\"lat\":", "\"lat\":\"north\",\"was\":"),
            new Spoiling("\"time_on_page_ms\":", "\"time_on_page_ms\":-"));

    private static final Spoiling TIE = new Spoiling("\"user_agent\":\"", "\"user_agent\":\"New ");

    private static final List<String> OPTIONAL = List.of(
            "\"session_id\":",
            "\"product_id\":",
            "\"page_url\":",
            "\"referrer\":",
            "\"user_agent\":",
            "\"device\":",
            "\"city\":",
            "\"lat\":",
            "\"scroll_depth\":");

    private record Device(String kind, String userAgent) {}

    private static final List<Device> DEVICES = List.of(
            new Device("mobile", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile Safari/604.1"),
            new Device("mobile", "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/130.0 Mobile Safari/537.36"),
            new Device("desktop", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36"),
            new Device("desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Firefox/132.0"),
            new Device("tablet", "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) Safari/604.1"));
    private static final List<String> REFERRERS = List.of(
            "https://search.example.org/", "https://news.example.net/travel", "https://social.example.com/", "");

    /** One visit of one user; {@code step} and {@code product} move on. */
    private static final class Session {
        final String id;
        final Customer user;
        final Device device;
        String referrer;
        /** What happens next, and when. */
        String step;

        long at;
        int product;
        /** Whether it began with a login, so that it ends with a logout. */
        boolean loggedIn;

        Session(String id, Customer user, Device device, String referrer, String step, long at) {
            this.id = id;
            this.user = user;
            this.device = device;
            this.referrer = referrer;
            this.step = step;
            this.at = at;
        }
    }

    private final Random random;
    private final Pace pace;
    private final Queue<Session> sessions = new PriorityQueue<>(
            Comparator.<Session>comparingLong(session -> session.at).thenComparing(session -> session.id));
    private long nextSessionAt;

    ClickstreamStory(Options options) {
        random = new Random(options.seed());
        pace = new Pace(random);
        nextSessionAt = options.start().toEpochMilli();
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
        Session session = sessions.peek();
        if (session == null || session.at > nextSessionAt) {
            session = begin(nextSessionAt);
            nextSessionAt += pace.aboutAt(nextSessionAt, BETWEEN_SESSIONS);
        } else {
            sessions.remove();
        }
        long onPage = pace.about(ON_PAGE);
        String following = following(session);
        String text = json(session, onPage);
        boolean last = following == null;
        if (following != null) {
            session.referrer = SITE + page(session);
            session.step = following;
            session.at += onPage;
            sessions.add(session);
        }
        return new Moment(session.id, text, last);
    }

    private Session begin(long now) {
        Customer user = World.customer((int) (random.nextDouble() * random.nextDouble() * World.CUSTOMERS));
        Session session = new Session(
                "S-" + uuid(now),
                user,
                DEVICES.get(random.nextInt(DEVICES.size())),
                REFERRERS.get(random.nextInt(REFERRERS.size())),
                random.nextInt(100) < 25 ? "login" : "search",
                now);
        session.loggedIn = session.step.equals("login");
        choose(session);
        return session;
    }

    private void choose(Session session) {
        session.product = (int) (random.nextDouble() * random.nextDouble() * World.PRODUCTS);
    }

    /** The step after the one at hand; null when the visit ends with it. */
    private @Nullable String following(Session session) {
        int chance = random.nextInt(100);
        return switch (session.step) {
            case "login" -> "search";
            case "search" -> chance < 20 ? "search" : chance < 85 ? "view_product" : leave(session);
            case "view_product" ->
                chance < 40 ? "view_product" : chance < 60 ? "add_to_cart" : chance < 75 ? "search" : leave(session);
            case "add_to_cart" -> chance < 45 ? "purchase" : chance < 65 ? "view_product" : leave(session);
            case "purchase" -> chance < 10 ? "search" : leave(session);
            default -> null;
        };
    }

    private static @Nullable String leave(Session session) {
        return session.loggedIn ? "logout" : null;
    }

    private String json(Session session, long onPage) {
        City city = session.user.home();
        // cart and purchase are about the product that was looked at
        if (session.step.equals("view_product")) {
            choose(session);
        }
        StringBuilder out = new StringBuilder(640);
        out.append("{\"event_id\":\"").append(uuid(session.at));
        out.append("\",\"user_id\":\"").append(session.user.id());
        out.append("\",\"session_id\":\"").append(session.id);
        out.append("\",\"action\":\"").append(session.step);
        out.append("\",\"event_time\":\"");
        Pace.write(out, session.at);
        if (aboutProduct(session)) {
            out.append("\",\"product_id\":\"");
            productId(out, session.product);
        }
        out.append("\",\"page_url\":\"").append(SITE).append(page(session));
        if (!session.referrer.isEmpty()) {
            out.append("\",\"referrer\":\"").append(session.referrer);
        }
        out.append("\",\"user_agent\":\"").append(session.device.userAgent());
        out.append("\",\"device\":\"").append(session.device.kind());
        out.append("\",\"location\":{\"country\":\"").append(city.country());
        out.append("\",\"city\":\"").append(city.name());
        out.append("\",\"lat\":").append(city.latitude());
        out.append(",\"lon\":").append(city.longitude());
        out.append("},\"engagement\":{\"time_on_page_ms\":").append(onPage);
        int scrolled = random.nextInt(100);
        out.append(",\"scroll_depth\":0.").append(scrolled / 10).append(scrolled % 10);
        return out.append("}}").toString();
    }

    private static boolean aboutProduct(Session session) {
        return switch (session.step) {
            case "view_product", "add_to_cart", "purchase" -> true;
            default -> false;
        };
    }

    private static String page(Session session) {
        return switch (session.step) {
            case "login" -> "/login";
            case "logout" -> "/logout";
            case "search" -> "/search";
            case "add_to_cart" -> "/cart";
            case "purchase" -> "/checkout";
            default ->
                productId(new StringBuilder("/products/"), session.product).toString();
        };
    }

    /** As in {@link World#product}. */
    private static StringBuilder productId(StringBuilder out, int number) {
        out.append("P-");
        for (int digit = 1000; digit > 0; digit /= 10) {
            out.append(number / digit % 10);
        }
        return out;
    }

    /** A UUID of version 7: ids that are made one after the other lie beside each other, in order and in files. */
    private String uuid(long at) {
        return new UUID(
                        at << 16 | 0x7000L | random.nextLong() & 0x0FFFL,
                        random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | Long.MIN_VALUE)
                .toString();
    }
}
