package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells who listens of each new version that this process committed, on the committing thread: be quick. */
public final class Commits {
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
            listener.committed(table, version);
        }
    }
}
