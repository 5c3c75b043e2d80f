package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who listens of each new version that this process committed, on the committing thread: be quick. And of who waits for one. */
public final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    /** How many wait for what a route makes. */
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

    /** Hears of commits. */
    @FunctionalInterface
    public interface Listener {
        void committed(TableName table, long version);

        /** Somebody began to wait for what these routes make. */
        default void awaited(Set<String> routes) {}
    }

    public AutoCloseable listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Says that somebody waits for what these routes make, until it is closed: they do not rest meanwhile, and others rest for longer. */
    public Wait await(Set<String> routes) {
        routes.forEach(route -> waiting.merge(route, 1, Integer::sum));
        listeners.forEach(listener -> listener.awaited(routes));
        return () -> routes.forEach(
                route -> waiting.computeIfPresent(route, (each, count) -> count == 1 ? null : count - 1));
    }

    /** A wait that goes on until it is closed. */
    public interface Wait extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether somebody waits for what a route makes. */
    public boolean awaited(String route) {
        return waiting.containsKey(route);
    }

    /** Whether somebody waits for what any route makes. */
    public boolean anyAwaited() {
        return !waiting.isEmpty();
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
