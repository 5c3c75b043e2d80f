package dev.wadi.table;

import io.delta.kernel.hook.PostCommitHook;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kernel wants done after a commit of one table.
 *
 * <p>Checkpoints and checksums make the next start quicker, so a commit does not wait for them: but for the checksum of a
 * version from which the log is read anew, because each checksum is made from the one before. Where another writer
 * left none, there is none any more: Kernel 4.4 would read the whole log for each commit, and fails on tables that
 * have had deletes.
 */
final class CommitHooks {
    private static final Logger LOG = LoggerFactory.getLogger(CommitHooks.class);
    /** After so many versions the log is read anew: else checkpoints would never be seen. */
    static final int SNAPSHOTS_REUSED = 50;

    private final TablePlace place;
    private final Executor background;

    CommitHooks(TablePlace place, Executor background) {
        this.place = place;
        this.background = background;
    }

    void invoke(List<PostCommitHook> hooks, long version) {
        for (PostCommitHook hook : hooks) {
            switch (hook.getType()) {
                case CHECKSUM_FULL -> LOG.debug("{} v{} has no checksum", place.name(), version);
                case CHECKSUM_SIMPLE -> {
                    if (version % SNAPSHOTS_REUSED == 0) {
                        run(hook);
                    } else {
                        later(hook);
                    }
                }
                case CHECKPOINT, LOG_COMPACTION -> later(hook);
            }
        }
    }

    private void later(PostCommitHook hook) {
        try {
            background.execute(() -> run(hook));
        } catch (RejectedExecutionException e) {
            // The lake is closed, but the commit stands: who made it must not be told otherwise.
            LOG.debug("{}: {} is left out, the lake is closed", place.name(), hook.getType());
        }
    }

    private void run(PostCommitHook hook) {
        try {
            long start = System.nanoTime();
            hook.threadSafeInvoke(place.engine());
            LOG.debug("{}: {} in {} ms", place.name(), hook.getType(), (System.nanoTime() - start) / 1_000_000);
        } catch (IOException | RuntimeException e) {
            // The commit stands without it; the next one tries again.
            LOG.warn("{}: {} after a commit failed: {}", place.name(), hook.getType(), e.getMessage());
        }
    }
}
