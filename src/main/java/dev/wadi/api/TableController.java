package dev.wadi.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.table.Commit;
import dev.wadi.table.DeltaTable;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables: what they are, how fresh they are, and what was done to them. */
@Controller("/api/tables")
@ExecuteOn(TaskExecutors.IO)
final class TableController {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;
    private static final List<String> TRAVEL = List.of("version", "timestamp");
    private static final List<String> PAGE = List.of("limit", "offset");

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

    /**
     * @param commits newest first; one whose log entry was cleaned up is missing
     * @param total commits that the log still has, of which {@code commits} is the part from {@code offset} on
     */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record History(String table, List<CommitEntry> commits, int limit, int offset, long total) {}

    /** @param engineInfo who wrote it */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CommitEntry(
            long version,
            String timestamp,
            @Nullable String operation,
            Map<String, String> parameters,
            Map<String, String> metrics,
            @Nullable String engineInfo) {}

    @Get
    Tables tables(HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return new Tables(states.tables().stream().map(this::summary).toList());
    }

    @Get("/{name}")
    Detail table(String name, HttpRequest<?> request) {
        Parameters parameters = Parameters.of(request).only(TRAVEL);
        TableName table = find(name);
        TableState latest = state(table, parameters);
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

    @Get("/{name}/history")
    History history(String name, HttpRequest<?> request) {
        Parameters parameters = Parameters.of(request).only(PAGE);
        int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        int offset = parameters.number("offset", 0, 0, Integer.MAX_VALUE);
        TableName table = find(name);
        DeltaTable.History history = states.history(table, limit, offset);
        return new History(
                name, history.commits().stream().map(TableController::entry).toList(), limit, offset, history.total());
    }

    private static CommitEntry entry(Commit commit) {
        return new CommitEntry(
                commit.version(),
                commit.timestamp().toString(),
                commit.operation(),
                commit.parameters(),
                commit.metrics(),
                commit.engine());
    }

    private TableName find(String name) {
        List<TableName> known = states.tables();
        return known.stream()
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, known));
    }

    private TableState state(TableName table, Parameters parameters) {
        Optional<Long> version = parameters.version("version");
        Optional<Instant> timestamp = parameters.time("timestamp");
        if (version.isPresent() && timestamp.isPresent()) {
            throw Parameters.problem(
                    "timestamp", "version and timestamp are both there. Write one of them.", List.of("one of the two"));
        }
        return version.map(number -> states.at(table, number))
                .or(() -> timestamp.map(time -> states.at(table, time)))
                .orElseGet(() -> states.latest(table));
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
