package dev.wadi.event;

import java.util.List;

/**
 * An event that does not fit its shape.
 *
 * @param index its number in the body it came in, from 0
 * @param payload the text as it came
 * @param problems everything that is wrong with it, never empty
 */
public record Refusal(int index, String payload, List<Problem> problems) {
    public Refusal {
        problems = List.copyOf(problems);
    }
}
