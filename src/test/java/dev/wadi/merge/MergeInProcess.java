package dev.wadi.merge;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.index.KeyIndexes;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Lake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/** A lake that merges in this process, without doors, routes or server: what the benchmark of the merge measures. */
public final class MergeInProcess implements AutoCloseable {
    private final DuckDb duckDb;
    private final Lake lake;
    private final LakeReader reader;
    private final Transforms transforms;

    /** @param folder the tables go to {@code lake} below it */
    public MergeInProcess(Path folder, Contracts contracts, String memory, int threads) {
        duckDb = new DuckDb(memory, threads, folder.resolve("spill"));
        lake = new Lake(new LocalStore(), folder.resolve("lake"), contracts);
        reader = new LakeReader(duckDb, lake);
        Merger merger = new Merger(lake, duckDb, new KeyIndexes(64 << 20), new Commits(), new SimpleMeterRegistry());
        transforms = new Transforms(contracts, lake, reader, merger);
    }

    /** Merges what a SELECT gives. */
    public MergeOutcome merge(TableName target, String sql) {
        return transforms.run("bench", target, sql);
    }

    @Override
    public void close() {
        reader.close();
        lake.close();
        duckDb.close();
    }
}
