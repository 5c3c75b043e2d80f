package dev.wadi.merge;

import java.util.regex.Pattern;

/** Where a change feed begins when it is opened for the first time. */
public sealed interface FeedStart {
    /** With every row that the table has then, as inserts; then the changes. */
    record Snapshot() implements FeedStart {}

    /** With the first version that is committed after it was opened. */
    record Latest() implements FeedStart {}

    /** With the changes of a version. */
    record Version(long version) implements FeedStart {}

    Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** @throws IllegalArgumentException when {@code text} is neither {@code snapshot}, {@code latest} nor a number */
    static FeedStart parse(String text) {
        if (NUMBER.matcher(text).matches()) {
            return new Version(Long.parseLong(text));
        }
        return switch (text) {
            case "snapshot" -> new Snapshot();
            case "latest" -> new Latest();
            default ->
                throw new IllegalArgumentException(
                        "startingVersion=%s: write snapshot (every row as it is now, then the changes), latest (only what comes), or the number of the first version"
                                .formatted(text));
        };
    }
}
