package dev.wadi.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.kpi.Moment;
import dev.wadi.kpi.Reading;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was refused: the events that did not become rows, newest first. */
@Controller("/api/quarantine")
@ExecuteOn(TaskExecutors.IO)
final class QuarantineController {
    static final List<String> PARAMETERS = List.of("table", "limit", "offset");
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;

    private static final String LAYER = "quarantine";

    private final TableStates states;
    private final Reading reading;
    private final Contracts contracts;

    QuarantineController(TableStates states, Reading reading, Contracts contracts) {
        this.states = states;
        this.reading = reading;
        this.contracts = contracts;
    }

    /** @param total rows in quarantine, of which {@code rows} is the part from {@code offset} on */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Quarantine(List<Refused> rows, int limit, int offset, long total) {}

    /**
     * @param target the table that the event was for
     * @param reason one of malformed, contract, tie, null_key, null_sequence
     * @param source the door it came through
     * @param position where in the source
     */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Refused(
            @Nullable String id,
            @Nullable String target,
            @Nullable String reason,
            @Nullable String message,
            @Nullable String payload,
            @Nullable String source,
            @Nullable String position,
            @Nullable String quarantinedAt) {}

    @Get
    Quarantine quarantine(HttpRequest<?> request) {
        Parameters parameters = Parameters.of(request).only(PARAMETERS);
        int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        int offset = parameters.number("offset", 0, 0, Integer.MAX_VALUE);
        Set<TableName> tables = tables(parameters.text("table"));
        if (tables.isEmpty()) {
            return new Quarantine(List.of(), limit, offset, 0);
        }
        try (Pin pin = reading.pin(tables, Moment.NOW)) {
            return read(pin, tables, limit, offset);
        }
    }

    /** The quarantine tables that exist, or the one of {@code target} where it exists. */
    private Set<TableName> tables(Optional<String> target) {
        Set<TableName> all = states.tables().stream()
                .filter(table -> table.layer().equals(LAYER))
                .collect(Collectors.toCollection(TreeSet::new));
        if (target.isEmpty()) {
            return all;
        }
        List<String> known = contracts.all().stream()
                .map(Contract::table)
                .map(TableName::toString)
                .toList();
        if (!known.contains(target.get())) {
            throw Parameters.problem(
                    "table",
                    "There is no table '%s'. Use %s.".formatted(target.get(), String.join(", ", known)),
                    known);
        }
        all.retainAll(Set.of(new TableName(LAYER, target.get().replace('.', '_'))));
        return all;
    }

    private static Quarantine read(Pin pin, Set<TableName> tables, int limit, int offset) {
        try {
            return read(pin.connection(), tables, limit, offset);
        } catch (SQLException e) {
            pin.explain(e).ifPresent(known -> {
                throw known;
            });
            throw new IllegalStateException("DuckDB did not read the quarantine tables " + tables, e);
        }
    }

    private static Quarantine read(Connection connection, Set<TableName> tables, int limit, int offset)
            throws SQLException {
        String all = tables.stream()
                .map(table -> "SELECT id, target, reason, message, payload, source, position, quarantined_at FROM "
                        + Sql.name(table.layer()) + "." + Sql.name(table.name()))
                .collect(Collectors.joining(" UNION ALL "));
        List<Refused> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT * FROM (%s) ORDER BY quarantined_at DESC, target, id LIMIT ? OFFSET ?".formatted(all))) {
            statement.setInt(1, limit);
            statement.setInt(2, offset);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    OffsetDateTime at = result.getObject("quarantined_at", OffsetDateTime.class);
                    rows.add(new Refused(
                            result.getString("id"),
                            result.getString("target"),
                            result.getString("reason"),
                            result.getString("message"),
                            result.getString("payload"),
                            result.getString("source"),
                            result.getString("position"),
                            at == null ? null : at.toInstant().toString()));
                }
            }
        }
        return new Quarantine(rows, limit, offset, count(connection, all));
    }

    private static long count(Connection connection, String all) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM (%s)".formatted(all));
                ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }
}
