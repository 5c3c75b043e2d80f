package dev.wadi.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * What tells a change from all others and orders it.
 *
 * <p>Changes are in the log of the database in the order in which they were made, and count in the order in which they were
 * committed. So the first of the three that order them is the place of the last commit before; a snapshot stands where it
 * was taken. Both are places in one log: captures of the same tables agree on the order, whenever each began.
 *
 * @param epoch place in the log of the commit before the transaction, or of the snapshot
 * @param lsn place in the log; 0 for a row of a snapshot
 * @param number of the change in its transaction, or of the row in the snapshot, from 1; 0 before all rows of a snapshot
 * @param id the same for the same change, whoever captures it
 */
record Place(String schema, String table, long epoch, long lsn, long number, String id) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FALSE = "false";
    /** Asked for by a signal while changes go on, and in their order. */
    private static final String INCREMENTAL = "incremental";

    /**
     * Of a change in the log.
     *
     * @param snapshot the place of the last snapshot, as far as it is known: nothing was committed between it and the first
     *     transaction after it
     * @param counted its number in the transaction, where Debezium does not tell it
     */
    static Place changed(Struct value, long snapshot, long counted) {
        Struct source = value.getStruct("source");
        String schema = source.getString("schema");
        String table = source.getString("table");
        long lsn = source.getInt64("lsn");
        Struct transaction = transaction(value);
        long number = transaction == null ? counted : transaction.getInt64("total_order");
        // among those of its table, so that it does not matter which other tables are captured
        long inTable = transaction == null ? counted : transaction.getInt64("data_collection_order");
        long committed = committed(source);
        return new Place(
                schema,
                table,
                committed > 0 ? committed : Math.max(snapshot, lsn),
                lsn,
                number,
                "%d/%s.%s/%d".formatted(lsn, schema, table, inTable));
    }

    /** Of a row that a snapshot shows. */
    static Place shown(Struct source, long number, String id) {
        return new Place(
                source.getString("schema"),
                source.getString("table"),
                source.getInt64("lsn"),
                0,
                number,
                "%d/0/%s".formatted(source.getInt64("lsn"), id));
    }

    /** Before all rows that a snapshot shows of a table. */
    static Place emptied(String schema, String table, long snapshot) {
        return new Place(schema, table, snapshot, 0, 0, "%d/0/0/%s.%s".formatted(snapshot, schema, table));
    }

    /** The marker of a row of a snapshot; null for a change. */
    static @Nullable String snapshot(Struct source) {
        String snapshot = source.getString("snapshot");
        return snapshot == null || snapshot.equals(FALSE) || snapshot.equals(INCREMENTAL) ? null : snapshot;
    }

    /** Which change of which transaction it is; null when the connector was not told to say it. */
    static @Nullable Struct transaction(Struct value) {
        return value.schema().field("transaction") == null ? null : value.getStruct("transaction");
    }

    /** Where the transaction before was committed; 0 when none was since the snapshot. */
    private static long committed(Struct source) {
        String sequence = source.schema().field("sequence") == null ? null : source.getString("sequence");
        if (sequence == null) {
            return 0;
        }
        try {
            JsonNode places = JSON.readTree(sequence);
            return places.path(0).asLong(0);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "its source has the sequence %s, which is no list".formatted(sequence), e);
        }
    }

    String source() {
        return "postgresql:%s.%s".formatted(schema, table);
    }

    String position() {
        long shown = lsn == 0 ? epoch : lsn;
        return "lsn=%X/%X,number=%d".formatted(shown >>> 32, shown & 0xFFFFFFFFL, number);
    }
}
