package dev.wadi.generator;

import java.util.List;

/** Events without end, in the order in which they happen, before anything goes wrong on their way. */
interface Story {
    Moment next();

    /** Ways to make an event of this story unfit for its contract. Each finds its place in every event. */
    List<Spoiling> spoilings();

    /** The fields that may be null, as they begin in the text: {@code "email":}. Not every event has each. */
    List<String> optional();

    /** Gives an event another content; its key and its time stay. */
    Spoiling tie();

    /**
     * An event of the story.
     *
     * @param thread the booking or session it belongs to
     * @param last whether nothing of its thread follows
     */
    record Moment(String thread, String text, boolean last) {}

    /** Replaces the first {@code found} in the text of an event. */
    record Spoiling(String found, String replacement) {
        String spoil(String text) {
            int at = text.indexOf(found);
            if (at < 0) {
                throw new IllegalStateException("%s is not in %s".formatted(found, text));
            }
            return text.substring(0, at) + replacement + text.substring(at + found.length());
        }
    }
}
