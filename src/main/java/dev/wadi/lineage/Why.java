package dev.wadi.lineage;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.EngineException;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Workspace;
import dev.wadi.merge.Transforms;
import dev.wadi.route.Flow;
import dev.wadi.table.Lake;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of each event of a key. A table that is filled from events is asked itself ({@link Replayed}); one that is made
 * from other tables is told by those that its rows are made from; one of events has what came, and quarantine what did not fit.
 */
@Singleton
public final class Why {
    /** Rows of other tables that are looked into for those of a key. */
    private static final int MOST_DECIDERS = 20;

    private final Lake lake;
    private final LakeReader reader;
    private final DuckDb duckDb;
    private final Contracts contracts;
    private final Freshness freshness;
    private final Transforms transforms;
    private final Tracing tracing;

    Why(
            Lake lake,
            LakeReader reader,
            DuckDb duckDb,
            Contracts contracts,
            Freshness freshness,
            Transforms transforms,
            Tracing tracing) {
        this.lake = lake;
        this.reader = reader;
        this.duckDb = duckDb;
        this.contracts = contracts;
        this.freshness = freshness;
        this.transforms = transforms;
        this.tracing = tracing;
    }

    /** @throws RowKey.WrongKeyException when the key is none of the table */
    public Told why(RowKey key) {
        Contract contract = key.contract();
        try {
            if (contract.event() != null) {
                return arrived(key);
            }
            List<Flow> flows = freshness.lineage().into(contract.table()).stream()
                    .filter(flow -> takesEvents(flow.source()))
                    .toList();
            return flows.isEmpty() || contract.whenMatched() == WhenMatched.REPLACE
                    ? made(key)
                    : new Replayed(lake, reader, duckDb, contracts, transforms, key, flows).tell();
        } catch (SQLException e) {
            throw new EngineException(
                    "Why %s is as it is cannot be told: %s".formatted(contract.table(), e.getMessage()), e);
        }
    }

    private boolean takesEvents(TableName table) {
        return contracts.find(table).filter(source -> source.event() != null).isPresent();
    }

    /** Of a table of events: what is there has won, and what did not fit is in quarantine. */
    private Told arrived(RowKey key) throws SQLException {
        Contract contract = key.contract();
        Traced traced = tracing.trace(key, null, MOST_DECIDERS, 0);
        List<Told.Event> events = new ArrayList<>();
        for (Traced.Row row : traced.rows()) {
            Traced.Event event = row.event();
            List<@Nullable Object> place = new ArrayList<>();
            contract.primaryKey().forEach(column -> place.add(row.values().get(column)));
            events.add(new Told.Event(
                    contract.table(),
                    Told.Verdict.WON,
                    false,
                    Map.of(),
                    new Told.Ref(contract.table(), place),
                    event == null ? null : event.source(),
                    event == null ? null : event.position(),
                    event == null ? null : event.receivedAt(),
                    null,
                    null));
        }
        List<String> notKnown = new ArrayList<>();
        if (contract.whenMatched() == WhenMatched.KEEP_FIRST) {
            notKnown.add("%s keeps an event that comes again once: how often it came, and when, is not kept."
                    .formatted(contract.table()));
        }
        try (Workspace workspace = Workspace.open(duckDb)) {
            key.define(workspace);
            events.addAll(new Refusals(lake, reader, workspace, key).ofEvents(contract, notKnown));
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        traced.rows().forEach(row -> rows.add(row.values()));
        return new Told(
                contract.table(),
                traced.key(),
                Map.of(contract.table(), traced.version()),
                null,
                rows,
                events,
                null,
                List.of(),
                notKnown);
    }

    /** Of a table that is made from others: what those tell that its rows are made from. */
    private Told made(RowKey key) {
        Contract contract = key.contract();
        Traced traced = tracing.trace(key, null, MOST_DECIDERS, 0);
        Map<TableName, Long> versions = new TreeMap<>(Map.of(contract.table(), traced.version()));
        Set<Told.Event> events = new LinkedHashSet<>();
        List<Told.Ref> deciders = new ArrayList<>();
        Set<String> notKnown = new LinkedHashSet<>(traced.notKnown());
        for (Traced.Source source : traced.from()) {
            versions.put(source.table(), source.version());
            Contract from = contracts.get(source.table());
            if (source.total() > MOST_DECIDERS) {
                notKnown.add("It is made from %d rows of %s. The first %d are told; /api/trace lists all."
                        .formatted(source.total(), source.table(), MOST_DECIDERS));
            }
            for (Map<String, @Nullable Object> row : source.rows()) {
                Map<String, @Nullable Object> place = new LinkedHashMap<>();
                from.primaryKey().forEach(column -> place.put(column, row.get(column)));
                Told told = why(new RowKey(
                        from, place.values().stream().map(String::valueOf).toList()));
                deciders.add(new Told.Ref(source.table(), new ArrayList<>(place.values())));
                events.addAll(told.events());
                notKnown.addAll(told.notKnown());
                told.versions().forEach(versions::putIfAbsent);
            }
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        traced.rows().forEach(row -> rows.add(row.values()));
        return new Told(
                contract.table(),
                traced.key(),
                versions,
                null,
                rows,
                new ArrayList<>(events),
                null,
                deciders,
                new ArrayList<>(notKnown));
    }

    /** The columns of a table that say where its rows came from. */
    static List<String> provenance(Contract contract) {
        return contract.columns().stream()
                .filter(column -> column.provenance() && column.stored())
                .map(Column::name)
                .toList();
    }
}
