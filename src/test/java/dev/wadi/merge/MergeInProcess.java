package dev.wadi.merge;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.index.KeyIndexes;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Lake;
import dev.wadi.table.TableSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/** A lake that merges in this process, without doors, routes or server. */
public final class MergeInProcess implements AutoCloseable {
    private final DuckDb duckDb;
    private final Lake lake;
    private final LakeReader reader;
    private final KeyIndexes indexes;
    private final Commits commits = new Commits();
    private final Transforms transforms;
    private final Intakes intakes;
    private final ChangeFeeds feeds;
    private final Compactions compactions;

    /**
     * @param folder the tables go to {@code lake} below it
     * @param memory of DuckDB
     * @param indexMemory of the key indexes
     */
    public MergeInProcess(Path folder, Contracts contracts, String memory, int threads, String indexMemory) {
        duckDb = new DuckDb(memory, threads, folder.resolve("spill"));
        lake = new Lake(new LocalStore(), folder.resolve("lake"), contracts);
        reader = new LakeReader(duckDb, lake);
        indexes = KeyIndexes.within(indexMemory);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Merger merger = new Merger(lake, duckDb, indexes, commits, registry);
        transforms = new Transforms(contracts, lake, reader, merger);
        intakes = new Intakes(contracts, merger, IntakeSettings.DEFAULTS, registry);
        compactions = new Compactions(merger);
        feeds = new ChangeFeeds(contracts, merger);
    }

    /** Merges what a SELECT gives. */
    public MergeOutcome merge(TableName target, String sql) {
        return transforms.run("bench", target, sql);
    }

    public Intake intake(TableName target) {
        return intakes.intake(target);
    }

    public TableSnapshot latest(TableName target) {
        return lake.table(target).latest();
    }

    public long indexBytes() {
        return indexes.bytes();
    }

    /** Puts small files together until there is nothing left to do. Returns how often there was. */
    public int compact(TableName table) {
        int times = 0;
        while (compactions.compact(table)) {
            times++;
        }
        return times;
    }

    /** A feed of all versions. */
    public ChangeFeed feed(TableName table) {
        return feeds.open("test", table, new FeedStart.Version(0), 1_000);
    }

    public Intakes intakes() {
        return intakes;
    }

    public Transforms transforms() {
        return transforms;
    }

    public Commits commits() {
        return commits;
    }

    public Lake lake() {
        return lake;
    }

    public DuckDb duckDb() {
        return duckDb;
    }

    /** Brings the target of a transform up to its source. */
    public MergeOutcome run(Transforms.Transform transform) {
        return transforms.run(transform);
    }

    public LakeReader reader() {
        return reader;
    }

    @Override
    public void close() {
        intakes.close();
        reader.close();
        lake.close();
        duckDb.close();
    }
}
