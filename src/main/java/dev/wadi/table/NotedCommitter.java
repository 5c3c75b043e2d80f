package dev.wadi.table;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.commit.Committer;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.utils.CloseableIterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes log entries as Kernel does, but with the {@link CommitNote} of the change in their {@code commitInfo}: Kernel itself
 * has no way to say it. One for each table.
 */
final class NotedCommitter implements Committer {
    private final ThreadLocal<@Nullable CommitNote> note = new ThreadLocal<>();

    /** Runs a commit of this thread with a note. */
    <T> T noted(CommitNote note, Supplier<T> commit) {
        this.note.set(note);
        try {
            return commit.get();
        } finally {
            this.note.remove();
        }
    }

    @Override
    public CommitResponse commit(Engine engine, CloseableIterator<Row> actions, CommitMetadata metadata)
            throws CommitFailedException {
        return KernelActions.commit(engine, actions, metadata, note.get());
    }
}
