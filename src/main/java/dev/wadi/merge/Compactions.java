package dev.wadi.merge;

import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.index.KeyIndexes;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Puts small files together and drops deleted rows for good, so that a table that is written to all the time stays quick to
 * search.
 *
 * <p>{@link #compact} is for a busy table: files of one partition and of about one size are put together when there are
 * {@link #TOGETHER} of them; the result is of the next size. So a row is rewritten only as often as its file grows
 * {@link #TOGETHER}-fold. {@link #optimize} is for a table at rest: it leaves as few files as their target size allows.
 */
public final class Compactions {
    private static final int TOGETHER = 16;
    /** Each file costs a search about a third of a millisecond. */
    private static final int MANY = 32;
    /** Files below this size are all of one size. */
    private static final long SMALLEST = 64L << 10;
    /** On the clock, a smaller file is not rewritten for its deleted rows alone: it is put together with others soon. */
    private static final long WORTH_PURGING = 1L << 20;

    /** A table without deletion vectors is compacted in its turn up to this size: that takes less than a second. */
    private static final long QUICK = 8L << 20;

    private final Merger merger;
    private final CompactionSettings settings;

    Compactions(Merger merger, CompactionSettings settings) {
        this.merger = merger;
        this.settings = settings;
    }

    /** With the default settings. */
    Compactions(Merger merger) {
        this(merger, CompactionSettings.DEFAULTS);
    }

    /** For a process that does nothing else. */
    public static Compactions alone(Lake lake, DuckDb duckDb, CompactionSettings settings) {
        return new Compactions(
                new Merger(lake, duckDb, new KeyIndexes(0), new Commits(), new SimpleMeterRegistry()), settings);
    }

    /**
     * What an optimize did.
     *
     * @param version the newest version when it ended
     * @param skipped files that were left for later, because merges changed them meanwhile
     */
    public record Optimized(
            TableName table,
            long version,
            int commits,
            int filesRemoved,
            int filesAdded,
            long bytesRemoved,
            long bytesAdded,
            int skipped) {}

    /** Whether so many files that {@link #compact} could put together are there that merges of a busy table suffer. */
    public boolean urgent(TableName table) {
        return alike(merger.lake().table(table).latest(), MANY).isPresent();
    }

    /**
     * Puts together the files of one size and partition, if there are enough, or writes one file again of which too much is
     * deleted. Merges go on meanwhile.
     *
     * @return whether something was done; false also when merges changed the files, so that it is better to come back later
     */
    public boolean compact(TableName name) {
        Choice choice = choose(
                merger.lake().table(name),
                base -> alike(base, TOGETHER)
                        .or(() -> base.files().values().stream()
                                .filter(file -> file.bytes() >= WORTH_PURGING && purgeable(file))
                                .findFirst()
                                .map(List::of)));
        return choice.result().isPresent();
    }

    /** What was chosen, and what came of it; no files when there was nothing to do. */
    private record Choice(List<DataFile> files, Optional<Compaction.Result> result) {}

    private Choice choose(DeltaTable table, Function<TableSnapshot, Optional<List<DataFile>>> wanted) {
        TableSnapshot base = table.latest();
        List<DataFile> files = wanted.apply(base).orElse(List.of());
        boolean vectors = "true".equals(base.properties().get("delta.enableDeletionVectors"));
        if (!vectors && files.stream().mapToLong(DataFile::bytes).sum() < QUICK) {
            // Each merge of such a table takes files away, so that beside merges no compaction would ever end.
            return merger.exclusively(table.name(), "compaction", () -> {
                TableSnapshot now = table.latest();
                return run(table, now, wanted.apply(now).orElse(List.of()));
            });
        }
        return run(table, base, files);
    }

    private Choice run(DeltaTable table, TableSnapshot base, List<DataFile> files) {
        return new Choice(files, files.isEmpty() ? Optional.empty() : new Compaction(merger, table).run(base, files));
    }

    /** Puts together all that is smaller than the target size and purges deleted rows. */
    public Optimized optimize(TableName name) {
        DeltaTable table = merger.lake().table(name);
        Optimized sum = new Optimized(name, table.latest().version(), 0, 0, 0, 0, 0, 0);
        Set<String> tried = new HashSet<>();
        while (true) {
            Choice choice = choose(
                    table,
                    base -> bins(base.files().values()).stream()
                            .filter(bin -> bin.stream().noneMatch(file -> tried.contains(file.path())))
                            .findFirst());
            if (choice.files().isEmpty()) {
                return sum;
            }
            choice.files().forEach(file -> tried.add(file.path()));
            sum = choice.result().isEmpty()
                    ? skipped(sum, choice.files())
                    : done(sum, choice.files(), choice.result().get(), tried);
        }
    }

    private static Optimized skipped(Optimized sum, List<DataFile> files) {
        return new Optimized(
                sum.table(),
                sum.version(),
                sum.commits(),
                sum.filesRemoved(),
                sum.filesAdded(),
                sum.bytesRemoved(),
                sum.bytesAdded(),
                sum.skipped() + files.size());
    }

    private static Optimized done(Optimized sum, List<DataFile> files, Compaction.Result result, Set<String> tried) {
        result.added().ifPresent(file -> tried.add(file.path()));
        return new Optimized(
                sum.table(),
                result.version(),
                sum.commits() + 1,
                sum.filesRemoved() + files.size(),
                sum.filesAdded() + (result.added().isPresent() ? 1 : 0),
                sum.bytesRemoved() + files.stream().mapToLong(DataFile::bytes).sum(),
                sum.bytesAdded() + result.added().map(file -> file.bytes()).orElse(0L),
                sum.skipped());
    }

    private boolean purgeable(DataFile file) {
        return file.rows() > 0 && settings.mostlyDeleted(file.rows(), file.liveRows());
    }

    private Optional<List<DataFile>> alike(TableSnapshot snapshot, int least) {
        Map<List<Object>, List<DataFile>> alike = new HashMap<>();
        for (DataFile file : snapshot.files().values()) {
            if (file.bytes() < settings.targetFileBytes() && file.rows() >= 0) {
                alike.computeIfAbsent(List.of(file.partition(), size(file.bytes())), kind -> new ArrayList<>())
                        .add(file);
            }
        }
        return alike.values().stream().filter(files -> files.size() >= least).findFirst();
    }

    /** 0 for the smallest, one more for each {@link #TOGETHER}-fold. */
    private static int size(long bytes) {
        int size = 0;
        for (long left = bytes / SMALLEST; left > 0; left /= TOGETHER) {
            size++;
        }
        return size;
    }

    /** What to write as one file: small files of a partition up to the target size, and each file with too much deleted. */
    private List<List<DataFile>> bins(Collection<DataFile> files) {
        Map<Map<String, ?>, List<DataFile>> open = new HashMap<>();
        List<List<DataFile>> bins = new ArrayList<>();
        for (DataFile file : files) {
            if (file.rows() < 0) {
                continue; // another writer's, without statistics
            }
            if (file.bytes() >= settings.targetFileBytes()) {
                if (purgeable(file)) {
                    bins.add(List.of(file));
                }
                continue;
            }
            List<DataFile> bin = open.computeIfAbsent(file.partition(), partition -> new ArrayList<>());
            if (!bin.isEmpty() && liveBytes(bin) + liveBytes(List.of(file)) > settings.targetFileBytes()) {
                bins.add(bin);
                bin = new ArrayList<>();
                open.put(file.partition(), bin);
            }
            bin.add(file);
        }
        bins.addAll(open.values());
        bins.removeIf(bin -> bin.size() < 2 && bin.stream().noneMatch(this::purgeable));
        return bins;
    }

    private static long liveBytes(List<DataFile> files) {
        return files.stream()
                .mapToLong(file -> file.rows() == 0 ? 0 : file.bytes() * file.liveRows() / file.rows())
                .sum();
    }
}
