package dev.wadi.sql;

import dev.wadi.sql.SqlProblem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The cells: started when a statement comes, kept for the next, ended when none has come for a while. */
final class Cells implements AutoCloseable {
    /** How long a statement waits for others to end. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration IDLE = Duration.ofMinutes(5);

    private final Path folder;
    private final SqlSettings settings;
    private final Semaphore places;
    private final AtomicLong started = new AtomicLong();
    private final Deque<Resting> resting = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sql-cells").factory());
    private boolean swept;
    private boolean closed;

    private record Resting(Cell cell, Future<?> end) {}

    /** @param folder of this process alone, for the files of the cells */
    Cells(Path folder, SqlSettings settings) {
        this.folder = folder.toAbsolutePath().normalize();
        this.settings = settings;
        this.places = new Semaphore(settings.concurrent(), true);
    }

    interface Work<T> {
        T in(Cell cell);
    }

    /** @throws SqlProblem also when there is no place for {@link #PATIENCE} */
    <T> T with(Work<T> work) {
        if (!place()) {
            throw new SqlProblem(
                    Kind.BUSY,
                    "%d statements run, which is as many as may (WADI_SQL_CONCURRENT). Ask again in a moment."
                            .formatted(settings.concurrent()));
        }
        Cell cell = null;
        try {
            cell = take();
            return work.in(cell);
        } finally {
            if (cell != null) {
                rest(cell);
            }
            places.release();
        }
    }

    private boolean place() {
        try {
            return places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Cell take() {
        for (Cell cell = rested(); cell != null; cell = rested()) {
            if (cell.usable()) {
                return cell;
            }
            cell.close();
        }
        try {
            sweep();
            return Cell.start(folder.resolve("cell-" + started.incrementAndGet()), settings, clock);
        } catch (IOException e) {
            SqlProblem problem = new SqlProblem(
                    Kind.AWAY, "No process can be started to run statements in: %s.".formatted(e.getMessage()));
            problem.initCause(e);
            throw problem;
        }
    }

    /** What cells of a process before this one have left. */
    private synchronized void sweep() {
        if (!swept) {
            Cell.delete(folder);
            swept = true;
        }
    }

    private synchronized @Nullable Cell rested() {
        Resting last = resting.pollLast();
        if (last == null) {
            return null;
        }
        last.end.cancel(false);
        return last.cell;
    }

    private void rest(Cell cell) {
        synchronized (this) {
            if (cell.usable() && !closed) {
                resting.addLast(
                        new Resting(cell, clock.schedule(() -> end(cell), IDLE.toMillis(), TimeUnit.MILLISECONDS)));
                return;
            }
        }
        cell.close();
    }

    private void end(Cell cell) {
        synchronized (this) {
            if (!resting.removeIf(each -> each.cell == cell)) {
                return;
            }
        }
        cell.close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (Cell cell = rested(); cell != null; cell = rested()) {
            cell.close();
        }
        clock.shutdownNow();
    }
}
