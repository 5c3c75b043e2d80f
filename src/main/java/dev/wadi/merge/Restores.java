package dev.wadi.merge;

import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.index.KeyIndexes;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Hold;
import dev.wadi.table.Lake;
import dev.wadi.table.TableSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a table back to what it was: a new version with the files of an older one, with their deleted rows as of then, and
 * with the tombstones of then. No row is read or written. The columns stay those of now. How far transforms have read stays,
 * and so do the watermarks of readers: what a restore takes away must not come back by itself, and a source may be past it.
 */
public final class Restores {
    private static final Logger LOG = LoggerFactory.getLogger(Restores.class);

    private final Merger merger;
    private final Commits commits;

    Restores(Merger merger, Commits commits) {
        this.merger = merger;
        this.commits = commits;
    }

    /** For a process that does nothing else. */
    public static Restores alone(Lake lake, DuckDb duckDb) {
        Commits commits = new Commits();
        return new Restores(new Merger(lake, duckDb, new KeyIndexes(0), commits, new SimpleMeterRegistry()), commits);
    }

    /**
     * What a restore did.
     *
     * @param version the newest version now; when {@code filesRestored} and {@code filesRemoved} are 0, nothing was to do
     * @param restoredVersion the version that it has the rows of
     */
    public record Restored(
            TableName table, long version, long restoredVersion, int filesRestored, int filesRemoved, long rows) {}

    /** @throws dev.wadi.table.NoSuchVersionException when the version, or a file of it, is gone */
    public Restored restore(TableName name, long version) {
        return restore(name, table -> table.at(version), Map.of("version", Long.toString(version)));
    }

    /** Restores the newest version that was committed at {@code time} or before. */
    public Restored restore(TableName name, Instant time) {
        return restore(name, table -> table.at(time), Map.of("timestamp", time.toString()));
    }

    private Restored restore(TableName name, Function<DeltaTable, TableSnapshot> find, Map<String, String> parameters) {
        return merger.exclusively(name, "restore", () -> {
            DeltaTable table = merger.lake().table(name);
            TableSnapshot target = find.apply(table);
            try (Hold hold = table.hold(target)) {
                for (int attempt = 1; ; attempt++) {
                    try {
                        return commit(table, target, parameters);
                    } catch (CommitConflictException e) {
                        merger.conflict(name, attempt, e);
                    }
                }
            }
        });
    }

    private Restored commit(DeltaTable table, TableSnapshot target, Map<String, String> parameters)
            throws CommitConflictException, IOException {
        TableSnapshot base = table.latest();
        List<DataFile> restored = differing(target, base);
        List<DataFile> removed = differing(base, target);
        Map<String, String> domains = ofRows(target);
        if (restored.isEmpty() && removed.isEmpty() && domains.equals(ofRows(base))) {
            return new Restored(table.name(), base.version(), target.version(), 0, 0, base.rows());
        }
        ofRows(base).keySet().forEach(domain -> domains.putIfAbsent(domain, ""));
        TableSnapshot version = table.commit(
                base,
                new Change(
                        List.of(),
                        Map.of(),
                        new TreeSet<>(removed.stream().map(DataFile::path).toList()),
                        restored,
                        false,
                        null,
                        domains,
                        new CommitNote("RESTORE", parameters, Map.of())
                                .with("numRestoredFiles", restored.size())
                                .with("restoredFilesSize", bytes(restored))
                                .with("numRemovedFiles", removed.size())
                                .with("removedFilesSize", bytes(removed))
                                .with("numOfFilesAfterRestore", target.files().size())
                                .with("tableSizeAfterRestore", target.bytes())));
        LOG.info(
                "{} v{} restored to version {}: {} files back, {} removed",
                table.name(),
                version.version(),
                target.version(),
                restored.size(),
                removed.size());
        commits.tell(table.name(), version.version());
        return new Restored(
                table.name(), version.version(), target.version(), restored.size(), removed.size(), version.rows());
    }

    /** What a version remembers of its rows, by domain. */
    private static Map<String, String> ofRows(TableSnapshot version) {
        Map<String, String> domains = new HashMap<>(version.domains());
        domains.keySet().removeIf(domain -> domain.startsWith(TableSnapshot.WATERMARK));
        return domains;
    }

    /** The files of one version that the other has not, or has with other marks. */
    private static List<DataFile> differing(TableSnapshot some, TableSnapshot others) {
        return some.files().values().stream()
                .filter(file -> {
                    DataFile other = others.files().get(file.path());
                    return other == null || !Objects.equals(other.vector(), file.vector());
                })
                .toList();
    }

    private static long bytes(Collection<DataFile> files) {
        return files.stream().mapToLong(DataFile::bytes).sum();
    }
}
