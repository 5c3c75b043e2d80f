package dev.wadi.event;

import java.util.List;

/** What a body held: the events that fit, and the ones that do not. Their indexes together are 0 to n-1. */
public record Decoded(List<Event> events, List<Refusal> refusals) {
    public Decoded {
        events = List.copyOf(events);
        refusals = List.copyOf(refusals);
    }
}
