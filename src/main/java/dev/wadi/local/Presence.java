package dev.wadi.local;

/** Whether this run wants to be sent to. It does from ready until it is asked to stop, and not again. */
final class Presence {
    private volatile State state = State.STARTING;

    enum State {
        STARTING,
        READY,
        STOPPING
    }

    State state() {
        return state;
    }

    synchronized void ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
    }

    synchronized void stopping() {
        state = State.STOPPING;
    }
}
