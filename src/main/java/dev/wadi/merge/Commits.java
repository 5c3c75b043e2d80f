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
    /** How many wait for what is made of a table. */
    private final Map<TableName, Integer> waiting = new ConcurrentHashMap<>();

    /** Hears of commits. */
    @FunctionalInterface
    public interface Listener {
        void committed(TableName table, long version);

        /** Somebody began to wait for what is made of these tables. */
        default void awaited(Set<TableName> tables) {}
    }

    public AutoCloseable listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Says that somebody waits for what is made of these tables, until it is closed: who works on them does not rest meanwhile. */
    public Wait await(Set<TableName> tables) {
        tables.forEach(table -> waiting.merge(table, 1, Integer::sum));
        listeners.forEach(listener -> listener.awaited(tables));
        return () -> tables.forEach(
                table -> waiting.computeIfPresent(table, (each, count) -> count == 1 ? null : count - 1));
    }

    /** A wait that goes on until it is closed. */
    public interface Wait extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether somebody waits for what is made of a table. */
    public boolean awaited(TableName table) {
        return waiting.containsKey(table);
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
