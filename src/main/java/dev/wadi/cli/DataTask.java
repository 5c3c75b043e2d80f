package dev.wadi.cli;

import dev.wadi.generator.Destination;
import dev.wadi.generator.Options;
import dev.wadi.generator.SyntheticStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a command asks about data: make some, bring some in, or compare. */
public sealed interface DataTask {

    /**
     * Generate events and send them.
     *
     * @param rate events in a second; 0 for as fast as it goes
     * @param at the address; empty for the usual one
     * @param truth file for what the tables must hold in the end
     */
    record Generate(
            SyntheticStream stream,
            Options options,
            long count,
            long rate,
            Destination to,
            Optional<String> at,
            Optional<String> topic,
            Optional<Path> truth)
            implements DataTask {}

    /**
     * Compare a lake with a truth.
     *
     * @param lake its folder; empty for the one of the settings
     * @param within how long to try again while they differ
     * @param limit differences to print
     */
    record Verify(Path truth, Optional<Path> lake, Duration within, long limit) implements DataTask {}
}
