package dev.wadi.table;

/** Keeps vacuum in this process from deleting the files of a version, until it is closed. */
public final class Hold implements AutoCloseable {
    private final Runnable release;

    Hold(Runnable release) {
        this.release = release;
    }

    @Override
    public void close() {
        release.run();
    }
}
