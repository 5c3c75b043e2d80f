package dev.wadi.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads versions of one table from its log, leaving torn checkpoints out of account. What it gives of Kernel can be used
 * for one transaction only.
 */
final class SnapshotLoader {
    private final TablePlace place;
    private final LogCheck check;
    private final NotedCommitter committer;

    SnapshotLoader(TablePlace place, LogCheck check, NotedCommitter committer) {
        this.place = place;
        this.check = check;
        this.committer = committer;
    }

    @FunctionalInterface
    private interface LogReading<T> {
        T run() throws IOException;
    }

    private <T> T reading(@Nullable Long version, LogReading<T> work) {
        try {
            return work.run();
        } catch (TableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (check.hideTornCheckpoints()) {
                return reading(version, work);
            }
            throw TableErrors.notLoaded(
                    place.name(), version, place.folder(), check.damagedEntry(e).orElse(e));
        }
    }

    /** @param version null for the newest */
    Snapshot kernel(@Nullable Long version) {
        return reading(version, () -> build(version));
    }

    private Snapshot build(@Nullable Long version) {
        SnapshotBuilder builder = TableManager.loadSnapshot(place.folder()).withCommitter(committer);
        return (version == null ? builder : builder.atVersion(version)).build(place.engine());
    }

    /** @param version null for the newest */
    TableSnapshot load(@Nullable Long version) {
        return reading(version, () -> {
            Snapshot snapshot = build(version);
            return new TableSnapshot(
                    place.name(),
                    place.folder(),
                    snapshot.getVersion(),
                    Instant.ofEpochMilli(snapshot.getTimestamp(place.engine())),
                    DeltaTypes.columns(
                            snapshot.getSchema(), snapshot.getTableProperties().get(DeltaTypes.MAPPING)),
                    List.copyOf(snapshot.getPartitionColumnNames()),
                    Collections.unmodifiableMap(KernelActions.files(place.engine(), snapshot)),
                    Map.copyOf(snapshot.getTableProperties()),
                    KernelActions.domains(snapshot, TableSnapshot.DOMAINS),
                    DeltaTypes.inEveryFile(snapshot.getSchema(), snapshot.getTableProperties()));
        });
    }

    /** How far {@code reader} has got, as the newest version says. */
    Optional<Long> progress(String reader) {
        return reading(null, () -> build(null).getLatestTransactionVersion(place.engine(), reader));
    }
}
