package dev.wadi.route;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for changed route files and tells of them when they have been quiet for a moment: an editor writes a file in several
 * steps, and a checkout several files. It looks at names, sizes and times instead of waiting for events of the file system, which
 * mounted volumes do not send.
 */
final class RouteWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteWatch.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofMillis(450);
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    private final RouteFolder folder;
    private final Consumer<RouteFolder> changed;
    private final Complaint failures = new Complaint(LOG, Duration.ofMinutes(5));
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("route watch").daemon().unstarted(this::run);
    private Map<Path, RouteFolder.Mark> seen;

    /** Changes count from now on. */
    RouteWatch(RouteFolder folder, Consumer<RouteFolder> changed) {
        this.folder = folder;
        this.changed = changed;
        this.seen = folder.marks();
    }

    void start() {
        thread.start();
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
                    Map<Path, RouteFolder.Mark> now = folder.marks();
                    if (!now.equals(seen)) {
                        seen = now;
                        due = true;
                        quietSince = System.nanoTime();
                    } else if (due && System.nanoTime() - quietSince >= QUIET.toNanos()) {
                        due = false;
                        changed.accept(folder);
                    }
                    failures.over("The routes' folder can be read again");
                } catch (RuntimeException e) {
                    failures.say("The routes do not follow their files", e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }
}
