package dev.wadi.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.TableName;
import dev.wadi.table.TableSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;
import org.duckdb.ProfilerPrintFormat;

/**
 * What DuckDB says about the query that a session ran last.
 *
 * @param planSeconds of the binder, the optimizer and the planner together
 * @param totalSeconds from the first to the last of it
 * @param scans each read of a table; a table may be read several times, or, when nothing of it can be wanted, not at all
 */
public record Profile(double planSeconds, double totalSeconds, List<Scan> scans) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A read of a table.
     *
     * @param filesOpened files of which at least the footer was read
     * @param rowGroups in those files
     * @param rowGroupsRead those that their statistics did not rule out
     * @param rows that came out of the scan: what it filters while it reads is not among them
     * @param seconds of processor time
     */
    public record Scan(
            TableName table, int filesOpened, long rowGroups, long rowGroupsRead, long rows, double seconds) {}

    public Profile {
        scans = List.copyOf(scans);
    }

    /** Has a session keep what it finds out about its queries. */
    public static void start(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("PRAGMA enable_profiling = 'no_output'");
        }
    }

    /** What is known of the query that a session, in which {@link #start} was called, ran last. */
    public static Profile of(Pin pin) throws SQLException {
        String text = pin.connection().unwrap(DuckDBConnection.class).getProfilingInformation(ProfilerPrintFormat.JSON);
        try {
            return read(JSON.readTree(text), pin);
        } catch (JsonProcessingException e) {
            throw new EngineException("What DuckDB tells about a query is no JSON: " + e.getMessage(), e);
        }
    }

    private static Profile read(JsonNode root, Pin pin) {
        List<Scan> scans = new ArrayList<>();
        root.path("operator")
                .forEach(operator -> walk(operator, each -> scan(each, pin).ifPresent(scans::add)));
        double plan = root.at("/planner/total_time").asDouble()
                + root.at("/optimizer/total_time").asDouble()
                + root.at("/physical_planner/total_time").asDouble();
        return new Profile(plan, root.at("/query/total_time").asDouble(), scans);
    }

    private static void walk(JsonNode operator, Consumer<JsonNode> each) {
        each.accept(operator);
        operator.path("children").forEach(child -> walk(child, each));
    }

    private static Optional<Scan> scan(JsonNode operator, Pin pin) {
        if (!operator.path("type").asText().equals("TABLE_SCAN")) {
            return Optional.empty();
        }
        JsonNode info = operator.path("extra_info");
        return table(info, pin)
                .map(table -> new Scan(
                        table,
                        info.path("Total Files Read").asInt(),
                        operator.path("total_row_groups_to_scan").asLong(),
                        operator.path("row_groups_scanned").asLong(),
                        operator.path("rows_scanned").asLong(),
                        operator.path("timing").asDouble()));
    }

    /** By the folder of its files, or by its name where it is no table of a lake. */
    private static Optional<TableName> table(JsonNode info, Pin pin) {
        String files = info.path("Filename(s)").asText();
        for (Map.Entry<TableName, TableSnapshot> each : pin.snapshots().entrySet()) {
            if (files.startsWith(each.getValue().folder() + "/")) {
                return Optional.of(each.getKey());
            }
        }
        String name = info.path("Table").asText();
        return pin.versions().keySet().stream()
                .filter(table -> ("." + name).endsWith("." + table))
                .findFirst();
    }
}
