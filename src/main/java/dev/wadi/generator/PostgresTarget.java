package dev.wadi.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables that routes poll: {@code pipeline.partner_agency_booking}, a row a booking that changes, and
 * {@code pipeline.clickstream_data}, a row a click. Whoever changes a booking stamps it with the time of the change, which
 * is what the route polls by; so does this.
 */
final class PostgresTarget implements Target {
    private static final int ROWS = 1_000;

    /** Column and type, by the path of the field. */
    private static final Map<String, String> BOOKING = new LinkedHashMap<>();

    private static final Map<String, String> CLICK = new LinkedHashMap<>();

    static {
        for (String path : FlatText.BOOKING) {
            BOOKING.put("/" + path.replace('.', '/'), "text");
        }
        BOOKING.remove("/loyalty_tier");
        BOOKING.put("/quantity", "integer");
        BOOKING.put("/unit_price", "numeric");
        BOOKING.put("/amount", "numeric");
        BOOKING.put("/booked_at", "timestamptz");
        BOOKING.put("/travel_date", "date");
        BOOKING.put("/updated_at", "timestamptz");
        for (String path : FlatText.CLICK) {
            if (!path.contains(".") && !path.equals("loyalty_tier")) {
                CLICK.put("/" + path, "text");
            }
        }
        CLICK.put("/event_time", "timestamptz");
        CLICK.put("/location", "jsonb");
        CLICK.put("/engagement", "jsonb");
    }

    private final SyntheticStream stream;
    private final Map<String, String> columns;
    private final Connection connection;
    private final PreparedStatement insert;
    private Instant stamp = Instant.EPOCH;
    private int waiting;

    PostgresTarget(String jdbcUrl, SyntheticStream stream) throws IOException {
        this.stream = stream;
        this.columns = stream == SyntheticStream.BOOKINGS ? BOOKING : CLICK;
        try {
            connection = DriverManager.getConnection(jdbcUrl);
            connection.setAutoCommit(false);
            insert = connection.prepareStatement(sql());
        } catch (SQLException e) {
            throw new IOException(
                    "There is no PostgreSQL at %s (%s): start Wadi with `make run`, or say where it is with --at jdbc:postgresql://..."
                            .formatted(jdbcUrl.replaceAll("\\?.*", ""), e.getMessage()),
                    e);
        }
    }

    private static String column(String path) {
        return path.substring(1).replace('/', '_');
    }

    private String sql() {
        String names = columns.keySet().stream().map(PostgresTarget::column).collect(Collectors.joining(", "));
        String values = columns.values().stream().map("?::"::concat).collect(Collectors.joining(", "));
        if (stream == SyntheticStream.CLICKSTREAM) {
            return "INSERT INTO pipeline.clickstream_data (%s) VALUES (%s)".formatted(names, values);
        }
        String updates = columns.keySet().stream()
                .map(PostgresTarget::column)
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
        return "INSERT INTO pipeline.partner_agency_booking (%s) VALUES (%s) ON CONFLICT (booking_id) DO UPDATE SET %s"
                .formatted(names, values, updates);
    }

    @Override
    public String fit(String text) {
        if (stream == SyntheticStream.CLICKSTREAM) {
            return text;
        }
        try {
            ObjectNode event = (ObjectNode) Truth.JSON.readTree(text);
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            stamp = now.isAfter(stamp) ? now : stamp.plus(1, ChronoUnit.MICROS);
            return event.put("updated_at", stamp.toString()).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a generated event is no JSON: " + text, e);
        }
    }

    @Override
    public void send(String text) throws IOException {
        JsonNode event = Truth.JSON.readTree(text);
        try {
            int index = 1;
            for (String path : columns.keySet()) {
                JsonNode value = event.at(path);
                if (value.isMissingNode() || value.isNull()) {
                    insert.setNull(index++, Types.VARCHAR);
                } else {
                    insert.setString(index++, value.isContainerNode() ? value.toString() : value.asText());
                }
            }
            insert.addBatch();
        } catch (SQLException e) {
            throw failed(e);
        }
        if (++waiting == ROWS) {
            finish();
        }
    }

    @Override
    public void finish() throws IOException {
        try {
            insert.executeBatch();
            connection.commit();
            waiting = 0;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static IOException failed(SQLException e) {
        return new IOException(
                "PostgreSQL refused the rows (%s). The tables are those of docs/how-to/poll-postgresql.md"
                        .formatted(e.getMessage()),
                e);
    }

    @Override
    public boolean keepsStates() {
        return stream == SyntheticStream.CLICKSTREAM;
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public String toString() {
        return "postgres";
    }
}
