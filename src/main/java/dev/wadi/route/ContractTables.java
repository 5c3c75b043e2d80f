package dev.wadi.route;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.QueryCheck;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.Commits;
import dev.wadi.merge.FeedStart;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Transforms;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables as their contracts describe them, without a lake: routes are checked against them and cannot run. */
final class ContractTables implements Tables {
    private final Contracts contracts;
    private final QueryCheck queries;

    ContractTables(Contracts contracts, QueryCheck queries) {
        this.contracts = contracts;
        this.queries = queries;
    }

    @Override
    public Contracts contracts() {
        return contracts;
    }

    @Override
    public Optional<QueryCheck.Mistake> mistake(@Nullable TableName source, TableName target, String sql) {
        return queries.mistake(source, target, sql);
    }

    @Override
    public Intake intake(TableName table) {
        throw noLake(table);
    }

    @Override
    public MergeOutcome transform(Transforms.Transform transform) {
        throw noLake(transform.target());
    }

    @Override
    public MergeOutcome transform(String id, TableName target, String sql) {
        throw noLake(target);
    }

    @Override
    public ChangeFeed feed(String name, TableName table, FeedStart start, int batchRows) {
        throw noLake(table);
    }

    @Override
    public long version(TableName table) {
        throw noLake(table);
    }

    @Override
    public Optional<String> watermark(TableName table, String reader) {
        throw noLake(table);
    }

    @Override
    public AutoCloseable listen(Commits.Listener listener) {
        return () -> {};
    }

    private static IllegalStateException noLake(TableName table) {
        return new IllegalStateException("%s is only described here, there is no lake".formatted(table));
    }
}
