package dev.wadi.local;

import java.io.PrintStream;
import java.util.Locale;

/** What a person sees while Wadi starts: one line a part, with the time it took. */
public final class Progress {
    private final PrintStream out;
    private long lap = System.nanoTime();

    public Progress(PrintStream out) {
        this.out = out;
    }

    /** Begins to time the next parts. */
    synchronized void begin() {
        lap = System.nanoTime();
    }

    /** A part that came after the one before it: its time counts from there. */
    synchronized void next(String part, String detail) {
        long now = System.nanoTime();
        line(part, (now - lap) / 1_000_000, detail);
        lap = now;
    }

    /** A part that started beside others. */
    synchronized void beside(String part, long startedNanos, String detail) {
        line(part, (System.nanoTime() - startedNanos) / 1_000_000, detail);
    }

    synchronized void say(String text) {
        out.println(text);
        out.flush();
    }

    private void line(String part, long milliseconds, String detail) {
        say(String.format(Locale.ROOT, "  %-11s%6d ms  %s", part, milliseconds, detail));
    }
}
