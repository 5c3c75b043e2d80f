package dev.wadi.generator;

import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Changes of bookings, as partner agencies send them: created, then confirmed or cancelled, each with a greater {@code updated_at}.
 *
 * <p>They fit the stream {@code bookings} but for the faults asked for, and never end. One thread at a time.
 */
public final class BookingEvents implements Iterator<SyntheticEvent> {
    private final Faults faults;

    public BookingEvents(Options options) {
        faults = new Faults(new BookingStory(options), options);
    }

    /** The texts of the first {@code count} events. */
    public static Stream<String> texts(Options options, long count) {
        return Stream.generate(new BookingEvents(options)::next).limit(count).map(SyntheticEvent::text);
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
