package dev.wadi.yaml;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for changed files that people write, and tells of them when they have been quiet for a moment: an editor writes a file in
 * several steps, and a checkout several files. It looks at names, sizes and times instead of waiting for events of the file
 * system, which mounted volumes do not send.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofMillis(450);
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    private final String what;
    private final Supplier<Map<Path, FolderMarks.Mark>> files;
    private final Runnable changed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Map<Path, FolderMarks.Mark> seen;
    private volatile boolean asked;
    private boolean failing;

    /**
     * Changes count from now on.
     *
     * @param what is watched, in words for the log: {@code routes}
     * @param changed is called on a thread of the watch; what it throws is logged, and the watch goes on
     */
    public FileWatch(String what, Supplier<Map<Path, FolderMarks.Mark>> files, Runnable changed) {
        this.what = what;
        this.files = files;
        this.changed = changed;
        this.thread = Thread.ofPlatform().name(what + " watch").daemon().unstarted(this::run);
        this.seen = files.get();
    }

    public void start() {
        thread.start();
    }

    /** Has the files count as changed, because what they rest on has. */
    public void again() {
        asked = true;
    }

    /** Waits for a change under way. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(LAST_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean due = false;
        long quietSince = 0;
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    Map<Path, FolderMarks.Mark> now = files.get();
                    if (asked || !now.equals(seen)) {
                        asked = false;
                        seen = now;
                        due = true;
                        quietSince = System.nanoTime();
                    } else if (due && System.nanoTime() - quietSince >= QUIET.toNanos()) {
                        due = false;
                        changed.run();
                    }
                    if (failing) {
                        failing = false;
                        LOG.info("The {} follow their files again", what);
                    }
                } catch (RuntimeException e) {
                    // said once, not four times a second
                    if (!failing) {
                        failing = true;
                        LOG.warn("The {} do not follow their files: {}", what, String.valueOf(e.getMessage()), e);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }
}
