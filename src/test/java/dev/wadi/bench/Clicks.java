package dev.wadi.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clickstream events of about 300 bytes, each with an id of its own, made by patching digits into a template. The numbers
 * go on over all parts of a run, so that no event is a duplicate of an earlier one. Thread-safe.
 */
final class Clicks {
    private static final String ID = "0000000000";
    private static final String USER = "u-0000";

    private final AtomicLong next = new AtomicLong();
    private final byte[] template;
    private final int idAt;
    private final int userAt;

    /** @param day the day on which all of them happen, as yyyy-mm-dd */
    Clicks(String run, String day) {
        String text = ("{\"event_id\":\"%s-%s\",\"user_id\":\"%s\",\"session_id\":\"s-17\",\"action\":\"view_product\","
                        + "\"event_time\":\"%sT12:00:00Z\",\"product_id\":\"p-42\",\"page_url\":\"https://shop.example/p/42\","
                        + "\"device\":\"mobile\",\"location\":{\"country\":\"DE\",\"city\":\"Berlin\"},"
                        + "\"engagement\":{\"time_on_page_ms\":1200,\"scroll_depth\":0.4}}")
                .formatted(run, ID, USER, day);
        template = text.getBytes(StandardCharsets.US_ASCII);
        idAt = text.indexOf("-" + ID) + 1;
        // not the first place that looks so: a run may be called after a letter and digits, too
        userAt = text.indexOf("\"" + USER) + 3;
    }

    /** A new event. */
    byte[] next() {
        byte[] event = template.clone();
        patch(event, 0);
        return event;
    }

    /** New events, one a line. */
    byte[] lines(int count) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(count * (template.length + 1));
        for (int i = 0; i < count; i++) {
            lines.writeBytes(next());
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    /** A request with one event; {@link #renew} makes the next one of it without copying. */
    ByteBuffer post() {
        return ByteBuffer.wrap(Requests.post("/api/events/clickstream", "application/json", next()));
    }

    ByteBuffer renew(ByteBuffer post) {
        patch(post.array(), post.capacity() - template.length);
        return post.clear();
    }

    private void patch(byte[] bytes, int offset) {
        long number = next.getAndIncrement();
        digits(bytes, offset + idAt, ID.length(), number);
        digits(bytes, offset + userAt, USER.length() - 2, number % 5_000);
    }

    private static void digits(byte[] bytes, int at, int width, long number) {
        long rest = number;
        for (int i = at + width - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
