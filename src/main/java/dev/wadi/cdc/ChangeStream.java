package dev.wadi.cdc;

import dev.wadi.merge.Reading;
import dev.wadi.route.Flight;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.component.debezium.postgres.configuration.PostgresConnectorEmbeddedDebeziumConfiguration;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one engine delivers, in the order of the log: first a snapshot unless there is a mark to go on from, then transactions.
 *
 * <p>The last change of a transaction waits for its end, to carry the mark of it: going on within a transaction, the changes
 * would be numbered anew. A batch is done when everything of it is committed; only then does the database learn how far it may
 * forget.
 */
final class ChangeStream implements DebeziumEngine.ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>> {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final Pattern PLAIN_TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*");

    private final Flight flight;
    private final ChangeEvents events;
    private final Runnable alive;
    private final String transactions;
    private final String heartbeats;
    private final List<String> tables;

    private long epoch;
    private @Nullable String watermark;
    private long order;
    private boolean inTransaction;
    private @Nullable Change held;

    /** An event and where it is from. */
    private record Change(byte[] event, String source, String position) {
        /**
         * Both as one. The delete and the insert that a change of a key is are committed together: once the delete is
         * committed alone, nobody knows the values that the insert leaves out.
         */
        Change behind(Change delete) {
            ByteArrayOutputStream both = new ByteArrayOutputStream(delete.event.length + event.length + 3);
            both.write('[');
            both.writeBytes(delete.event);
            both.write(',');
            both.writeBytes(event);
            both.write(']');
            return new Change(both.toByteArray(), source, position);
        }
    }

    /**
     * @param mark where the engine goes on; empty when it begins with a snapshot
     * @param alive told after each batch
     */
    ChangeStream(
            CdcConsumer consumer,
            PostgresConnectorEmbeddedDebeziumConfiguration configuration,
            Optional<Mark> mark,
            Runnable alive) {
        this.flight = new Flight(consumer, new Reading(consumer.getRouteId()), configuration.getMaxBatchSize() + 100);
        this.events = new ChangeEvents(configuration.getUnavailableValuePlaceholder());
        this.alive = alive;
        this.transactions = configuration.getTopicPrefix() + ".transaction";
        this.heartbeats = configuration.getHeartbeatTopicsPrefix() + "." + configuration.getTopicPrefix();
        this.epoch = mark.map(Mark::epoch).orElse(0L);
        this.watermark = mark.map(Mark::text).orElse(null);
        String included = configuration.getTableIncludeList();
        this.tables = included == null ? List.of() : List.of(COMMA.split(included.strip()));
    }

    @Override
    public void handleBatch(
            List<ChangeEvent<SourceRecord, SourceRecord>> records,
            DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
            throws InterruptedException {
        try {
            ChangeEvent<SourceRecord, SourceRecord> marked = null;
            for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
                if (take(event.value())) {
                    marked = event;
                }
            }
            flight.land();
            if (marked != null) {
                committer.markProcessed(marked);
            }
            committer.markBatchFinished();
            alive.run();
        } catch (Flight.Failed e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Returns whether the mark of this record is sent: the database may forget what is before it. */
    private boolean take(SourceRecord record) throws Flight.Failed, InterruptedException {
        String topic = record.topic();
        if (topic.equals(transactions)) {
            Struct value = (Struct) record.value();
            inTransaction = value.getString("status").equals("BEGIN");
            order = 0;
            return !inTransaction && ended(record);
        }
        if (topic.equals(heartbeats)) {
            return !inTransaction && held == null && epoch > 0 && ended(record);
        }
        Struct value = (Struct) record.value();
        if (value == null) {
            return false;
        }
        Struct source = value.getStruct("source");
        String snapshot = Place.snapshot(source);
        if (snapshot == null) {
            changed(record, value);
            return false;
        }
        return snapshotRow(record, value, source, snapshot);
    }

    /** At the end of a transaction that changed something its last change goes, with the mark; else the mark goes alone. */
    private boolean ended(SourceRecord record) throws Flight.Failed, InterruptedException {
        String reached = mark(record);
        Change last = held;
        held = null;
        if (last != null) {
            flight.send(last.event(), last.source(), last.position(), reached);
        } else if (record.topic().equals(heartbeats)) {
            if (reached.equals(watermark)) {
                return false;
            }
            flight.send(new byte[0], "postgresql:", "heartbeat", reached);
        } else {
            return false; // a heartbeat will tell
        }
        watermark = reached;
        return true;
    }

    private String mark(SourceRecord record) {
        Map<String, Object> offset = new HashMap<>(record.sourceOffset());
        offset.keySet().removeIf(key -> key.startsWith("transaction_") || key.startsWith("ts_"));
        return new Mark(epoch, new HashMap<>(record.sourcePartition()), offset).text();
    }

    private void changed(SourceRecord record, Struct value) throws Flight.Failed, InterruptedException {
        order++;
        Change now = change(Place.changed(value, epoch, order), record, value);
        Change before = held;
        if (before != null && record.headers().lastWithName(TopicChanges.PREVIOUS_KEY) != null) {
            held = now.behind(before);
            return;
        }
        if (before != null) {
            flight.send(before.event(), before.source(), before.position(), watermark);
        }
        held = now;
    }

    private boolean snapshotRow(SourceRecord record, Struct value, Struct source, String snapshot)
            throws Flight.Failed, InterruptedException {
        if (snapshot.equals("first") || epoch != source.getInt64("lsn")) {
            epoch = source.getInt64("lsn");
            order = 0;
            truncateAll(value);
        }
        order++;
        Change row = change(Place.shown(source, order, Long.toString(order)), record, value);
        boolean last = snapshot.equals("last");
        String reached = last ? mark(record) : null;
        flight.send(row.event(), row.source(), row.position(), reached);
        if (last) {
            watermark = reached;
            order = 0;
        }
        return last;
    }

    /** What a table had before a snapshot is gone: an earlier one may have been cut short, and a row deleted since. */
    private void truncateAll(Struct value) throws Flight.Failed, InterruptedException {
        List<String> plain = new ArrayList<>(tables);
        plain.removeIf(table -> !PLAIN_TABLE.matcher(table).matches());
        for (String table : plain) {
            int dot = table.indexOf('.');
            Place place = Place.emptied(table.substring(0, dot), table.substring(dot + 1), epoch);
            flight.send(events.truncate(place, value), place.source(), place.position(), null);
        }
    }

    private Change change(Place place, SourceRecord record, Struct value) {
        Header moved = record.headers().lastWithName(TopicChanges.PREVIOUS_KEY);
        byte[] event = events.change(
                place,
                record.key() instanceof Struct key ? key : null,
                moved != null && moved.value() instanceof Struct previous ? previous : null,
                value);
        return new Change(event, place.source(), place.position());
    }
}
