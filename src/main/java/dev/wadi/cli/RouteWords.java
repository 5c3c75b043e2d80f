package dev.wadi.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the words of the commands for what a person writes: {@code lint}, and {@code try land-bookings --input FILE}. */
final class RouteWords {
    private static final String LINT = """
            lint [options]             check contracts, KPIs, routes and their SQL; nothing needs to run
                  --format text|json   how to print the mistakes (text)
            """;
    private static final String TRY = """
            try ROUTE [options]        run one route into a lake that is gone afterwards, and print rows and refusals
                  --input FILE         events as *.ndjson or *.json; for a route from a table its rows, also *.csv, *.parquet
                  --format text|json   how to print the result (text)
            """;

    private RouteWords() {}

    static boolean knows(String command) {
        return command.equals("lint") || command.equals("try");
    }

    /** The commands, as {@code --help} lists them. */
    static String help() {
        return (LINT + TRY).indent(2);
    }

    static CommandLine parse(String command, List<String> words) {
        boolean lint = command.equals("lint");
        if (words.contains("--help") || words.contains("-h")) {
            return new CommandLine.Print("./wadi " + (lint ? LINT : TRY).strip());
        }
        Optional<String> route = Optional.empty();
        Optional<Path> input = Optional.empty();
        boolean json = false;
        for (int index = 0; index < words.size(); index++) {
            String word = words.get(index);
            String value = index + 1 < words.size() ? words.get(index + 1) : "";
            if (word.equals("--format") && (value.equals("json") || value.equals("text"))) {
                json = value.equals("json");
                index++;
            } else if (word.equals("--input") && !lint && !value.isEmpty()) {
                input = Optional.of(Path.of(value));
                index++;
            } else if (!word.startsWith("-") && !lint && route.isEmpty()) {
                route = Optional.of(word);
            } else {
                return new CommandLine.Refuse(
                        "%s: '%s' is not understood here. See `%s --help`".formatted(command, word, command));
            }
        }
        if (lint) {
            return new CommandLine.Lint(json);
        }
        if (route.isEmpty()) {
            return new CommandLine.Refuse("try: name a route, such as land-bookings. See `try --help`");
        }
        return new CommandLine.Try(route.get(), input, json);
    }
}
