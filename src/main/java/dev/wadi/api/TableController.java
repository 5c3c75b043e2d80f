package dev.wadi.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables: what they are and how fresh they are. */
@Controller("/api/tables")
@ExecuteOn(TaskExecutors.IO)
final class TableController {
    private final TableStates states;
    private final Contracts contracts;
    private final Clock clock = Clock.systemUTC();

    TableController(TableStates states, Contracts contracts) {
        this.states = states;
        this.contracts = contracts;
    }

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Tables(List<Summary> tables) {}

    /**
     * @param bytes of the data files, deleted rows included
     * @param freshnessSeconds time since the last commit
     * @param error why the table cannot be read; null when it can, otherwise the numbers are null
     */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Summary(
            String name,
            String description,
            @Nullable Long version,
            @Nullable Long rows,
            @Nullable Integer files,
            @Nullable Long bytes,
            @Nullable String lastCommit,
            @Nullable Long freshnessSeconds,
            @Nullable String error,
            String link) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Detail(
            String name,
            String description,
            long version,
            long rows,
            int files,
            long bytes,
            String lastCommit,
            long freshnessSeconds,
            List<String> primaryKey,
            List<String> partitionedBy,
            List<ColumnDetail> columns) {}

    /** @param type as DuckDB writes it */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ColumnDetail(String name, String type, boolean required, String description) {}

    @Get
    Tables tables(HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return new Tables(states.tables().stream().map(this::summary).toList());
    }

    @Get("/{name}")
    Detail table(String name, HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        List<TableName> known = states.tables();
        TableName table = known.stream()
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, known));
        TableState latest = states.latest(table);
        Optional<Contract> contract = contracts.find(table);
        return new Detail(
                name,
                contract.map(Contract::description).orElse(""),
                latest.version(),
                latest.rows(),
                latest.files(),
                latest.bytes(),
                latest.committed().toString(),
                freshness(latest.committed()),
                contract.map(Contract::primaryKey).orElse(List.of()),
                latest.partitionColumns(),
                latest.columns().stream()
                        .map(column -> column(column, contract))
                        .toList());
    }

    private Summary summary(TableName table) {
        String description = contracts.find(table).map(Contract::description).orElse("");
        String link = "/api/tables/" + table;
        try {
            TableState latest = states.latest(table);
            return new Summary(
                    table.toString(),
                    description,
                    latest.version(),
                    latest.rows(),
                    latest.files(),
                    latest.bytes(),
                    latest.committed().toString(),
                    freshness(latest.committed()),
                    null,
                    link);
        } catch (TableException e) {
            return new Summary(table.toString(), description, null, null, null, null, null, null, e.getMessage(), link);
        }
    }

    private static ColumnDetail column(TableColumn column, Optional<Contract> contract) {
        Optional<Column> described = contract.stream()
                .flatMap(one -> one.columns().stream())
                .filter(one -> one.name().equals(column.name()))
                .findFirst();
        return new ColumnDetail(
                column.name(),
                column.sql(),
                described.map(Column::required).orElse(false),
                described.map(Column::description).orElse(""));
    }

    /** Zero for a commit of a clock that is ahead of ours. */
    private long freshness(Instant committed) {
        return Math.max(0, Duration.between(committed, clock.instant()).toSeconds());
    }

    private static Problem unknown(String name, List<TableName> known) {
        List<String> names = known.stream().map(TableName::toString).toList();
        return new Problem(
                        HttpStatus.NOT_FOUND,
                        "Unknown table",
                        names.isEmpty()
                                ? "There is no table '%s'; none has been written yet. Post an event first."
                                        .formatted(name)
                                : "There is no table '%s'. There are: %s.".formatted(name, String.join(", ", names)))
                .with("known", names);
    }
}
