package dev.wadi.table;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Commits to one table, each time as the version right after the one that the change is based on. Thread-safe. */
final class TableCommits {
    private final TablePlace place;
    private final SnapshotLoader snapshots;
    private final NotedCommitter committer;
    private final DeletionVectors vectors;
    private final CommitHooks hooks;
    /** What Kernel made of the last commit: the next one starts from it, once, without reading the log. */
    private final AtomicReference<@Nullable Snapshot> afterCommit = new AtomicReference<>();

    TableCommits(
            TablePlace place,
            SnapshotLoader snapshots,
            NotedCommitter committer,
            DeletionVectors vectors,
            CommitHooks hooks) {
        this.place = place;
        this.snapshots = snapshots;
        this.committer = committer;
        this.vectors = vectors;
        this.hooks = hooks;
    }

    /**
     * A commit that stands.
     *
     * @param snapshot the new version
     * @param brought the files that brought rows
     */
    record Committed(TableSnapshot snapshot, List<DataFile> brought) {}

    /**
     * Commits {@code change} as the version right after {@code base}. Any commit in between is a conflict, also one that
     * Kernel could slip past, because a merge has looked for its keys in {@code base} only.
     *
     * @param known told of the commit as soon as it stands
     * @throws CommitConflictException when {@code base} is not the newest version any more
     * @throws TableException when the log cannot be written; whether the commit exists is then found out by the next load
     */
    TableSnapshot commit(TableSnapshot base, Change change, Consumer<Committed> known) throws CommitConflictException {
        Snapshot snapshot = forCommitAfter(base);
        if (snapshot.getVersion() != base.version()) {
            throw new CommitConflictException("%s is at version %d, not %d any more"
                    .formatted(place.name(), snapshot.getVersion(), base.version()));
        }
        try {
            return commit(base, snapshot, change, known);
        } catch (IOException e) {
            throw TableErrors.notWritten(place.name(), base.version() + 1, place.folder(), e);
        } catch (RuntimeException e) {
            if (CommitConflictException.is(e)) {
                throw new CommitConflictException(
                        "%s: another commit took version %d".formatted(place.name(), base.version() + 1), e);
            }
            throw TableErrors.notWritten(place.name(), base.version() + 1, place.folder(), e);
        }
    }

    /** A snapshot that no transaction has used: Kernel's own cannot be used twice. */
    private Snapshot forCommitAfter(TableSnapshot base) {
        Snapshot known = afterCommit.getAndSet(null);
        // Without reading the log now and then, each commit carries all since the last checkpoint.
        boolean fresh = base.version() % CommitHooks.SNAPSHOTS_REUSED != 0;
        return known != null && fresh && known.getVersion() == base.version() ? known : snapshots.kernel(null);
    }

    private TableSnapshot commit(TableSnapshot base, Snapshot snapshot, Change change, Consumer<Committed> known)
            throws IOException {
        UpdateTableTransactionBuilder builder = snapshot.buildUpdateTableTransaction(DeltaTable.ENGINE, Operation.WRITE)
                .withMaxRetries(0);
        Change.Progress read = change.progress();
        if (read != null) {
            builder = builder.withTransactionId(read.reader(), read.version());
        }
        Transaction transaction = builder.build(place.engine());
        long now = System.currentTimeMillis();
        Map<String, DataFile> files = new LinkedHashMap<>(base.files());
        List<Row> actions = new ArrayList<>();
        for (String path : change.removed()) {
            actions.add(KernelActions.remove(live(files.remove(path), path), !change.rearranges()));
        }
        List<DataFile> brought = new ArrayList<>();
        for (DataFile file : change.restored()) {
            actions.add(KernelActions.add(file, !change.rearranges()));
            files.put(file.path(), file);
            DataFile old = base.files().get(file.path());
            if (old == null || old.liveRows() < file.liveRows()) {
                brought.add(file);
            }
        }
        KernelActions.VectorFile marks = vectors.write(change.deleted());
        for (Change.NewFile added : change.added()) {
            DeletionVector vector = marks == null ? null : marks.byPath().get(added.path());
            DataFile file = new DataFile(
                    added.path(),
                    added.partition(),
                    added.bytes(),
                    now,
                    added.rows(),
                    vector == null ? added.stats() : looseBounds(added.stats()),
                    vector);
            actions.add(KernelActions.add(file, !added.moved()));
            files.put(file.path(), file);
            if (!added.moved()) {
                brought.add(file);
            }
        }
        if (marks != null) {
            markDeleted(change.deleted(), marks, base, files, actions);
        }
        change.domains().forEach((domain, content) -> {
            if (content.isEmpty()) {
                transaction.removeDomainMetadata(domain);
            } else {
                transaction.addDomainMetadata(domain, content);
            }
        });
        TransactionCommitResult result = committer.noted(
                change.note(), () -> transaction.commit(place.engine(), KernelActions.actions(actions)));
        afterCommit.set(result.getPostCommitSnapshot().orElse(null));
        TableSnapshot next = new TableSnapshot(
                place.name(),
                place.folder(),
                result.getVersion(),
                Instant.ofEpochMilli(now),
                base.columns(),
                base.partitionColumns(),
                Collections.unmodifiableMap(files),
                base.properties(),
                remembered(base.domains(), change.domains()),
                base.inEveryFile());
        known.accept(new Committed(next, brought));
        hooks.invoke(result.getPostCommitHooks(), result.getVersion());
        return next;
    }

    private static Map<String, String> remembered(Map<String, String> before, Map<String, String> changed) {
        if (changed.isEmpty()) {
            return before;
        }
        Map<String, String> domains = new HashMap<>(before);
        domains.putAll(changed);
        domains.values().removeIf(String::isEmpty);
        return Map.copyOf(domains);
    }

    private static DataFile live(@Nullable DataFile file, String path) {
        if (file == null) {
            throw new IllegalArgumentException(path + " is not a file of the version that the change is based on");
        }
        return file;
    }

    private static void markDeleted(
            Map<String, DeletedRows> deleted,
            KernelActions.VectorFile marks,
            TableSnapshot base,
            Map<String, DataFile> files,
            List<Row> actions) {
        for (String path : deleted.keySet()) {
            DataFile old = live(files.get(path), path);
            if (!base.files().containsKey(path)) {
                continue; // new, with its marks
            }
            DataFile marked = new DataFile(
                    old.path(),
                    old.partition(),
                    old.bytes(),
                    old.modified(),
                    old.rows(),
                    looseBounds(old.stats()),
                    marks.byPath().get(path));
            actions.add(KernelActions.remove(old, true));
            actions.add(KernelActions.add(marked, true));
            files.put(path, marked);
        }
    }

    /** Minimum and maximum may now belong to deleted rows; Delta wants that said. */
    private static @Nullable String looseBounds(@Nullable String stats) {
        return stats == null || stats.contains("\"tightBounds\"")
                ? stats
                : stats.substring(0, stats.length() - 1) + ",\"tightBounds\":false}";
    }
}
