package dev.wadi.cli;

import dev.wadi.generator.Destination;
import dev.wadi.generator.Options;
import dev.wadi.generator.SyntheticStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a command asks about data: make some, bring some in, or compare. */
public sealed interface DataTask {

    /**
     * Generate events and send them.
     *
     * @param rate events in a second; 0 for as fast as it goes
     * @param details of the place where they go
     * @param truth file for what the tables must hold in the end
     */
    record Generate(
            SyntheticStream stream,
            Options options,
            long count,
            long rate,
            Destination to,
            Destination.Details details,
            Optional<Path> truth)
            implements DataTask {}

    /**
     * Compare a lake with a truth.
     *
     * @param lake its folder; empty for the one of the settings
     * @param amongOthers whether other events of the stream may be there, too
     * @param within how long to try again while they differ
     * @param limit differences to print
     */
    record Verify(Path truth, Optional<Path> lake, boolean amongOthers, Duration within, long limit)
            implements DataTask {}

    /** Write customers, products and orders as CSV files. */
    record Shop(Path folder, long seed, Instant start, long orders) implements DataTask {}

    /**
     * Load CSV files into tables of their names.
     *
     * @param jdbc the database; empty for the one that routes read
     */
    record LoadCsv(List<Path> files, String schema, Optional<String> jdbc) implements DataTask {}

    /**
     * Let a shop work.
     *
     * @param count steps; 0 for until the process is ended
     * @param rate steps in a second; 0 for as fast as it goes
     */
    record Simulate(String schema, long count, long rate, long seed, Optional<String> jdbc) implements DataTask {}

    /** Write contracts and routes for a stream, guessed from a sample. */
    record Infer(Path sample, String stream) implements DataTask {}
}
