package dev.wadi.generator;

import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Events of visitors of a travel site, in sessions: search, view, cart, purchase.
 *
 * <p>They fit the stream {@code clickstream} but for the faults asked for, and never end. One thread at a time.
 */
public final class ClickstreamEvents implements Iterator<SyntheticEvent> {
    private final Faults faults;

    public ClickstreamEvents(Options options) {
        faults = new Faults(new ClickstreamStory(options), options);
    }

    /** The texts of the first {@code count} events. */
    public static Stream<String> texts(Options options, long count) {
        return Stream.generate(new ClickstreamEvents(options)::next)
                .limit(count)
                .map(SyntheticEvent::text);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public SyntheticEvent next() {
        return faults.next();
    }
}
