package dev.wadi.route;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.QueryCheck;
import dev.wadi.file.RowFiles;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.ChangeFeeds;
import dev.wadi.merge.Commits;
import dev.wadi.merge.FeedStart;
import dev.wadi.merge.Intake;
import dev.wadi.merge.Intakes;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Transforms;
import dev.wadi.table.Lake;
import dev.wadi.yaml.FolderMarks;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of the lake. */
@Singleton
final class LakeTables implements Tables {
    private final Contracts contracts;
    private final Intakes intakes;
    private final Transforms transforms;
    private final ChangeFeeds feeds;
    private final Commits commits;
    private final Lake lake;
    private final RowFiles files;
    private final QueryCheck queries;
    private final ContractFiles described;

    LakeTables(
            Contracts contracts,
            Intakes intakes,
            Transforms transforms,
            ChangeFeeds feeds,
            Commits commits,
            Lake lake,
            DuckDb duckDb,
            ContractFiles described) {
        this.contracts = contracts;
        this.intakes = intakes;
        this.transforms = transforms;
        this.feeds = feeds;
        this.commits = commits;
        this.lake = lake;
        this.files = new RowFiles(duckDb);
        this.queries = new QueryCheck(duckDb, contracts);
        this.described = described;
    }

    @Override
    public Contracts contracts() {
        return contracts;
    }

    @Override
    public Map<Path, FolderMarks.Mark> files() {
        return described.marks();
    }

    @Override
    public Tables described(List<String> mistakes) {
        return described.read(mistakes);
    }

    @Override
    public void follow(Contracts next) {
        next.without(contracts).forEach(lake::follow);
    }

    @Override
    public void become(Contracts next) {
        if (!next.without(contracts).isEmpty() || !contracts.without(next).isEmpty()) {
            contracts.become(next);
        }
    }

    @Override
    public Optional<QueryCheck.Mistake> mistake(@Nullable TableName source, TableName target, String sql) {
        return queries.mistake(source, target, sql);
    }

    @Override
    public Intake intake(TableName table) {
        return intakes.intake(table);
    }

    @Override
    public RowFiles rowFiles() {
        return files;
    }

    @Override
    public long perSecond() {
        return intakes.perSecond();
    }

    @Override
    public boolean flooded() {
        return intakes.flooded();
    }

    @Override
    public MergeOutcome transform(Transforms.Transform transform) {
        return transforms.run(transform);
    }

    @Override
    public MergeOutcome transform(String id, TableName target, String sql) {
        return transforms.run(id, target, sql);
    }

    @Override
    public ChangeFeed feed(String name, TableName table, FeedStart start, int batchRows) {
        return feeds.open(name, table, start, batchRows);
    }

    @Override
    public Optional<String> watermark(TableName table, String reader) {
        return lake.table(table).latest().watermark(reader);
    }

    @Override
    public long version(TableName table) {
        return lake.table(table).latest().version();
    }

    @Override
    public boolean awaited(String route) {
        return commits.awaited(route);
    }

    @Override
    public boolean anyAwaited() {
        return commits.anyAwaited();
    }

    @Override
    public AutoCloseable listen(Commits.Listener listener) {
        return commits.listen(listener);
    }
}
