package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.EventShape;
import dev.wadi.engine.Workspace;
import dev.wadi.event.Decoded;
import dev.wadi.event.Event;
import dev.wadi.event.EventDecoder;
import dev.wadi.event.Refusal;
import dev.wadi.event.UnreadableBodyException;
import dev.wadi.file.Places;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The intake of a table of events: decodes on the caller's thread, merges on its own. */
final class TableIntake implements Intake, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableIntake.class);

    private final Contract contract;
    private final EventDecoder decoder;
    private final Merger merger;
    private final Inbox inbox;
    private final Thread worker;

    /** A delivery, decoded, and what to complete once it is committed. */
    record Item(Delivery delivery, Decoded decoded, List<Refused> unreadable, CompletableFuture<MergeOutcome> done) {
        /** At least one, so that every delivery takes room. */
        int rows() {
            return Math.max(1, decoded.events().size() + decoded.refusals().size() + unreadable.size());
        }

        long bytes() {
            return delivery.body().length;
        }
    }

    TableIntake(Contract contract, EventShape shape, Merger merger, IntakeSettings settings) {
        this.contract = contract;
        this.decoder = new EventDecoder(shape);
        this.merger = merger;
        this.inbox = new Inbox(settings);
        this.worker = Thread.ofPlatform().name("intake-" + contract.table()).start(this::work);
    }

    @Override
    public Contract contract() {
        return contract;
    }

    @Override
    public CompletableFuture<MergeOutcome> submit(Delivery delivery) throws InterruptedException {
        Places places = delivery.places();
        if (places != null && places.numbers().length == 0) {
            return put(delivery, new Decoded(List.of(), List.of()), unread(delivery));
        }
        try {
            if (delivery.body().length == 0 && delivery.watermark() != null) {
                return put(delivery, new Decoded(List.of(), List.of()), List.of()); // the watermark alone
            }
            return put(delivery, decoder.decode(delivery.body(), delivery.contentType()), unread(delivery));
        } catch (UnreadableBodyException e) {
            return refuse(delivery, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public CompletableFuture<MergeOutcome> refuse(Delivery delivery, String why) throws InterruptedException {
        Refused refused =
                malformed(delivery, why, new String(delivery.body(), StandardCharsets.UTF_8), delivery.position());
        return put(delivery, new Decoded(List.of(), List.of()), List.of(refused));
    }

    private CompletableFuture<MergeOutcome> put(Delivery delivery, Decoded decoded, List<Refused> unreadable)
            throws InterruptedException {
        Item item = new Item(delivery, decoded, unreadable, new CompletableFuture<>());
        inbox.put(item);
        return item.done();
    }

    /** The rows of a file that became no event. */
    private static List<Refused> unread(Delivery delivery) {
        Places places = delivery.places();
        return places == null
                ? List.of()
                : places.unread().stream()
                        .map(row -> malformed(
                                delivery,
                                row.problem(),
                                row.text(),
                                delivery.position() + "#" + places.of(row.number())))
                        .toList();
    }

    private static Refused malformed(Delivery delivery, String message, String payload, String position) {
        return new Refused(Refused.Reason.MALFORMED, message, payload, delivery.source(), position, Instant.now());
    }

    @Override
    public long queued() {
        return inbox.rows();
    }

    /** Seconds that the oldest delivery in the inbox has waited; 0 for none. */
    double oldestSeconds() {
        return inbox.oldestSeconds();
    }

    private void work() {
        try (Workspace workspace = Workspace.open(merger.duckDb())) {
            while (true) {
                List<Item> items = inbox.take();
                if (items.isEmpty()) {
                    return;
                }
                commit(items, workspace);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            inbox.fail(new MergeException(
                    "%s: the intake is closed; the delivery goes back to its source".formatted(contract.table())));
        }
    }

    /** An Error too must fail the deliveries, or their doors would wait for ever. */
    @SuppressWarnings("CatchingUnchecked")
    private void commit(List<Item> taken, Workspace workspace) {
        List<Item> items = whole(taken);
        try {
            if (!items.isEmpty()) {
                MergeOutcome outcome = merger.merge(
                        contract,
                        () -> stage(items, workspace),
                        sources(items),
                        refused(items),
                        Watermark.last(items.stream().map(Item::delivery).toList()));
                items.forEach(item -> item.done().complete(outcome));
            }
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "{}: {} deliveries go back to their source: {}", contract.table(), items.size(), e.getMessage(), e);
            items.forEach(TableIntake::breakOff);
            items.forEach(item -> item.done().completeExceptionally(e));
        } finally {
            inbox.release(taken);
        }
    }

    /** The items but those whose reading failed before them: these fail too. */
    private List<Item> whole(List<Item> items) {
        List<Item> whole = new ArrayList<>();
        for (Item item : items) {
            Watermark watermark = item.delivery().watermark();
            if (watermark != null && watermark.reading().broken()) {
                item.done()
                        .completeExceptionally(new MergeException(
                                "%s: an earlier delivery of %s failed, so this one waits for it to come again"
                                        .formatted(
                                                contract.table(),
                                                watermark.reading().reader())));
            } else {
                whole.add(item);
            }
        }
        return whole;
    }

    private static void breakOff(Item item) {
        Watermark watermark = item.delivery().watermark();
        if (watermark != null) {
            watermark.reading().breakOff();
        }
    }

    private static String sources(List<Item> items) {
        return items.stream().map(item -> item.delivery().source()).distinct().collect(Collectors.joining(","));
    }

    private static List<Refused> refused(List<Item> items) {
        List<Refused> refused = new ArrayList<>();
        for (Item item : items) {
            refused.addAll(item.unreadable());
            for (Refusal refusal : item.decoded().refusals()) {
                refused.add(new Refused(
                        Refused.Reason.CONTRACT,
                        refusal.problems().stream().map(Object::toString).collect(Collectors.joining("; ")),
                        refusal.payload(),
                        item.delivery().source(),
                        position(item, refusal.index()),
                        Instant.now()));
            }
        }
        return refused;
    }

    private static String position(Item item, int index) {
        Places places = item.delivery().places();
        if (places != null) {
            return item.delivery().position() + "#" + places.of(places.numbers()[index]);
        }
        return item.rows() == 1 ? item.delivery().position() : item.delivery().position() + "#" + index;
    }

    private Batch stage(List<Item> items, Workspace workspace) throws SQLException {
        Batch batch = Batch.create(contract, workspace);
        try (DuckDBAppender rows = workspace.appender("batch")) {
            long order = 0;
            for (Item item : items) {
                for (Event event : item.decoded().events()) {
                    rows.beginRow();
                    rows.append(order++);
                    for (Column column : contract.columns()) {
                        append(rows, column, item, event);
                    }
                    rows.endRow();
                }
            }
        }
        batch.derive();
        return batch;
    }

    private static void append(DuckDBAppender rows, Column column, Item item, Event event) throws SQLException {
        Column.Fill fill = column.fill();
        if (fill == null) {
            rows.appendNull();
            return;
        }
        switch (fill) {
            case EVENT_ID -> rows.append(event.id());
            case PAYLOAD -> rows.append(event.payload());
            case EXTRA -> rows.appendNull(); // see Batch.derive
            case SOURCE -> rows.append(item.delivery().source());
            case POSITION -> rows.append(position(item, event.index()));
            case RECEIVED_AT ->
                rows.appendEpochMicros(
                        ChronoUnit.MICROS.between(Instant.EPOCH, item.delivery().receivedAt()));
        }
    }

    /** Merges what is queued, then stops; what comes later is refused. */
    @Override
    public void close() {
        inbox.close();
        try {
            worker.join(8_000);
            if (worker.isAlive()) {
                LOG.warn(
                        "{}: the last batch is still being merged; its deliveries go back to their source",
                        contract.table());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
