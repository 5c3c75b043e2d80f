package dev.wadi.lineage;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.Origin;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From which rows of which tables the rows of a table are made: as its contract says ({@code madeFrom}), and, where a flow fills it
 * from a table of events and its columns of provenance have the names that they have there, by these.
 */
final class Provenance {
    private final Contracts contracts;
    private final Lineage lineage;

    Provenance(Contracts contracts, Lineage lineage) {
        this.contracts = contracts;
        this.lineage = lineage;
    }

    /** The columns of a table of events that say where each came from. */
    record Place(String source, String position, String receivedAt) {
        static @Nullable Place of(Contract contract) {
            Optional<String> source = filled(contract, Column.Fill.SOURCE);
            Optional<String> position = filled(contract, Column.Fill.POSITION);
            Optional<String> receivedAt = filled(contract, Column.Fill.RECEIVED_AT);
            return source.isEmpty() || position.isEmpty() || receivedAt.isEmpty()
                    ? null
                    : new Place(source.get(), position.get(), receivedAt.get());
        }

        private static Optional<String> filled(Contract contract, Column.Fill part) {
            return contract.columns().stream()
                    .filter(column -> column.fill() == part)
                    .map(Column::name)
                    .findFirst();
        }
    }

    /** The place of the events of {@code source} as far as {@code table} keeps it; null when it does not. */
    static @Nullable Place kept(Contract table, Contract source) {
        Place place = Place.of(source);
        boolean there = place != null && has(table, place.source()) && has(table, place.position());
        return there ? place : null;
    }

    static boolean has(Contract table, String provenance) {
        return table.columns().stream()
                .anyMatch(column ->
                        column.provenance() && column.stored() && column.name().equals(provenance));
    }

    List<Origin> origins(Contract contract) {
        List<Origin> origins = new ArrayList<>(contract.origins());
        List<TableName> said = origins.stream().map(Origin::table).toList();
        lineage.into(contract.table()).stream()
                .map(flow -> flow.source())
                .distinct()
                .filter(source -> !said.contains(source))
                .forEach(source -> contracts.find(source).ifPresent(from -> {
                    Place place = kept(contract, from);
                    if (place != null) {
                        origins.add(new Origin(
                                source,
                                "s.%1$s = t.%1$s AND s.%2$s = t.%2$s"
                                        .formatted(Sql.name(place.source()), Sql.name(place.position()))));
                    }
                }));
        return origins;
    }
}
