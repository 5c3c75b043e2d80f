package dev.wadi.api;

/** Whether this run wants to be sent to. It does from ready until it is asked to stop, and not again. */
public final class Presence {
    private volatile State state = State.STARTING;

    /** Of a run; it goes one way only. */
    public enum State {
        STARTING,
        READY,
        STOPPING
    }

    public State state() {
        return state;
    }

    public synchronized void ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
    }

    public synchronized void stopping() {
        state = State.STOPPING;
    }
}
