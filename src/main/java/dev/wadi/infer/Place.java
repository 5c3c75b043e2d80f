package dev.wadi.infer;

import java.util.List;

/**
 * A column of silver and the field that fills it.
 *
 * @param path the names from the event down to the field
 * @param always whether each event of the sample has a value
 */
record Place(List<String> path, String column, Guess guess, boolean always) {
    String dotted() {
        return String.join(".", path);
    }
}
