package dev.wadi.merge;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue in front of a merge. A batch closes by rows, bytes or age, whichever comes first, or when it is worth a
 * commit and nothing more comes; while a batch is being merged the next one fills, so the busier the door the larger the
 * batches. When it is full, {@link #put} waits.
 */
final class Inbox {
    private static final long LONGEST_AGE = TimeUnit.MILLISECONDS.toNanos(700);
    /** After so long without company, rows in number or of age wait for none. Doors that are only out of breath pause less. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int WORTH_A_COMMIT = 1_000;
    /** So many rows at once make a flood: a source is emptied as fast as it goes. It is over when they were fewer for so long. */
    private static final long FLOOD = 5_000;

    private static final long FLOOD_MEMORY = TimeUnit.SECONDS.toNanos(1);
    /** In a flood pauses are for want of a processor. */
    private static final long QUIET_IN_FLOOD = TimeUnit.MILLISECONDS.toNanos(200);

    private final IntakeSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notFull = lock.newCondition();
    private final Condition notEmpty = lock.newCondition();
    private final ArrayDeque<TableIntake.Item> items = new ArrayDeque<>();
    /** Rows and bytes taken in and not released: those of the batch under way count too. */
    private long rows;

    private long bytes;
    private long waitingRows;
    private long waitingBytes;
    private long oldestNanos;
    private long newestNanos;
    private final PerSecond handedIn = new PerSecond();
    /** When there last were rows enough for a flood. */
    private long floodNanos = System.nanoTime() - FLOOD_MEMORY;
    /** When the oldest of the batch under way was handed in; null when none is under way. */
    private @Nullable Long underWaySince;
    /** When the batch under way was taken, and how long the one before it took. */
    private long taken;

    private long lastWork;
    private boolean closed;

    Inbox(IntakeSettings settings) {
        this.settings = settings;
    }

    void put(TableIntake.Item item) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            // An item larger than the whole room is let in alone.
            while (!closed
                    && rows > 0
                    && (rows + item.rows() > settings.maxQueuedRows() || bytes > settings.maxQueuedBytes())) {
                notFull.await();
            }
            if (closed) {
                item.done()
                        .completeExceptionally(
                                new MergeException("the intake is closed; the delivery goes back to its source"));
                return;
            }
            newestNanos = System.nanoTime();
            if (items.isEmpty()) {
                oldestNanos = newestNanos;
            }
            items.add(item);
            handedIn.add(item.rows());
            rows += item.rows();
            if (rows > FLOOD) {
                floodNanos = newestNanos;
            }
            bytes += item.bytes();
            waitingRows += item.rows();
            waitingBytes += item.bytes();
            // What comes in between only waits for its age: the one who takes need not hear of it.
            if (items.size() == 1
                    || waitingRows >= settings.maxBatchRows()
                    || waitingBytes >= settings.maxBatchBytes()) {
                notEmpty.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch; empty when the inbox was closed and everything is taken. */
    List<TableIntake.Item> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (items.isEmpty() && !closed) {
                notEmpty.await();
            }
            for (long left = left(); left > 0; left = left()) {
                notEmpty.awaitNanos(left);
            }
            List<TableIntake.Item> batch = new ArrayList<>();
            long batchRows = 0;
            long batchBytes = 0;
            while (!items.isEmpty() && batchRows < settings.maxBatchRows() && batchBytes < settings.maxBatchBytes()) {
                TableIntake.Item item = items.remove();
                batch.add(item);
                batchRows += item.rows();
                batchBytes += item.bytes();
            }
            waitingRows -= batchRows;
            waitingBytes -= batchBytes;
            oldestNanos = System.nanoTime();
            taken = oldestNanos;
            underWaySince = batch.isEmpty() ? null : (Long) batch.getFirst().since();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** How long the batch is kept open, as far as one knows now. */
    private long left() {
        if (closed || waitingRows >= settings.maxBatchRows() || waitingBytes >= settings.maxBatchBytes()) {
            return 0;
        }
        long now = System.nanoTime();
        long age = now - oldestNanos;
        // A batch that took long is followed by a longer wait: under load few large commits cost less than many small.
        long left = Math.max(settings.maxAge().toNanos(), Math.min(3 * lastWork, LONGEST_AGE)) - age;
        if (age >= settings.maxAge().toNanos() || waitingRows >= WORTH_A_COMMIT) {
            return Math.min(left, (flooded(now) ? QUIET_IN_FLOOD : QUIET) - (now - newestNanos));
        }
        // to look again whether it has become worth a commit: what comes in between does not wake the one who takes
        return Math.min(left, Math.min(settings.maxAge().toNanos() - age, QUIET));
    }

    /** Gives the room of a batch back, once it is committed or failed. */
    void release(List<TableIntake.Item> batch) {
        lock.lock();
        try {
            lastWork = System.nanoTime() - taken;
            underWaySince = null;
            if (rows > FLOOD) {
                floodNanos = System.nanoTime();
            }
            for (TableIntake.Item item : batch) {
                rows -= item.rows();
                bytes -= item.bytes();
            }
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Rows that were handed in within the last second. */
    long perSecond() {
        lock.lock();
        try {
            return handedIn.get();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a source is being emptied as fast as it goes. */
    boolean flooded() {
        lock.lock();
        try {
            return flooded(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private boolean flooded(long now) {
        return rows > FLOOD || now - floodNanos < FLOOD_MEMORY;
    }

    long rows() {
        lock.lock();
        try {
            return rows;
        } finally {
            lock.unlock();
        }
    }

    double oldestSeconds() {
        lock.lock();
        try {
            return items.isEmpty() ? 0 : (System.nanoTime() - oldestNanos) / 1e9;
        } finally {
            lock.unlock();
        }
    }

    /** How long the oldest that is not released was handed in ago; zero for none. */
    Duration uncommitted() {
        lock.lock();
        try {
            Long since = underWaySince;
            if (since == null && !items.isEmpty()) {
                since = items.getFirst().since();
            }
            return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            notFull.signalAll();
            notEmpty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Fails what nobody will take any more. */
    void fail(RuntimeException why) {
        List<TableIntake.Item> left;
        lock.lock();
        try {
            closed = true;
            left = new ArrayList<>(items);
            items.clear();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(item -> item.done().completeExceptionally(why));
    }
}
