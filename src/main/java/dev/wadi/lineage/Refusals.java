package dev.wadi.lineage;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.merge.Quarantines;
import dev.wadi.table.Lake;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What quarantine has of a key, as far as it can be told that it is of that key. */
final class Refusals {
    private static final String TIE = "tie";

    private final Lake lake;
    private final LakeReader reader;
    private final Workspace workspace;
    private final RowKey key;
    private final Contract contract;
    private final Set<TableName> defined = new LinkedHashSet<>();

    /** @param workspace in which the key is defined */
    Refusals(Lake lake, LakeReader reader, Workspace workspace, RowKey key) {
        this.lake = lake;
        this.reader = reader;
        this.workspace = workspace;
        this.key = key;
        this.contract = key.contract();
    }

    /** The view of what a table refused; null when it refused nothing. */
    private @Nullable String quarantine(TableName table) throws SQLException {
        TableName name = Quarantines.of(table);
        if (!lake.tables().contains(name)) {
            return null;
        }
        if (defined.add(name)) {
            reader.define(workspace, new TreeMap<>(Map.of(name, lake.table(name).latest())));
        }
        return Replayed.relation(name);
    }

    /**
     * What the table itself refused of the key: an event that is among {@code events} is told so there, others are added. In quarantine
     * is what was refused when it came, which the replay cannot always know: a tie with a row that a newer one has replaced since.
     */
    List<Told.Event> settle(List<Told.Event> events, List<String> notKnown) throws SQLException {
        List<Told.Event> settled = new ArrayList<>(events);
        String quarantine = quarantine(contract.table());
        if (quarantine == null) {
            return settled;
        }
        String sql =
                "SELECT q.* FROM (SELECT * FROM %s WHERE json_valid(payload)) q SEMI JOIN %s w ON %s ORDER BY quarantined_at, id"
                        .formatted(
                                quarantine,
                                workspace.table(RowKey.TABLE),
                                contract.primaryKey().stream()
                                        .map(column -> "TRY_CAST(%s AS %s) = w.%s"
                                                .formatted(
                                                        field("q.payload", column),
                                                        contract.column(column)
                                                                .type()
                                                                .sql(),
                                                        Sql.name(column)))
                                        .collect(Collectors.joining(" AND ")));
        for (Map<String, @Nullable Object> refused : Replayed.query(workspace, sql)) {
            Told.Verdict verdict = verdict(refused);
            boolean found = false;
            for (int n = 0; n < settled.size(); n++) {
                Told.Event event = settled.get(n);
                if (Objects.equals(event.source(), refused.get("source"))
                        && Objects.equals(event.position(), refused.get("position"))) {
                    found = true;
                    if (event.verdict() != Told.Verdict.WON) {
                        settled.set(n, refused(event, verdict, refused));
                    }
                }
            }
            if (!found) {
                settled.add(event(contract.table(), verdict, refused));
            }
        }
        return settled;
    }

    private static Told.Event refused(Told.Event event, Told.Verdict verdict, Map<String, @Nullable Object> refused) {
        return new Told.Event(
                event.decidedIn(),
                verdict,
                event.deletes(),
                event.sequence(),
                event.event(),
                event.source(),
                event.position(),
                event.receivedAt(),
                event.lostTo(),
                text(refused, "message"));
    }

    /**
     * What a table of events refused, of the key that a SELECT makes of it: the SELECT runs over what was refused as if it had been
     * taken.
     */
    List<Told.Event> ofSource(Contract source, String sql, List<String> notKnown) throws SQLException {
        String quarantine = quarantine(source.table());
        Provenance.Place place = Provenance.kept(contract, source);
        if (quarantine == null || place == null) {
            return List.of();
        }
        Replayed.define(
                workspace,
                "SELECT %s FROM %s q WHERE CASE WHEN json_valid(q.payload) THEN json_type(q.payload) = 'OBJECT' ELSE false END"
                        .formatted(
                                source.stored().stream()
                                        .map(column -> "%s::%s AS %s"
                                                .formatted(
                                                        part(column),
                                                        column.type().sql(),
                                                        Sql.name(column.name())))
                                        .collect(Collectors.joining(", ")),
                                quarantine));
        try {
            return events(
                    source.table(),
                    "SELECT r.* FROM %s r SEMI JOIN (SELECT q.* FROM (\n%s\n) q SEMI JOIN %s w ON %s) n ON n.%s = r.source AND n.%s = r.position ORDER BY r.quarantined_at, r.id"
                            .formatted(
                                    quarantine,
                                    Replayed.select(sql),
                                    workspace.table(RowKey.TABLE),
                                    key.same("q"),
                                    Sql.name(place.source()),
                                    Sql.name(place.position())));
        } catch (SQLException e) {
            notKnown.add(
                    "Whether %s refused events of this key cannot be told: the SELECT that fills %s does not run over what was refused. GET /api/quarantine?table=%s lists it."
                            .formatted(source.table(), contract.table(), source.table()));
            return List.of();
        }
    }

    private static String part(Column column) {
        Column.Fill fill = column.fill();
        return fill == null
                ? "NULL"
                : switch (fill) {
                    case EVENT_ID -> "q.id";
                    case PAYLOAD -> "q.payload";
                    case EXTRA -> "NULL";
                    case SOURCE -> "q.source";
                    case POSITION -> "q.position";
                    case RECEIVED_AT -> "q.quarantined_at";
                };
    }

    /** What a table of events refused of one event, where events bring their id. */
    List<Told.Event> ofEvents(Contract events, List<String> notKnown) throws SQLException {
        String quarantine = quarantine(events.table());
        EventShape shape = events.event();
        if (quarantine == null || shape == null) {
            return List.of();
        }
        String id = shape.id();
        if (id == null || events.primaryKey().size() != 1) {
            notKnown.add("Events of %s bring no id, so it cannot be told which refused one is this one."
                    .formatted(events.table()));
            return List.of();
        }
        return events(
                events.table(),
                "SELECT q.* FROM (SELECT * FROM %s WHERE json_valid(payload)) q SEMI JOIN %s w ON %s = w.%s::VARCHAR ORDER BY q.quarantined_at, q.id"
                        .formatted(
                                quarantine,
                                workspace.table(RowKey.TABLE),
                                field("q.payload", id),
                                Sql.name(events.primaryKey().getFirst())));
    }

    private List<Told.Event> events(TableName decidedIn, String sql) throws SQLException {
        List<Told.Event> events = new ArrayList<>();
        for (Map<String, @Nullable Object> refused : Replayed.query(workspace, sql)) {
            events.add(event(decidedIn, verdict(refused), refused));
        }
        return events;
    }

    private static Told.Verdict verdict(Map<String, @Nullable Object> refused) {
        return TIE.equals(refused.get("reason")) ? Told.Verdict.TIED : Told.Verdict.REFUSED;
    }

    private static Told.Event event(TableName decidedIn, Told.Verdict verdict, Map<String, @Nullable Object> refused) {
        return new Told.Event(
                decidedIn,
                verdict,
                false,
                new LinkedHashMap<>(),
                null,
                refused.get("source"),
                refused.get("position"),
                refused.get("quarantined_at"),
                null,
                text(refused, "message"));
    }

    private static @Nullable String text(Map<String, @Nullable Object> row, String column) {
        Object value = row.get(column);
        return value == null ? null : value.toString();
    }

    private static String field(String json, String name) {
        return "json_extract_string(%s, %s)".formatted(json, Sql.text("$.\"" + name.replace("\"", "\\\"") + "\""));
    }
}
