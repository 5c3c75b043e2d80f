package dev.wadi.event;

/**
 * One thing that is wrong with an event.
 *
 * @param pointer JSON pointer (RFC 6901) into the event, {@code ""} for the event itself
 * @param expected what the contract asks for, in words: {@code one of view_product, purchase}
 * @param found what came, shortened: {@code string "buy"}
 */
public record Problem(String pointer, String expected, String found) {
    @Override
    public String toString() {
        return "%s: expected %s, found %s".formatted(pointer.isEmpty() ? "event" : pointer, expected, found);
    }
}
