package dev.wadi.route;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Commits;
import java.time.Duration;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: delta:}. One exchange at the start, to catch up, and one whenever there is a newer version than the last
 * exchange knew. While one runs, any number of commits make one more. A failed exchange is tried again with growing
 * pauses: what it has read is the transform's to remember, so nothing is skipped. {@link DeltaFeedConsumer} makes several
 * exchanges of a version.
 */
class DeltaConsumer extends DefaultConsumer implements Suspendable, Lag.Known {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaConsumer.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_CALM = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final long NONE = -1;

    private final DeltaEndpoint endpoint;
    private final TableName table;
    private final Complaint failures = new Complaint(LOG, Duration.ofMinutes(5));
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

    /** Guards what follows; notified when any of it changes. */
    private final Object state = new Object();

    private boolean running;
    private boolean suspended;
    /** Whether to run even without a newer version: at the start, and after a failure. */
    private boolean due;
    /** The newest version that anyone told of. */
    private long told = NONE;

    /** The version that the last exchange brought the route up to. */
    private volatile long done = NONE;

    private @Nullable AutoCloseable listening;
    private @Nullable Thread thread;

    DeltaConsumer(DeltaEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.table = endpoint.table();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        synchronized (state) {
            running = true;
            suspended = false;
            due = true;
        }
        listening = endpoint.tables().listen(new Commits.Listener() {
            @Override
            public void committed(TableName committed, long version) {
                if (committed.equals(table)) {
                    change(() -> told = Math.max(told, version));
                }
            }

            @Override
            public void awaited(Set<String> routes) {
                if (routes.contains(getRouteId())) {
                    change(() -> {}); // it may rest
                }
            }
        });
        thread = Thread.ofPlatform().name("delta from " + table).daemon().start(this::run);
    }

    @Override
    protected void doSuspend() {
        change(() -> suspended = true);
    }

    @Override
    protected void doResume() {
        change(() -> {
            suspended = false;
            due = true;
        });
    }

    /** Camel has waited for the exchange before. The thread is not interrupted: it may be committing. */
    @Override
    protected void doStop() throws Exception {
        change(() -> running = false);
        if (listening != null) {
            listening.close();
        }
        try {
            if (thread != null) {
                thread.join(LAST_WAIT);
            }
        } catch (InterruptedException e) {
            // Camel interrupts a stop that takes long.
            Thread.currentThread().interrupt();
        }
        super.doStop();
    }

    /** Versions that are newer than what the route has done, as far as this process has heard; null before the first is done. */
    @Override
    public @Nullable Lag lag() {
        long reached = done;
        synchronized (state) {
            return reached == NONE ? null : new Lag(Math.max(0, told - reached), "versions");
        }
    }

    private void change(Runnable change) {
        synchronized (state) {
            change.run();
            state.notifyAll();
        }
    }

    private void run() {
        long seen = NONE;
        try {
            while (true) {
                long version = await(seen);
                if (version == NONE) {
                    return;
                }
                version = calm(version);
                if (!mayGoOn()) {
                    continue;
                }
                long start = System.nanoTime();
                if (exchange(version)) {
                    seen = version;
                    done = version;
                    backoff.reset();
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    pause(endpoint.pace().rest(this, took), true);
                } else {
                    pause(backoff.next());
                    change(() -> due = true);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: interrupted", table);
        } finally {
            ended();
        }
    }

    /** Waits until an exchange is due. @return the newest version, {@link #NONE} when stopped */
    private long await(long seen) throws InterruptedException {
        while (true) {
            synchronized (state) {
                if (running && (suspended || (!due && told <= seen))) {
                    state.wait(endpoint.poll().toMillis());
                }
                if (!running) {
                    return NONE;
                }
                if (suspended) {
                    continue;
                }
                if (!due && told > seen) {
                    return told;
                }
            }
            long latest = latest();
            synchronized (state) {
                told = Math.max(told, latest);
                boolean wanted = due && latest != NONE;
                if (running && !suspended && (wanted || told > seen)) {
                    due = false;
                    return told;
                }
            }
            if (latest == NONE) {
                pause(backoff.next());
            }
        }
    }

    private long latest() {
        try {
            return endpoint.tables().version(table);
        } catch (RuntimeException e) {
            failures.say("%s: cannot look for new versions of %s, trying again".formatted(getRouteId(), table), e);
            return NONE;
        }
    }

    /** Brings the route up to {@code version}. @return whether it got there, or is to rest; otherwise it is tried again */
    boolean exchange(long version) {
        return process(exchangeOf(version), version);
    }

    final Exchange exchangeOf(long version) {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setHeader(DeltaHeaders.TABLE, table.toString());
        exchange.getMessage().setHeader(DeltaHeaders.VERSION, version);
        return exchange;
    }

    /** Has the route process an exchange. @return whether it completed without a failure */
    final boolean process(Exchange exchange, long version) {
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        boolean completed = !exchange.isFailed() && !exchange.isRollbackOnly();
        if (completed) {
            succeeded(version);
        } else {
            failed(version, exchange.getException());
        }
        releaseExchange(exchange, false);
        return completed;
    }

    private void succeeded(long version) {
        failures.over("%s: works again, at version %d of %s".formatted(getRouteId(), version, table));
    }

    final void failed(long version, @Nullable Throwable cause) {
        failures.say("%s: failed at version %d of %s, trying again".formatted(getRouteId(), version, table), cause);
    }

    /** Whether nobody wants the route to stop or rest. */
    final boolean mayGoOn() {
        synchronized (state) {
            return running && !suspended;
        }
    }

    /** Called on the thread that made the exchanges, when there will be no more. */
    void ended() {}

    /**
     * Lets a flood of events in first, for up to ten seconds: doors and brokers wait for the intake, and the versions that come
     * meanwhile are read together. Not while somebody waits for what this makes.
     *
     * @return the newest version then
     */
    private long calm(long version) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_CALM.toNanos();
        while (mayGoOn()
                && System.nanoTime() < deadline
                && endpoint.tables().flooded()
                && !endpoint.tables().awaited(getRouteId())) {
            pause(LOOK, true);
        }
        synchronized (state) {
            return Math.max(version, told);
        }
    }

    private void pause(Duration pause) throws InterruptedException {
        pause(pause, false);
    }

    /** @param awake whether it ends when somebody waits */
    private void pause(Duration pause, boolean awake) throws InterruptedException {
        long deadline = System.nanoTime() + pause.toNanos();
        synchronized (state) {
            long left = pause.toMillis();
            while (running && left > 0 && !(awake && endpoint.tables().awaited(getRouteId()))) {
                state.wait(left);
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
        }
    }
}
