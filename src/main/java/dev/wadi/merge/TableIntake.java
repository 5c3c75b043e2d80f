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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The intake of a table of events: decodes on the caller's thread, merges on its own. */
final class TableIntake implements Intake, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableIntake.class);

    private final Contract contract;
    private final EventDecoder decoder;
    private final Merger merger;
    private final Arrivals arrivals;
    private final Inbox inbox;
    private final Thread worker;

    /** Deliveries beyond which an item is full: small beside a batch, so that batches close near their limits. */
    private static final int ITEM_ROWS = 1_000;

    private static final long ITEM_BYTES = 1 << 20;

    /** A delivery, decoded. */
    record Part(Delivery delivery, Decoded decoded, List<Refused> unreadable) {
        /** At least one, so that every delivery takes room. */
        int rows() {
            return Math.max(1, decoded.events().size() + decoded.refusals().size() + unreadable.size());
        }
    }

    /**
     * Deliveries that are committed together, and what to complete then.
     *
     * @param since when they were handed in, as of {@link System#nanoTime}
     */
    record Item(List<Part> parts, int rows, long bytes, long since, CompletableFuture<MergeOutcome> done) {
        static Item of(List<Part> parts) {
            int rows = 0;
            long bytes = 0;
            for (Part part : parts) {
                rows += part.rows();
                bytes += part.delivery().body().length;
            }
            return new Item(parts, rows, bytes, System.nanoTime(), new CompletableFuture<>());
        }
    }

    TableIntake(Contract contract, EventShape shape, Merger merger, Arrivals arrivals, IntakeSettings settings) {
        this.contract = contract;
        this.arrivals = arrivals;
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
        return put(List.of(part(delivery)));
    }

    @Override
    public CompletableFuture<Void> submitAll(List<Delivery> deliveries) throws InterruptedException {
        List<CompletableFuture<?>> all = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        int rows = 0;
        long bytes = 0;
        for (Delivery delivery : deliveries) {
            Part part = part(delivery);
            parts.add(part);
            rows += part.rows();
            bytes += delivery.body().length;
            if (rows >= ITEM_ROWS || bytes >= ITEM_BYTES) {
                all.add(put(parts));
                parts = new ArrayList<>();
                rows = 0;
                bytes = 0;
            }
        }
        if (!parts.isEmpty()) {
            all.add(put(parts));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private Part part(Delivery delivery) {
        if (delivery.refusal() != null) {
            return unreadable(delivery, delivery.refusal());
        }
        Places places = delivery.places();
        if (places != null && places.numbers().length == 0) {
            return new Part(delivery, new Decoded(List.of(), List.of()), unread(delivery));
        }
        if (delivery.body().length == 0 && delivery.watermark() != null) {
            return new Part(delivery, new Decoded(List.of(), List.of()), List.of()); // the watermark alone
        }
        try {
            return new Part(delivery, decoder.decode(delivery.body(), delivery.contentType()), unread(delivery));
        } catch (UnreadableBodyException e) {
            return unreadable(delivery, String.valueOf(e.getMessage()));
        }
    }

    private static Part unreadable(Delivery delivery, String why) {
        Refused refused =
                malformed(delivery, why, new String(delivery.body(), StandardCharsets.UTF_8), delivery.position());
        return new Part(delivery, new Decoded(List.of(), List.of()), List.of(refused));
    }

    private CompletableFuture<MergeOutcome> put(List<Part> parts) throws InterruptedException {
        Item item = Item.of(parts);
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

    /** Rows that were handed in within the last second. */
    long perSecond() {
        return inbox.perSecond();
    }

    /** Whether a source is being emptied into it as fast as it goes. */
    boolean flooded() {
        return inbox.flooded();
    }

    /** Seconds that the oldest delivery in the inbox has waited; 0 for none. */
    double oldestSeconds() {
        return inbox.oldestSeconds();
    }

    /** How long the oldest delivery that no commit holds was handed in ago; zero for none. */
    Duration uncommitted() {
        return inbox.uncommitted();
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
        List<Part> parts = items.stream().flatMap(item -> item.parts().stream()).toList();
        try {
            if (!items.isEmpty()) {
                MergeOutcome outcome = merger.merge(
                        contract,
                        () -> stage(parts, workspace),
                        sources(parts),
                        refused(parts),
                        Watermark.last(parts.stream().map(Part::delivery).toList()),
                        routes(parts));
                arrivals.note(contract.table(), version(outcome), parts);
                items.forEach(item -> item.done().complete(outcome));
            }
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "{}: {} deliveries go back to their source: {}", contract.table(), parts.size(), e.getMessage(), e);
            parts.forEach(TableIntake::breakOff);
            items.forEach(item -> item.done().completeExceptionally(e));
        } finally {
            inbox.release(taken);
        }
    }

    /** The version that holds a batch: where it changed nothing, its rows were there before. */
    private long version(MergeOutcome outcome) {
        return outcome instanceof MergeOutcome.Committed committed
                ? committed.version()
                : merger.lake().table(contract).latest().version();
    }

    /** The items but those whose reading failed before them: these fail too. */
    private List<Item> whole(List<Item> items) {
        List<Item> whole = new ArrayList<>();
        for (Item item : items) {
            Reading broken = broken(item);
            if (broken == null) {
                whole.add(item);
            } else {
                item.parts().forEach(TableIntake::breakOff);
                item.done()
                        .completeExceptionally(new MergeException(
                                "%s: an earlier delivery of %s failed, so this one waits for it to come again"
                                        .formatted(contract.table(), broken.reader())));
            }
        }
        return whole;
    }

    private static @Nullable Reading broken(Item item) {
        for (Part part : item.parts()) {
            Watermark watermark = part.delivery().watermark();
            if (watermark != null && watermark.reading().broken()) {
                return watermark.reading();
            }
        }
        return null;
    }

    private static void breakOff(Part part) {
        Watermark watermark = part.delivery().watermark();
        if (watermark != null) {
            watermark.reading().breakOff();
        }
    }

    private static String sources(List<Part> parts) {
        Set<String> sources = new LinkedHashSet<>();
        String last = "";
        for (Part part : parts) {
            String source = part.delivery().source();
            if (!source.equals(last)) {
                sources.add(source);
                last = source;
            }
        }
        return String.join(",", sources);
    }

    private static Set<Via> routes(List<Part> parts) {
        Set<Via> routes = new LinkedHashSet<>();
        Via last = null;
        for (Part part : parts) {
            Via via = part.delivery().via();
            if (via != null && via != last) {
                routes.add(via);
                last = via;
            }
        }
        return routes;
    }

    private static List<Refused> refused(List<Part> parts) {
        List<Refused> refused = new ArrayList<>();
        for (Part part : parts) {
            refused.addAll(part.unreadable());
            for (Refusal refusal : part.decoded().refusals()) {
                refused.add(new Refused(
                        Refused.Reason.CONTRACT,
                        refusal.problems().stream().map(Object::toString).collect(Collectors.joining("; ")),
                        refusal.payload(),
                        part.delivery().source(),
                        position(part, refusal.index()),
                        Instant.now()));
            }
        }
        return refused;
    }

    private static String position(Part part, int index) {
        Places places = part.delivery().places();
        if (places != null) {
            return part.delivery().position() + "#" + places.of(places.numbers()[index]);
        }
        return part.rows() == 1 ? part.delivery().position() : part.delivery().position() + "#" + index;
    }

    private Batch stage(List<Part> parts, Workspace workspace) throws SQLException {
        Batch batch = Batch.create(contract, workspace);
        try (DuckDBAppender rows = workspace.appender("batch")) {
            long order = 0;
            for (Part part : parts) {
                for (Event event : part.decoded().events()) {
                    rows.beginRow();
                    rows.append(order++);
                    for (Column column : contract.columns()) {
                        append(rows, column, part, event);
                    }
                    rows.endRow();
                }
            }
        }
        batch.derive();
        return batch;
    }

    private static void append(DuckDBAppender rows, Column column, Part part, Event event) throws SQLException {
        Column.Fill fill = column.fill();
        if (fill == null) {
            rows.appendNull();
            return;
        }
        switch (fill) {
            case EVENT_ID -> rows.append(event.id());
            case PAYLOAD -> rows.append(event.payload());
            case EXTRA -> rows.appendNull(); // see Batch.derive
            case SOURCE -> rows.append(part.delivery().source());
            case POSITION -> rows.append(position(part, event.index()));
            case RECEIVED_AT ->
                rows.appendEpochMicros(
                        ChronoUnit.MICROS.between(Instant.EPOCH, part.delivery().receivedAt()));
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
