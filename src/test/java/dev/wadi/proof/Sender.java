package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/** Sends parcels through the doors, checks each answer, and counts what became of the events. Not thread-safe. */
final class Sender implements AutoCloseable {
    private static final int UNCONFIRMED = 200;

    private final Http http;
    private final AmqpDoor amqp;
    private final Outcome outcome = new Outcome();
    private boolean partial;
    private int unconfirmed;

    /** What became of events; filled while sending. */
    static final class Outcome {
        long accepted;
        /** Told so by HTTP, and nowhere in the lake. */
        long refused;
        /** Bad ones published by AMQP, which cannot refuse. */
        long quarantined;

        /** What quarantine holds of them: one row for each stream and document, however often it came. */
        final Map<String, Set<String>> quarantine = new TreeMap<>();

        void quarantined(String stream, String document) {
            quarantined++;
            documents(stream).add(document);
        }

        Set<String> documents(String stream) {
            return quarantine.computeIfAbsent(stream, key -> new HashSet<>());
        }

        void add(Outcome other) {
            accepted += other.accepted;
            refused += other.refused;
            quarantined += other.quarantined;
            other.quarantine.forEach((stream, documents) -> documents(stream).addAll(documents));
        }
    }

    Sender(Http http, String amqpUri) throws IOException, TimeoutException {
        this.http = http;
        this.amqp = new AmqpDoor(amqpUri);
    }

    Outcome outcome() {
        return outcome;
    }

    void send(Parcel parcel) throws IOException, InterruptedException, TimeoutException {
        if (parcel.form().amqp()) {
            publish(parcel);
        } else if (parcel.badIndexes().isEmpty()) {
            post(parcel);
        } else {
            // Alternate: all or nothing and then again without the bad ones; or all at once, for what fits.
            partial = !partial;
            postWithFaults(parcel, partial);
        }
    }

    private void publish(Parcel parcel) throws IOException, InterruptedException, TimeoutException {
        amqp.publish(parcel.stream(), parcel.form().contentType, parcel.body());
        for (Parcel.Item item : parcel.items()) {
            if (item.good()) {
                outcome.accepted++;
            } else {
                outcome.quarantined(parcel.stream(), item.text());
            }
        }
        if (++unconfirmed == UNCONFIRMED) {
            amqp.confirm();
            unconfirmed = 0;
        }
    }

    private void post(Parcel parcel) throws IOException, InterruptedException {
        Http.Answer answer = answer(parcel, "");
        require(answer.status() == 202, answer, "202 for " + parcel.form());
        JsonNode receipt = answer.json();
        require(receipt.path("accepted").asInt() == parcel.items().size(), answer, "all to be accepted");
        require(!receipt.path("receipt").asText().isEmpty(), answer, "a receipt");
        outcome.accepted += parcel.items().size();
    }

    private void postWithFaults(Parcel parcel, boolean takeTheGood) throws IOException, InterruptedException {
        Parcel good = parcel.goodOnly();
        Http.Answer answer = answer(parcel, takeTheGood ? "?partial=true" : "");
        boolean some = takeTheGood && !good.items().isEmpty();
        require(answer.status() == (some ? 202 : 422), answer, (some ? "202 for " : "422 for ") + parcel.form());
        Set<Integer> named = new TreeSet<>();
        answer.json()
                .path("problems")
                .forEach(problem -> named.add(problem.path("index").asInt()));
        require(named.equals(new TreeSet<>(parcel.badIndexes())), answer, "problems of items " + parcel.badIndexes());
        outcome.refused += parcel.badIndexes().size();
        if (some) {
            require(answer.json().path("accepted").asInt() == good.items().size(), answer, "the good ones accepted");
            outcome.accepted += good.items().size();
        } else if (!good.items().isEmpty()) {
            post(good);
        }
    }

    /** Posts, and again after a pause as long as the door asks for patience. */
    private Http.Answer answer(Parcel parcel, String query) throws IOException, InterruptedException {
        while (true) {
            Http.Answer answer = http.post(
                    "/api/events/" + parcel.stream() + query,
                    parcel.form().contentType,
                    parcel.body(),
                    parcel.headers());
            if (answer.status() != 429 && answer.status() != 503) {
                return answer;
            }
            require(answer.headers().firstValue("Retry-After").isPresent(), answer, "a Retry-After");
            Thread.sleep(200);
        }
    }

    private static void require(boolean condition, Http.Answer answer, String what) {
        if (!condition) {
            throw new AssertionError("expected " + what + ", but got " + answer.status() + ": " + answer.body());
        }
    }

    /** Waits until the broker has confirmed everything. */
    void flush() throws IOException, InterruptedException, TimeoutException {
        amqp.confirm();
    }

    @Override
    public void close() {
        amqp.close();
    }
}
