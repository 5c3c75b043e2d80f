package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code delta:layer.table}: a table of the lake. {@code from:} wakes a route on each new version; {@code to:} merges
 * bodies into the table, or with {@code ?query=file.sql} what a SELECT gives.
 */
final class DeltaComponent extends DefaultComponent {
    static final Duration POLL = Duration.ofSeconds(5);

    private final Tables tables;

    DeltaComponent(Tables tables) {
        this.tables = tables;
    }

    Tables tables() {
        return tables;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String table, Map<String, Object> parameters) {
        TableName name = TableName.parse(table);
        if (tables.contracts().stream().noneMatch(contract -> contract.table().equals(name))) {
            throw new IllegalArgumentException("delta:%s: no contract describes the table: write one of %s, or add %s"
                    .formatted(
                            name,
                            tables.contracts().stream()
                                    .map(Contract::table)
                                    .map(TableName::toString)
                                    .collect(Collectors.joining(", ")),
                            "schemas/tables/" + name + ".odcs.yaml"));
        }
        @Nullable String query = getAndRemoveParameter(parameters, "query", String.class);
        Duration poll = getAndRemoveParameter(parameters, "poll", Duration.class, POLL);
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "poll=%d ms: write 1 or more, such as poll=5000".formatted(poll.toMillis()));
        }
        return new DeltaEndpoint(uri, this, name, query(query), poll);
    }

    /** {@link RouteFolder} has resolved it against the route file; a dynamic endpoint misses that. */
    private static @Nullable Path query(@Nullable String query) {
        if (query == null) {
            return null;
        }
        Path file = Path.of(query);
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException(
                    "query=%s: a query is found beside its route file only from `to:`: write to: instead of toD:"
                            .formatted(query));
        }
        return file;
    }
}
