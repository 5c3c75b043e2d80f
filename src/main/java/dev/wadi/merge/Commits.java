package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who listens of each new version that this process committed, on the committing thread: be quick. */
public final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Hears of commits. */
    @FunctionalInterface
    public interface Listener {
        void committed(TableName table, long version);
    }

    public AutoCloseable listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void tell(TableName table, long version) {
        for (Listener listener : listeners) {
            try {
                listener.committed(table, version);
            } catch (RuntimeException e) {
                // The commit stands, and its deliveries must be acknowledged whatever a listener does.
                LOG.error("A listener failed on {} v{}", table, version, e);
            }
        }
    }
}
