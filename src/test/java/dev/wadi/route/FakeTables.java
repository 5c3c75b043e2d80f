package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.Commits;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.FeedStart;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Transforms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** Tables in memory: a test says what becomes of a delivery and hears of every transform. */
final class FakeTables implements Tables {
    static final MergeOutcome.Counts NOTHING = new MergeOutcome.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    final List<Transforms.Transform> transforms = new CopyOnWriteArrayList<>();
    final List<String> undriven = new CopyOnWriteArrayList<>();
    final Map<TableName, Long> versions = new ConcurrentHashMap<>();
    volatile boolean flooded;
    volatile long perSecond;
    /** The route whose work somebody waits for. */
    volatile String awaited = "";

    private final Contracts contracts;
    private final List<Commits.Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Function<Delivery, CompletableFuture<MergeOutcome>> sink =
            delivery -> CompletableFuture.completedFuture(unchanged("bronze.clicks"));
    private volatile Consumer<Transforms.Transform> onTransform = transform -> {};

    FakeTables(String... names) {
        this.contracts =
                new Contracts(List.of(names).stream().map(FakeTables::contract).toList());
    }

    FakeTables sink(Function<Delivery, CompletableFuture<MergeOutcome>> newSink) {
        sink = newSink;
        return this;
    }

    FakeTables onTransform(Consumer<Transforms.Transform> newOnTransform) {
        onTransform = newOnTransform;
        return this;
    }

    /** A commit of this process. */
    void commit(String table, long version) {
        TableName name = TableName.parse(table);
        versions.put(name, version);
        listeners.forEach(listener -> listener.committed(name, version));
    }

    static MergeOutcome unchanged(String table) {
        return new MergeOutcome.Unchanged(TableName.parse(table), NOTHING);
    }

    static Contract contract(String table) {
        return new Contract(
                TableName.parse(table),
                "",
                List.of(),
                List.of("id"),
                Merging.keepFirst(),
                List.of(),
                List.of(),
                new EventShape("events", null, List.of()),
                false,
                Path.of(table + ".odcs.yaml"));
    }

    @Override
    public Contracts contracts() {
        return contracts;
    }

    @Override
    public Intake intake(TableName table) {
        return new Intake() {
            @Override
            public Contract contract() {
                return FakeTables.contract(table.toString());
            }

            @Override
            public CompletableFuture<MergeOutcome> submit(Delivery delivery) {
                return sink.apply(delivery);
            }

            @Override
            public CompletableFuture<MergeOutcome> refuse(Delivery delivery, String why) {
                return sink.apply(delivery);
            }

            @Override
            public long queued() {
                return 0;
            }
        };
    }

    @Override
    public MergeOutcome transform(Transforms.Transform transform) {
        transforms.add(transform);
        onTransform.accept(transform);
        return unchanged(transform.target().toString());
    }

    @Override
    public MergeOutcome transform(String id, TableName target, String sql) {
        undriven.add("%s %s %s".formatted(id, target, sql.strip()));
        return unchanged(target.toString());
    }

    @Override
    public ChangeFeed feed(String name, TableName table, FeedStart start, int batchRows) {
        throw new UnsupportedOperationException("feeds need a lake");
    }

    @Override
    public Optional<String> watermark(TableName table, String reader) {
        return Optional.empty();
    }

    @Override
    public long version(TableName table) {
        return versions.getOrDefault(table, 0L);
    }

    @Override
    public long perSecond() {
        return perSecond;
    }

    @Override
    public boolean flooded() {
        return flooded;
    }

    @Override
    public boolean awaited(String route) {
        return route.equals(awaited);
    }

    @Override
    public boolean anyAwaited() {
        return !awaited.isEmpty();
    }

    @Override
    public AutoCloseable listen(Commits.Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
